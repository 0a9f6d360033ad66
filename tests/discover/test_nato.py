"""The current site: what its sitemap and listings give, together, alone, and broken."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.candidate import Candidate, Skipped, Window
from scraper.discover.finding import find_candidates
from scraper.discover.listing import NEWS, OFFICIAL_TEXTS, TRANSCRIPTS, WHOLE_SITE, Item, Listing, Reach, parse_listing, read_listing
from scraper.discover.reading import read_candidate
from scraper.discover.sections import read_article
from scraper.discover.source import Settings
from scraper.errors import Blocked, DiscoveryError
from scraper.registry import open_source
from tests.discover import made
from tests.fault_server import FaultServer, build_reply
from tests.scraper.fake_web import FakeWeb

ORIGIN = "http://stand-in.example"


def path_of(listing: Listing, page=1):
    return listing.address("", page)


@pytest.fixture
def web():
    with FaultServer() as server:
        server.play("/sitemap.xml", made.sitemap([*made.ARTICLES, *made.ELSEWHERE]))
        yield FakeWeb(server)


def discover(web, options=None, fetcher=None, **window):
    source = open_source("nato", Settings(origin=ORIGIN, options=options or {}))
    return list(find_candidates(source, (fetcher or web.build_fetcher()).get, Window(**window)))


def paths(found):
    return [item.canonical.removeprefix(made.PUBLIC) for item in found if isinstance(item, Candidate)]


def codes(found):
    return sorted({item.code for item in found if isinstance(item, Skipped)})


def test_texts_of_the_council_newest_first(web):
    found = discover(web)
    assert paths(found) == [made.MEETING, made.BUOYS, made.COMMUNIQUE, made.FRENCH_ONLY]
    assert codes(found) == ["listing_failed", "not_council"]
    assert found[codes(found).index("listing_failed")].source == "nato"


def test_everything(web):
    expected = [made.SPEECH, made.CAKE, made.MEETING, made.BUOYS, made.COMMUNIQUE, made.NUCLEAR, made.FRENCH_ONLY]
    assert paths(discover(web, kind="all")) == expected


def test_what_a_candidate_says(web):
    found = {item.canonical: item for item in discover(web, kind="all") if isinstance(item, Candidate)}
    buoys = found[made.PUBLIC + made.BUOYS]
    assert buoys == Candidate(
        url=ORIGIN + made.BUOYS,
        canonical=made.PUBLIC + made.BUOYS,
        source="nato",
        date="2026-03-16",
        date_source="url",
        language="en",
        twin=made.PUBLIC + made.BUOYS.replace("/en/", "/fr/"),
        last_modified="2026-05-01",
    )
    assert found[made.PUBLIC + made.CAKE].kind == "news"
    assert found[made.PUBLIC + made.SPEECH].kind == "speech"
    assert found[made.PUBLIC + made.FRENCH_ONLY].language == "fr"


def test_both_languages_where_they_are_asked_for(web):
    found = discover(web, options={"languages": "en, fr"})
    assert made.BUOYS.replace("/en/", "/fr/") in paths(found)
    twins = {item.language: item.twin for item in found if isinstance(item, Candidate) and "buoys" in item.url}
    assert twins == {"en": made.PUBLIC + made.BUOYS.replace("/en/", "/fr/"), "fr": made.PUBLIC + made.BUOYS}


def test_the_sitemap_may_list_the_stand_in_itself(web):
    web.server.play("/sitemap.xml", made.sitemap(made.ARTICLES, origin=ORIGIN))
    assert paths(discover(web)) == [made.MEETING, made.BUOYS, made.COMMUNIQUE, made.FRENCH_ONLY]


def test_other_hosts_in_the_sitemap_are_not_ours(web):
    web.server.play("/sitemap.xml", made.sitemap([made.BUOYS], origin="https://www.nato.int.evil.example"))
    with pytest.raises(DiscoveryError, match="nothing was found"):
        discover(web)


LISTED = [(f"{made.BUOYS}?selectedLocale=null", "On  buoys ", "15 March 2026"), ("/en/what-we-do", "Elsewhere", "1 March 2026")]
NEW = made.BUOYS.replace("16/", "20/")


def test_the_listing_adds_titles_days_and_what_is_newest(web):
    web.server.play(path_of(OFFICIAL_TEXTS), made.listing([*LISTED, (NEW, "Newer than the sitemap", "20 March 2026")]))
    found = discover(web)
    assert paths(found)[0] == NEW
    buoys = next(item for item in found if isinstance(item, Candidate) and item.canonical.endswith(made.BUOYS))
    assert (buoys.title, buoys.date, buoys.date_source, buoys.last_modified) == ("On buoys", "2026-03-15", "listing", "2026-05-01")
    assert "listing_failed" not in codes(found)
    assert web.server.paths.count("/sitemap.xml") == 1
    assert len(web.server.paths) == 3


def test_a_title_may_name_the_council_where_the_address_does_not(web):
    web.server.play(path_of(NEWS), made.listing([(made.CAKE, "Text adopted by the North Atlantic Council", "18 March 2026")]))
    web.server.play(path_of(OFFICIAL_TEXTS), made.listing([(made.CAKE, "Text adopted by the North Atlantic Council", "18 March 2026")]))
    assert made.CAKE in paths(discover(web))


ODD_LISTINGS = [
    (build_reply(status=404), "listing_failed", "no such component"),
    (build_reply(status=400), "listing_failed", "a parameter is missing"),
    (build_reply(status=403), "listing_failed", "wants a token"),
    (build_reply(status=500), "listing_failed", "broken"),
    (build_reply(b"<p>Log in</p>"), "listing_changed", "a page"),
    (build_reply(b"{}", kind="application/json"), "listing_changed", "no pages"),
    (build_reply(b'{"pages": {}}', kind="application/json"), "listing_changed", "pages of another kind"),
    (build_reply(b'{"pages": [{"href": "/a"}, 5]}', kind="application/json"), "listing_changed", "links under another name"),
    (build_reply(b"[" * 100_000, kind="application/json"), "listing_changed", "nested without end"),
    (build_reply(status=302, Location="https://login.example/"), "listing_failed", "sends us to log in elsewhere"),
]


@pytest.mark.parametrize(("reply", "code", "why"), ODD_LISTINGS)
def test_the_listing_may_refuse_or_change_and_nothing_is_lost(web, reply, code, why):
    for listing in (OFFICIAL_TEXTS, WHOLE_SITE):
        web.server.play(path_of(listing), reply)
    web.server.play(made.BUOYS, build_reply(b"<p>words</p>"))
    fetcher = web.build_fetcher()
    found = discover(web, fetcher=fetcher)
    assert paths(found) == [made.MEETING, made.BUOYS, made.COMMUNIQUE, made.FRENCH_ONLY], why
    assert code in codes(found), why
    assert fetcher.get(ORIGIN + made.BUOYS).content, "the host is not stopped by it"


def test_a_listing_that_asks_for_a_pause_is_obeyed(web):
    web.server.play(path_of(OFFICIAL_TEXTS), build_reply(status=429, Retry_After="4000"))
    with pytest.raises(Blocked) as caught:
        discover(web)
    assert caught.value.pause == 4000


def test_without_a_sitemap_the_listing_must_reach_back_far_enough(web):
    web.server.play("/sitemap.xml", build_reply(status=500))
    old = (made.COMMUNIQUE, "Final communiqué", "07 December 2007")
    web.server.play(path_of(OFFICIAL_TEXTS), made.listing(LISTED[:1], pages=9))
    web.server.play(path_of(OFFICIAL_TEXTS, 2), made.listing([old], pages=9))
    assert paths(discover(web, since="2026-01-01")) == [made.BUOYS]
    with pytest.raises(DiscoveryError, match="no sitemap"):
        discover(web, since="2001-01-01")


def test_neither_list(web):
    web.server.play("/sitemap.xml", build_reply(status=404))
    with pytest.raises(DiscoveryError, match="no sitemap") as caught:
        discover(web)
    assert caught.value.exit_code == 6


def test_listing_pages_are_asked_for_back_to_the_first_day(web):
    get = web.build_fetcher().get
    for number, month in ((1, "March"), (2, "February"), (3, "January"), (4, "never asked for")):
        web.server.play(path_of(NEWS, number), made.listing([(made.CAKE, "Cake", f"1 {month} 2026")], pages=4))
    found = list(read_listing(get, NEWS, origin=ORIGIN, since="2026-02-01", source="nato"))
    assert found[-1] == Reach("2026-01-01", False)
    assert len(web.server.paths) == 4  # robots.txt and three pages
    assert list(read_listing(get, NEWS, origin=ORIGIN, since=None, source="nato"))[-1] == Reach("2026-03-01", False)


def test_addresses_of_listings():
    assert TRANSCRIPTS.address(made.PUBLIC, 2) == (
        "https://www.nato.int/content/nato/en/news-and-events/events/transcripts/jcr:content/root/container/"
        "general_search_copy.search.json?searchText=&searchType=wcm&sortBy=dateDesc&pageSize=50&page=2&languages=en"
    )


def test_listing_items():
    rows = [
        {"link": "/en/a ", "title": " A\ntitle ", "pageDate": "01 October 2026"},
        {"link": "/en/b", "title": None, "pageDate": "soon"},
        {"link": None},
        {"link": "http://[broken"},
        "odd",
    ]
    items, pages = parse_listing(json.dumps({"pages": rows, "numberOfPages": 7}).encode(), base="https://a.example")
    assert items == [Item("https://a.example/en/a", "A title", "2026-10-01"), Item("https://a.example/en/b", None, None)]
    assert pages == 7


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["pages", "link", "title", "pageDate", "numberOfPages"]), inner),
        max_leaves=20,
    )
)
def test_any_json_is_a_listing_or_a_value_error(data):
    try:
        items, pages = parse_listing(json.dumps(data).encode(), base="https://a.example")
    except ValueError:
        return
    assert isinstance(pages, int)
    assert all(isinstance(item, Item) for item in items)


ARTICLES = [
    (made.BUOYS, True, "official text that names the Council"),
    (made.COMMUNIQUE, True, "official text with a generic name"),
    (made.NUCLEAR, False, "official text of another body"),
    (f"/en{made.OFFICIAL}/2010/01/01/north-atlantic-council-and-nato-russia-council", True, "two bodies, ours among them"),
    (f"/en{made.OFFICIAL}/2010/01/01/nato--russia-council-statement", False, "double hyphens"),
    (made.MEETING, True, "news that name the Council"),
    (made.CAKE, False, "other news"),
    (made.SPEECH, False, "a speech"),
    (f"/en{made.TRANSCRIPTS}/2010/01/01/press-conference-after-the-nac-meeting", True, "a short name"),
    (f"/en{made.NEWS}/2010/01/01/snacks-for-keepers", False, "letters within a word"),
]


@pytest.mark.parametrize(("path", "wanted", "why"), ARTICLES)
def test_what_is_asked_for(path, wanted, why):
    assert read_article(made.PUBLIC + path).may_be_council() is wanted, why


@pytest.mark.parametrize(
    "path", [*made.ELSEWHERE, f"/en{made.NEWS}/2026/13/45/a", f"/en{made.NEWS}/2026/03/a", f"/en{made.OFFICIAL}/2026/03/16/a/b"]
)
def test_what_is_no_article(path):
    assert read_article(made.PUBLIC + path) is None


def test_a_page_is_fetched_and_read_under_its_public_address(web):
    words = "The Council met in the lighthouse this morning and looked at the buoys that were lost last week in the strait. " * 3
    web.server.play(made.BUOYS, build_reply(status=301, Location=NEW))
    web.server.play(NEW, build_reply(made.page("Statement on buoys", [words, words])))
    web.server.play(path_of(OFFICIAL_TEXTS), made.listing(LISTED))
    source = open_source("nato", Settings(origin=ORIGIN))
    fetcher = web.build_fetcher()
    found = find_candidates(source, fetcher.get, Window(since="2026-03-15", until="2026-03-16"))
    candidate = next(item for item in found if isinstance(item, Candidate) and item.canonical == made.PUBLIC + made.BUOYS)
    page = source.fetch(fetcher.get, candidate)
    assert (page.url, page.final_url) == (made.PUBLIC + made.BUOYS, made.PUBLIC + NEW)
    assert page.redirects == (made.PUBLIC + made.BUOYS,)
    release = read_candidate(source, candidate, page)
    assert (release.id, release.title) == (made.PUBLIC + NEW, "Statement on buoys")
    assert (release.date, release.date_source) == ("2026-03-15", "listing"), "the list's day counts before the address's"
    assert release.provenance.layout == "nato"


def test_an_unchanged_sitemap_is_not_sent_again(web):
    def answer(request):
        if not request.path.startswith("/sitemap.xml"):
            return build_reply(status=404)
        if request.headers.get("if-none-match") == '"1"':
            return build_reply(status=304)
        return made.sitemap(made.ARTICLES).replace(b"\r\n", b'\r\nETag: "1"\r\n', 1)

    web.server.scripts.pop("/sitemap.xml")
    web.server.answer = answer
    source, get = open_source("nato", Settings(origin=ORIGIN)), web.build_fetcher().get
    first, second = (paths(list(find_candidates(source, get, Window()))) for _ in range(2))
    assert first == second == [made.MEETING, made.BUOYS, made.COMMUNIQUE, made.FRENCH_ONLY]
    asked = [request.headers.get("if-none-match") for request in web.server.requests if request.path == "/sitemap.xml"]
    assert asked == [None, '"1"']
