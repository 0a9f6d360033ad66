"""Sitemaps, sound and broken. All are written here."""

import contextlib
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.candidate import Skipped
from scraper.discover.sitemap import Entry, Part, parse_sitemap, read_sitemap
from scraper.errors import Blocked, DiscoveryError
from tests.fault_server import FaultServer, build_gzip_bomb, build_reply
from tests.scraper.fake_web import FakeWeb

HOST = "http://council.example"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


def urlset(*entries, attributes=NS):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {attributes}>{"".join(entries)}</urlset>'.encode()


def index(*addresses):
    parts = "".join(f"<sitemap><loc>{address}</loc><lastmod>2026-01-01</lastmod></sitemap>" for address in addresses)
    return f"<sitemapindex {NS}>{parts}</sitemapindex>".encode()


def url(path, more=""):
    return f"<url><loc>{HOST}{path}</loc>{more}</url>"


def parse(content):
    return list(parse_sitemap(content, base=f"{HOST}/sitemap.xml"))


def test_entries_with_what_they_say():
    french = f'<xhtml:link rel="alternate" hreflang="fr-FR" href="{HOST}/fr/a"/><lastmod> 2026-02-01T10:00:00Z </lastmod>'
    assert parse(urlset(url("/a", french), url("/b?x=1&amp;y=2"))) == [
        Entry(f"{HOST}/a", "2026-02-01T10:00:00Z", {"fr": f"{HOST}/fr/a"}),
        Entry(f"{HOST}/b?x=1&y=2"),
    ]


FORMS = [
    (urlset(url("/a"), attributes=""), 1, "no namespace"),
    (urlset("<url><loc>/a</loc></url>"), 1, "relative against the rules"),
    (urlset("<url><loc>\n  http://council.example/a\n</loc></url>"), 1, "blanks around"),
    (urlset("<url><lastmod>2026</lastmod></url>", "<url><loc/></url>", url("/a")), 1, "entries without an address"),
    (urlset("<!-- <url><loc>x</loc></url> -->", url("/a"), "<news:x xmlns:news='n'>y</news:x>"), 1, "comments and foreign elements"),
    (urlset(url("/a")).decode().replace("UTF-8", "UTF-16").encode("utf-16"), 1, "UTF-16"),
    (urlset("<url><loc>http://[broken</loc></url>", url("/a")), 1, "an address that is none"),
    (b"\xef\xbb\xbf" + urlset(url("/a")), 1, "byte order mark"),
    (urlset(), 0, "empty"),
    (index("/one.xml", "/two.xml"), 2, "an index"),
]


@pytest.mark.parametrize(("content", "count", "why"), FORMS)
def test_forms(content, count, why):
    assert len(parse(content)) == count, why


LAUGHS = b'<!DOCTYPE urlset [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
BROKEN = [
    (b"", "cannot be read after 0", "empty"),
    (b"<html><body>Service unavailable</body></html>", "is none", "a page"),
    (b"Just words", "cannot be read", "words"),
    (b"{}", "cannot be read", "JSON"),
    (urlset(url("/a"), url("/b"))[:-40], "cannot be read after", "broken off"),
    (LAUGHS + urlset(url("/&b;")).partition(b"\n")[2], "type declaration", "entities of its own"),
    (b'<!DOCTYPE urlset SYSTEM "file:///etc/passwd">' + urlset().partition(b"\n")[2], "type declaration", "a file of this machine"),
    (b'<!DOCTYPE urlset SYSTEM "http://127.0.0.1:9/x.dtd">' + urlset().partition(b"\n")[2], "type declaration", "a host"),
]


@pytest.mark.parametrize(("content", "message", "why"), BROKEN)
def test_broken(content, message, why):
    with pytest.raises(DiscoveryError, match=message) as caught:
        parse(content)
    assert caught.value.exit_code == 6, why
    assert caught.value.message.isprintable()


def test_what_came_before_a_break_is_yielded():
    reading = parse_sitemap(urlset(*(url(f"/{number}") for number in range(2000)))[:-400], base=HOST)
    with pytest.raises(DiscoveryError):
        for count, _ in enumerate(reading, start=1):  # noqa: B007 - counted
            pass
    assert count > 1900


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sitemap_or_a_discovery_error(content):
    for data in (content, urlset(url("/a")).replace(b"/a", content)):
        with contextlib.suppress(DiscoveryError):
            assert all(isinstance(item, Entry | Part) for item in parse(data))


PATHS = st.lists(st.text(alphabet="abcxyz0189-/&'\"<> é", min_size=1, max_size=20), max_size=30)


@given(PATHS)
def test_all_addresses_come_back(paths):
    from xml.sax.saxutils import escape

    written = [f"{HOST}/{path}x" for path in paths]
    assert [item.address for item in parse(urlset(*(f"<url><loc>{escape(a)}</loc></url>" for a in written)))] == written


@pytest.fixture
def web():
    with FaultServer() as server:
        yield FakeWeb(server)


def read(web, **settings):
    return list(read_sitemap(web.build_fetcher(**settings).get, f"{HOST}/sitemap.xml", source="made-up"))


SERVED = [
    (build_reply(urlset(url("/a")), kind="application/xml"), "plain"),
    (build_reply(gzip.compress(urlset(url("/a"))), kind="application/xml", Content_Encoding="gzip"), "packed for the way"),
    (build_reply(gzip.compress(urlset(url("/a"))), kind="application/x-gzip"), "a gzip file"),
    (build_reply(gzip.compress(urlset(url("/a"))), kind="application/xml"), "a gzip file that says it is none"),
    (build_reply(gzip.compress(urlset(url("/a"))), kind=None), "a gzip file that says nothing"),
]


@pytest.mark.parametrize(("reply", "why"), SERVED)
def test_served(web, reply, why):
    web.server.play("/sitemap.xml", reply)
    assert read(web) == [Entry(f"{HOST}/a")], why


def test_an_index_is_followed_once_each_and_in_no_circle(web):
    web.server.play("/sitemap.xml", build_reply(index(f"{HOST}/en.xml.gz", "/fr.xml", f"{HOST}/en.xml.gz", "/sitemap.xml")))
    web.server.play("/en.xml.gz", build_reply(gzip.compress(urlset(url("/en/a"))), kind="application/gzip"))
    web.server.play("/fr.xml", build_reply(index("/deep.xml", "/sitemap.xml"), kind="text/xml"))
    web.server.play("/deep.xml", build_reply(urlset(url("/fr/a")), kind="text/xml"))
    assert sorted(entry.address for entry in read(web)) == [f"{HOST}/en/a", f"{HOST}/fr/a"]
    assert sorted(web.server.paths) == ["/deep.xml", "/en.xml.gz", "/fr.xml", "/robots.txt", "/sitemap.xml"]


def test_a_part_that_fails_is_told_after_all_others(web):
    web.server.play("/sitemap.xml", build_reply(index("/gone.xml", "/odd.xml", "/good.xml"), kind="text/xml"))
    web.server.play("/good.xml", build_reply(urlset(url("/a")), kind="text/xml"))
    web.server.play("/odd.xml", build_reply(b"<p>Maintenance</p>"))
    found = []
    with pytest.raises(DiscoveryError, match="2 of the sitemap's files"):
        found.extend(read_sitemap(web.build_fetcher().get, f"{HOST}/sitemap.xml", source="made-up"))
    reading = read_sitemap(web.build_fetcher().get, f"{HOST}/sitemap.xml", source="made-up")
    kept = [next(reading) for _ in range(3)]
    assert [item for item in kept if isinstance(item, Entry)] == [Entry(f"{HOST}/a")]
    assert {item.code for item in kept if isinstance(item, Skipped)} == {"list_failed"}


FAILURES = [
    (build_reply(status=404), DiscoveryError, "no such"),
    (build_reply(status=500), DiscoveryError, "failed"),
    (build_reply(build_gzip_bomb(101), kind="application/gzip"), DiscoveryError, "more than 100 MiB"),
    (build_reply(status=403), Blocked, "403"),
]


@pytest.mark.parametrize(("reply", "error", "message"), FAILURES)
def test_no_sitemap(web, reply, error, message):
    web.server.play("/sitemap.xml", reply)
    with pytest.raises(error, match=message):
        read(web, retries=0)


def test_endless_indexes_end_loudly(web):
    web.server.answer = lambda request: build_reply(index(f"{request.path}x"), kind="text/xml")
    with pytest.raises(DiscoveryError, match="1 of the sitemap's files"):
        read(web)
    assert len(web.server.paths) == 5  # robots.txt, and three indexes within the first
