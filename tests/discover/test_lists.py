"""Feeds, files of addresses and folders of saved pages."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.candidate import Candidate, Skipped, Window
from scraper.discover.finding import find_candidates
from scraper.discover.reading import read_candidate
from scraper.discover.source import Settings
from scraper.errors import BadSetting, DiscoveryError, NotFound, ReadError
from scraper.pages import Page
from scraper.registry import open_source
from scraper.sources.feed import parse_feed
from tests.discover import made
from tests.fault_server import FaultServer, build_reply
from tests.scraper.fake_web import FakeWeb

FEED = "http://ministry.example/news/feed.xml"
WORDS = "The harbour masters met in the lighthouse and looked at the buoys that were lost in the strait during last week's storm. " * 3


@pytest.fixture
def web():
    with FaultServer() as server:
        yield FakeWeb(server)


def find(name, target, web=None, **window):
    source = open_source(name, Settings(target=str(target)))
    return list(find_candidates(source, web.build_fetcher().get if web else None, Window(kind="all", **window)))


def rss(*items, head=""):
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>News</title>{"".join(items)}</channel></rss>'.encode()


def item(link="<link>https://ministry.example/a</link>", date="Thu, 05 Mar 2026 10:00:00 GMT", more="<title>Buoys</title>"):
    return f"<item>{link}{f'<pubDate>{date}</pubDate>' if date else ''}{more}</item>"


ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><title>News</title>
<entry><title type="html">On &lt;b&gt;buoys&lt;/b&gt;</title>
<link rel="self" href="/self"/><link rel="alternate" href="../a"/>
<published>2026-03-05T23:30:00-05:00</published><updated>2026-04-01T00:00:00Z</updated></entry></feed>"""

FEEDS = [
    (rss(item()), "https://ministry.example/a", "2026-03-05", "RSS"),
    (ATOM, "http://ministry.example/a", "2026-03-05", "Atom, relative link, the day where it was published"),
    (rss(item(link="<link>/b?x=1&amp;y=2</link>")), "http://ministry.example/b?x=1&y=2", "2026-03-05", "relative link"),
    (rss(item(link="<guid isPermaLink='true'>https://ministry.example/c</guid>")), "https://ministry.example/c", "2026-03-05", "guid"),
    (rss(item(date="07 Aug. 2025 12:00:00 GMT")), "https://ministry.example/a", "2025-08-07", "a date as nato.int wrote it"),
    (rss(item(date="2026-03-05")), "https://ministry.example/a", "2026-03-05", "a day alone"),
    (rss(item(date="March 5, 2026")), "https://ministry.example/a", "2026-03-05", "a day in words"),
    (rss(item(date="in spring")), "https://ministry.example/a", None, "no date"),
    (rss(item(date=None)), "https://ministry.example/a", None, "none at all"),
    (rss(item()).replace(b"<rss", b"\xef\xbb\xbf<rss"), "https://ministry.example/a", "2026-03-05", "a stray mark"),
    (rss(item())[:-20], "https://ministry.example/a", "2026-03-05", "broken off after the item"),
    (rss(item(more="<title>é &eacute; & x</title>")), "https://ministry.example/a", "2026-03-05", "not well-formed"),
    (b"<!-- made up -->" + rss(item()).partition(b"?>")[2], "https://ministry.example/a", "2026-03-05", "no declaration"),
]


@pytest.mark.parametrize(("content", "address", "day", "why"), FEEDS)
def test_feeds(web, content, address, day, why):
    web.server.play("/news/feed.xml", build_reply(content, kind="application/rss+xml"))
    (found,) = find("feed", FEED, web)
    assert (found.url, found.canonical, found.date) == (address, address, day), why
    assert found.date_source == ("listing" if day else "none"), why


def test_titles_are_words(web):
    web.server.play("/news/feed.xml", build_reply(ATOM, kind="application/atom+xml"))
    (found,) = find("feed", FEED, web)
    assert (found.title, found.language, found.last_modified) == ("On buoys", "en", "2026-04-01")


def test_entries_without_a_page_are_told_and_others_kept(web):
    web.server.play("/news/feed.xml", build_reply(rss(item(link=""), item(link="<link>mailto:a@b.example</link>"), item())))
    found = find("feed", FEED, web)
    assert [entry.code for entry in found if isinstance(entry, Skipped)] == ["no_link", "malformed"]
    assert len(found) == 3


NO_FEEDS = [
    (b"<html><body><p>Moved</p></body></html>", "is no RSS or Atom feed", "a page"),
    (b"", "is no RSS", "nothing"),
    (rss(), "holds no entry", "empty"),
    (rss(item(), head='<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'), "entities", "laughs"),
    (rss(item(), head='<!DOCTYPE rss [<!ENTITY a "ha">]>').decode().encode("utf-16"), "entities", "laughs in UTF-16"),
    (rss(item(), head='<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "entities", "a file of this machine"),
]


@pytest.mark.parametrize(("content", "message", "why"), NO_FEEDS)
def test_no_feeds(web, content, message, why):
    web.server.play("/news/feed.xml", build_reply(content, kind="application/xml"))
    with pytest.raises(DiscoveryError, match=message) as caught:
        find("feed", FEED, web)
    assert caught.value.exit_code == 6, why
    assert web.server.paths == ["/robots.txt", "/news/feed.xml"], "nothing else was asked for"


@given(st.binary(max_size=300))
def test_any_bytes_are_parsed_without_fetching(content):
    parse_feed(b"http://127.0.0.1:9/" + content, base=FEED)
    parse_feed(rss(item()).replace(b"Buoys", content), base=FEED)


@pytest.mark.parametrize("target", [None, "", "feed.xml", "file:///etc/passwd"])
def test_a_feed_is_given_by_its_address(target):
    with pytest.raises(BadSetting, match="address"):
        open_source("feed", Settings(target=target))


LIST = """\ufeff# Failed on 2026-03-05
https://www.nato.int/en/a\t# blocked: refuses programs (403)

  http://nato.int/en/b?selectedLocale=en  trailing words
https://www.nato.int/en/a
#https://www.nato.int/en/not-this-one
not an address
https://ministry.example/2026/03/05/c\r
"""


def test_a_file_of_addresses(tmp_path):
    path = tmp_path / "addresses.txt"
    path.write_text(LIST, encoding="utf-8", newline="")
    found = find("urls", path)
    assert [(entry.url, entry.canonical) for entry in found if isinstance(entry, Candidate)] == [
        ("https://www.nato.int/en/a", "https://www.nato.int/en/a"),
        ("http://nato.int/en/b?selectedLocale=en", "https://www.nato.int/en/b"),
        ("https://ministry.example/2026/03/05/c", "https://ministry.example/2026/03/05/c"),
    ]
    assert [(entry.code, entry.address) for entry in found if isinstance(entry, Skipped)] == [("malformed", "not")]
    assert found[-1].date == "2026-03-05"


CAPTURE = "https://web.archive.org/web/20120102030405{}/http://www.nato.int/cps/en/natolive/news_7.htm"


@pytest.mark.parametrize("form", ["", "id_", "if_"])
def test_captures_in_a_file_of_addresses_are_had_raw(tmp_path, web, form):
    path = tmp_path / "addresses.txt"
    path.write_text(CAPTURE.format(form))
    (found,) = find("urls", path)
    assert (found.url, found.canonical) == (CAPTURE.format("id_"), "https://www.nato.int/cps/en/natohq/news_7.htm")
    source = open_source("urls", Settings(target=str(path)))
    raw = CAPTURE.format("id_")
    asked = []

    def get(url, **terms):
        asked.append(url)
        return Page(url, url, 200, made.page("Statement on buoys", [WORDS]), "text/html", None, {}, "2026-03-05T00:00:00+00:00")

    release = read_candidate(source, found, source.fetch(get, found))
    assert (asked, release.id, release.provenance.archived) == ([raw], found.canonical, True)


@pytest.mark.parametrize(
    ("content", "error", "why"),
    [(None, ReadError, "no file"), (b"", DiscoveryError, "empty"), (b"# all\n\n# comments", DiscoveryError, "comments alone")],
)
def test_files_without_addresses(tmp_path, content, error, why):
    path = tmp_path / "addresses.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error) as caught:
        find("urls", path)
    assert str(path) in caught.value.message, why


@given(st.binary(max_size=200))
def test_any_file_of_addresses_is_read(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("urls") / "list"
    path.write_bytes(b"https://a.example/\n" + content)
    assert find("urls", path)[0].canonical == "https://a.example/"


def save(folder, name, head="", sidecar=None):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made.page("Statement on buoys", [WORDS, WORDS]).replace(b"<head>", b"<head>" + head.encode()))
    if sidecar is not None:
        path.with_name(f"{path.name}.json").write_text(sidecar if isinstance(sidecar, str) else json.dumps(sidecar))
    return path


ADDRESSES = [
    ("<link rel='canonical' href='http://nato.int/en/a?selectedLocale=en'>", None, "https://www.nato.int/en/a", "canonical link"),
    ('<link href="https://b.example/?x=1&amp;y=2" rel="CANONICAL">', None, "https://b.example/?x=1&y=2", "other order, escaped"),
    ('<meta property="og:url" content="https://c.example/">', None, "https://c.example/", "og:url"),
    ("<!-- saved from url=(0024)https://d.example/page -->", None, "https://d.example/page", "as browsers write it"),
    ("<link rel=canonical href=https://b.example/>", {"url": "https://s.example/"}, "https://s.example/", "the sidecar comes first"),
    ("<link rel='canonical' href='/a'>", None, None, "relative: no address"),
    ("<link rel='canonical' href='javascript:x'>", {"url": 7}, None, "no addresses"),
    ("", "{broken", None, "a sidecar that cannot be read"),
]


@pytest.mark.parametrize(("head", "sidecar", "address", "why"), ADDRESSES)
def test_addresses_of_saved_pages(tmp_path, head, sidecar, address, why):
    path = save(tmp_path, "a page %41 é.html", head, sidecar)
    (found,) = find("mirror", tmp_path)
    assert (found.url, found.canonical) == (path.as_uri(), address or path.as_uri()), why
    source = open_source("mirror", Settings(target=str(tmp_path)))
    page = source.fetch(None, found)
    assert page.content == path.read_bytes()
    release = read_candidate(source, found, page)
    assert (release.id, release.url) == (address or path.as_uri(), address), why
    assert "a page %41 é.html" in release.provenance.notes[0]


def test_sidecars_say_more(tmp_path):
    known = {"url": "https://a.example/", "date": "2024-05-31", "retrieved_at": "2025-01-01T00:00:00+00:00", "title": "Buoys"}
    save(tmp_path, "a.html", sidecar=known)
    (found,) = find("mirror", tmp_path)
    source = open_source("mirror", Settings(target=str(tmp_path)))
    release = read_candidate(source, found, source.fetch(None, found))
    assert (release.date, release.date_source, release.provenance.retrieved_at) == ("2024-05-31", "listing", known["retrieved_at"])


def test_folders_links_and_odd_files(tmp_path):
    mirror, outside = tmp_path / "mirror", tmp_path / "outside"
    outside.mkdir()
    secret = save(outside, "secret.html")
    page = save(mirror, "b/deep/page.HTM")
    save(mirror, "a.html")
    (mirror / "b" / "deep" / "loop").symlink_to(mirror)
    (mirror / "to-outside").symlink_to(outside)
    (mirror / "stolen.html").symlink_to(secret)
    (mirror / "again.html").symlink_to(page)
    (mirror / "circle.html").symlink_to(mirror / "circle.html")
    (mirror / "picture.png").write_bytes(b"\x89PNG")
    os.mkfifo(mirror / "pipe.html")
    found = find("mirror", mirror)
    names = [entry.url.rpartition("/")[2] for entry in found if isinstance(entry, Candidate)]
    assert names == ["a.html", "again.html", "page.HTM"]
    assert [entry.code for entry in found if isinstance(entry, Skipped)] == ["unreadable"], "the pipe"
    source = open_source("mirror", Settings(target=str(mirror)))
    for address in (secret.as_uri(), (mirror / "stolen.html").as_uri(), "https://a.example/", f"file://host{page}", "file:///etc/passwd"):
        with pytest.raises(NotFound):
            source.fetch(None, Candidate(address, address, "mirror"))


@pytest.mark.parametrize(
    ("target", "error", "told"),
    [
        (None, BadSetting, "needs a folder of saved pages"),
        ("", BadSetting, "needs a folder of saved pages"),
        ("/nowhere/at/all", ReadError, "no such folder"),
    ],
)
def test_no_folder(target, error, told):
    with pytest.raises(error, match=told):
        open_source("mirror", Settings(target=target))


def test_an_empty_folder_is_loud(tmp_path):
    with pytest.raises(DiscoveryError):
        find("mirror", tmp_path)
