"""The Internet Archive's index and replays, from a stand-in that has its quirks. All captures are made up."""

import gzip
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive import INDEX_TERMS, PAUSE, Query, Row, parse_index, query_index
from scraper.captures import hash_body, replay, replay_address
from scraper.discover.candidate import Candidate, Skipped, Window
from scraper.discover.finding import find_candidates
from scraper.discover.reading import read_candidate
from scraper.discover.source import Settings
from scraper.errors import BadSetting, Blocked, DiscoveryError, FetchError, NotFound, Refused, ScraperError
from scraper.registry import open_source
from tests.discover import made
from tests.fault_server import FaultServer, build_gzip_bomb, build_reply
from tests.scraper.fake_web import FakeWeb

ARCHIVE = "http://archive.example"
HEADER = ["timestamp", "original", "mimetype", "statuscode", "digest", "length"]
CLASSIC = "http://www.nato.int/cps/en/natohq/official_texts_7.htm"
STAMP = "20120102030405"
WORDS = "The harbour masters met in the lighthouse and looked at the buoys that were lost in the strait during last week's storm. " * 3
PAGE = made.page("Statement on buoys", [WORDS, WORDS])
DIGEST = hash_body(PAGE)
OTHER_DIGEST = hash_body(b"other")


@pytest.fixture
def web():
    with FaultServer() as server:
        yield FakeWeb(server)


def row(stamp=STAMP, original=CLASSIC, mimetype="text/html", status="200", digest=DIGEST):
    return [stamp, original, mimetype, status, digest, "5000"]


def table(*rows, key=None):
    lines = [HEADER, *rows, *([[], [key]] if key else [])]
    return build_reply(json.dumps(lines).encode(), kind="application/json")


class Index:
    """Answers index queries from rows by prefix, some rows at a time."""

    def __init__(self, rows, at_once=2):
        self.rows, self.at_once, self.asked = rows, at_once, []

    def __call__(self, request):
        query = dict(parse_qs(urlsplit(request.path).query).items())
        if not request.path.startswith("/cdx/search/cdx?"):
            return build_reply(status=404)
        self.asked.append(query)
        start = int(query["resumeKey"][0].rpartition(" ")[2]) if "resumeKey" in query else 0
        prefix = query["url"][0]
        fitting = [r for r in self.rows if r[1].partition("//")[2].replace(":80", "").startswith(prefix)]
        fitting = [r for r in fitting if r[0][:8] >= query.get("from", ["0"])[0]]
        end = start + min(self.at_once, int(query["limit"][0]))
        return table(*fitting[start:end], key=f"int,nato)/a+b%20&c=é {end}" if end < len(fitting) else None)


def discover(web, options=None, **window):
    paces = {"index_pace": "0", "replay_pace": "0"}
    source = open_source("nato-archive", Settings(archive=ARCHIVE, options={**paces, **(options or {})}))
    return list(find_candidates(source, web.build_fetcher().get, Window(**window)))


def stamps(found):
    return [(item.canonical.rpartition("/")[2], item.capture.timestamp) for item in found if isinstance(item, Candidate)]


def test_resume_keys_make_the_round_trip(web):
    rows = [row(original=CLASSIC.replace("7", str(number))) for number in range(7)]
    index = web.server.answer = Index(rows)
    found = list(query_index(web.build_fetcher().get, Query("www.nato.int/cps/en/natohq/official_texts_"), archive=ARCHIVE))
    assert [item.original for item in found] == [item[1] for item in rows]
    keys = [query.get("resumeKey", [None])[0] for query in index.asked]
    assert keys == [None, *(f"int,nato)/a+b%20&c=é {end}" for end in (2, 4, 6))]
    first, *others = [{name: value for name, value in query.items() if name != "resumeKey"} for query in index.asked]
    assert all(other == first for other in others), "the same query each time"
    assert first["showResumeKey"] == ["true"]


def test_a_key_that_repeats_ends_the_query_loudly(web):
    web.server.answer = lambda request: table(row(), key="always the same")
    reading = query_index(web.build_fetcher().get, Query("www.nato.int/docu/pr/"), archive=ARCHIVE)
    with pytest.raises(DiscoveryError, match="circle"):
        list(reading)
    assert len(web.server.paths) == 3  # robots.txt and two queries


ROWS = [
    (row(), Row(STAMP, CLASSIC, "text/html", 200, DIGEST), "usual"),
    (row(status="-", mimetype="warc/revisit"), Row(STAMP, CLASSIC, "warc/revisit", None, DIGEST), "a revisit"),
    (row(original=CLASSIC.replace(".int", ".int:80")), Row(STAMP, CLASSIC.replace(".int", ".int:80"), "text/html", 200, DIGEST), "port"),
    (row(digest="-"), Row(STAMP, CLASSIC, "text/html", 200, None), "no digest"),
    (row(digest="tooshort"), Row(STAMP, CLASSIC, "text/html", 200, None), "no digest either"),
    (row(digest=f"sha1:{DIGEST.lower()}"), Row(STAMP, CLASSIC, "text/html", 200, DIGEST), "digest in another spelling"),
    (row(status=200), Row(STAMP, CLASSIC, "text/html", 200, DIGEST), "a number"),
    (row(status=None, mimetype=None), Row(STAMP, CLASSIC, None, None, DIGEST), "nulls"),
    (row(original="http://www.nato.int/a b"), None, "malformed address"),
    (row(original="mailto:press@a.example"), None, "no web address"),
    (row(original="http://[www"), None, "malformed host"),
    (row(stamp="2012"), None, "malformed time"),
    (row()[:4], None, "too few fields"),
]


@pytest.mark.parametrize(("line", "expected", "why"), ROWS)
def test_rows(line, expected, why):
    rows, key = parse_index(json.dumps([HEADER, line]).encode())
    assert (rows, key) == ([expected] if expected else [], None), why


ANSWERS = [
    (b"", [], "empty body"),
    (b"[]", [], "empty table"),
    (b"\n", [], "blank line"),
    (json.dumps([HEADER]).encode(), [], "header alone"),
]
NO_TABLES = [
    (b"org.archive.util.io.RuntimeIOException: RobotAccessControlException: Blocked By Robots", Refused, "robots"),
    (b"<html>AdministrativeAccessControlException</html>", Refused, "taken out"),
    (b"<html><h1>504 Gateway Time-out</h1></html>", DiscoveryError, "a page"),
    (b'{"error": "busy"}', DiscoveryError, "an object"),
    (b'["a"]', DiscoveryError, "no rows"),
    (b'[["a", "b"]]', DiscoveryError, "another header"),
    (b"[" * 100_000, DiscoveryError, "nested without end"),
    (b"int,nato)/ 20120102030405 http://www.nato.int/ text/html 200 X 1", DiscoveryError, "the plain form"),
]


@pytest.mark.parametrize(("content", "rows", "why"), ANSWERS)
def test_empty_answers(content, rows, why):
    assert parse_index(content) == (rows, None), why


@pytest.mark.parametrize(("content", "error", "why"), NO_TABLES)
def test_answers_that_are_no_tables(content, error, why):
    with pytest.raises(error):
        parse_index(content)


@given(st.binary(max_size=100) | st.recursive(st.none() | st.text(), st.lists, max_leaves=9).map(lambda data: json.dumps(data).encode()))
def test_any_answer_is_a_table_or_an_error_of_ours(content):
    try:
        rows, _ = parse_index(content)
    except ScraperError:
        return
    assert all(isinstance(item, Row) for item in rows)


def serve(web, body=PAGE, stamp=STAMP, original=CLASSIC, kind="text/html", **headers):
    web.server.play(f"/web/{stamp}id_/{original}", build_reply(body, kind=kind, **headers))


def take(web, digest=DIGEST, stamp=STAMP, original=CLASSIC, **settings):
    return replay(web.build_fetcher(**settings).get, stamp, original, digest=digest, archive=ARCHIVE)


def test_a_capture_is_had_as_it_was_captured(web):
    serve(web, Link=f'<{CLASSIC}>; rel="original", <http://a/>; rel="timemap"', Memento_Datetime="Mon, 02 Jan 2012 03:04:05 GMT")
    page = take(web)
    assert (page.content, page.notes) == (PAGE, ())
    assert page.final_url == f"{ARCHIVE}/web/{STAMP}id_/{CLASSIC}"


PACKED = gzip.compress(PAGE)
BODIES = [
    (PACKED, {}, DIGEST, "packed without saying so"),
    (PACKED, {}, hash_body(PACKED), "the same, hashed as it came"),
    (PACKED, {"Content_Encoding": "gzip"}, hash_body(PACKED), "packed and said so, hashed as it came"),
    (gzip.compress(PACKED), {"Content_Encoding": "gzip"}, DIGEST, "packed twice"),
    (PAGE, {}, None, "the index knew no digest"),
]


@pytest.mark.parametrize(("body", "headers", "digest", "why"), BODIES)
def test_bodies(web, body, headers, digest, why):
    serve(web, body, **headers)
    page = take(web, digest=digest)
    assert (page.content, page.notes) == (PAGE, ()), why


def test_bytes_that_are_not_those_of_the_index(web):
    serve(web, PAGE[:-50])
    with pytest.raises(FetchError, match="not those of its index"):
        take(web)
    serve(web, PACKED, Content_Encoding="gzip")
    assert "could not be compared" in take(web, digest=OTHER_DIGEST).notes[0], "packed anew on the way, perhaps"


def test_a_bomb_in_a_capture_stops_at_the_cap(web):
    serve(web, build_gzip_bomb(8))
    with pytest.raises(FetchError, match="more than 1 MiB"):
        take(web, max_bytes=2**20)


def redirect(web, location, stamp=STAMP, original=CLASSIC):
    web.server.play(f"/web/{stamp}id_/{original}", build_reply(status=302, Location=location))


def test_the_nearest_capture_of_the_same_page_will_do_and_is_named(web):
    redirect(web, f"/web/20120909000000id_/{CLASSIC.replace('http:', 'https:')}")
    serve(web, b"<p>other bytes</p>", stamp="20120909000000", original=CLASSIC.replace("http:", "https:"))
    page = take(web)
    assert "/web/20120909000000id_/" in page.final_url
    assert page.notes == (f"the capture of {STAMP} was asked for, the nearest of 20120909000000 answered",)


WRONG = [
    (f"/web/{STAMP}id_/http://www.nato.int/cps/en/natohq/index.htm", {}, NotFound, "another page"),
    (f"/web/20130101000000id_/{CLASSIC}", {"Link": '<http://www.nato.int/>; rel="original"'}, NotFound, "says that it is another"),
    ("/web/", {}, NotFound, "a page of the archive's own"),
    (f"/web/20130101000000/{CLASSIC}", {}, NotFound, "rewritten, not raw"),
    (CLASSIC, {}, Refused, "out of the archive to the live site"),
]


@pytest.mark.parametrize(("location", "headers", "error", "why"), WRONG)
def test_wrong_captures(web, location, headers, error, why):
    redirect(web, location)
    web.server.play(location, build_reply(PAGE, **headers))
    with pytest.raises(error):
        take(web)
    assert {request.host for request in web.server.requests} == {"archive.example"}, why


def test_circles_end(web):
    redirect(web, f"/web/20130101000000id_/{CLASSIC}")
    redirect(web, f"/web/{STAMP}id_/{CLASSIC}", stamp="20130101000000")
    with pytest.raises(FetchError, match="circle"):
        take(web)


THROTTLES = [
    ([build_reply(status=429)], PAUSE, "no pause named"),
    ([build_reply(status=429, Retry_After="700")], 700, "a pause named"),
    ([build_reply(status=302, Location="/429.html")], PAUSE, "a page that says so, with status 200"),
]


@pytest.mark.parametrize(("script", "pause", "why"), THROTTLES)
def test_throttled(web, script, pause, why):
    web.server.play(f"/web/{STAMP}id_/{CLASSIC}", *script)
    web.server.play("/429.html", build_reply(b"<h1>Too many requests</h1>"))
    fetcher = web.build_fetcher()
    with pytest.raises(Blocked) as caught:
        replay(fetcher.get, STAMP, CLASSIC, archive=ARCHIVE)
    assert caught.value.pause == pause, why
    asked = len(web.server.paths)
    if pause > 60:
        with pytest.raises(Blocked):
            fetcher.get(f"{ARCHIVE}/cdx/search/cdx?url=a", terms=INDEX_TERMS.__class__(deadline=50))
        assert len(web.server.paths) == asked, "nor is the index asked before the pause is over"


def test_broken_connections_are_not_asked_again(web):
    web.server.play(f"/web/{STAMP}id_/{CLASSIC}", ["reset"])
    with pytest.raises(FetchError):
        take(web)
    assert len(web.server.paths) == 2


def test_the_archive_s_limits_are_kept_whatever_the_pace(web):
    web.server.answer = Index([row(original=CLASSIC.replace("7", str(number))) for number in range(6)])
    fetcher = web.build_fetcher(pace=0.0)
    list(query_index(fetcher.get, Query("www.nato.int/cps/en/natohq/official_texts_"), archive=ARCHIVE))
    assert web.clock.slept == [2.5, 2.5], "24 a minute"
    serve(web)
    web.clock.slept.clear()
    for _ in range(4):
        replay(fetcher.get, STAMP, CLASSIC, archive=ARCHIVE)
    assert web.clock.slept == [0.125] * 3, "480 a minute"


@given(st.text(min_size=1, max_size=30))
def test_replay_addresses_are_addresses(path):
    address = replay_address(STAMP, f"http://www.nato.int/{path}")
    assert address.isascii()
    assert not set(address) & set(' "<>\\^`{|}#\n\t')


LIVE, OLD, LATE = "20080101000000", "20090101000000", "20250101000000"
PR = "http://www.nato.int/docu/pr/1999/p99-097e.htm"
CAPTURES = [
    row(OLD),
    row(LATE, digest=OTHER_DIGEST),
    row("20250202000000", mimetype="warc/revisit", status="-", digest=OTHER_DIGEST),
    row("20250303000000", status="404"),
    row("20250404000000", mimetype="application/pdf"),
    row(LIVE, CLASSIC.replace("natohq", "natolive")),
    row(OLD, PR),
    row(OLD, PR.replace("p99-097e.htm", "")),
    row(OLD, PR.replace("p99-097e.htm", "index.html")),
    row(OLD, "http://www.nato.int:80/docu/comm/49-95/c911108a.htm", mimetype="warc/revisit", status="-"),
    row(OLD, "http://www.nato.int/cps/en/natohq/opinions_9.htm"),
    row(OLD, "http://www.nato.int/cps/en/SID-0A1B2C3D-4E5F6071/natolive/official_texts_8.htm"),
    row(OLD, "http://www.nato.int/cps/en/SID-0A1B2C3D-4E5F6071/natolive/news_8.htm"),
    row(OLD, "http://www.nato.int/cps/fr/natohq/official_texts_9.htm"),
]
SESSION = ("official_texts_8.htm", OLD)
CHOICES = [
    ({}, [("official_texts_7.htm", LATE), SESSION, ("p99-097e.htm", OLD), ("c911108a.htm", OLD)], "the last that kept its bytes"),
    ({"captures": "first"}, [("official_texts_7.htm", LIVE), SESSION, ("p99-097e.htm", OLD), ("c911108a.htm", OLD)], "the first"),
    (
        {"captures": "each"},
        [("official_texts_7.htm", LIVE), ("official_texts_7.htm", LATE), SESSION, ("p99-097e.htm", OLD), ("c911108a.htm", OLD)],
        "each with other bytes",
    ),
]


@pytest.mark.parametrize(("options", "expected", "why"), CHOICES)
def test_which_captures_are_asked_for(web, options, expected, why):
    web.server.answer = Index(CAPTURES, at_once=3)
    assert stamps(discover(web, options)) == expected, why


def test_other_languages_are_an_option(web):
    web.server.answer = Index(CAPTURES)
    assert "official_texts_9.htm" not in [name for name, _ in stamps(discover(web))]
    found = {item.canonical: item.language for item in discover(web, {"languages": "en,fr"})}
    assert found["https://www.nato.int/cps/fr/natohq/official_texts_9.htm"] == "fr"


def test_windows_in_the_archive(web):
    index = web.server.answer = Index(CAPTURES)
    assert [name for name, _ in stamps(discover(web, kind="all"))][-1] == "opinions_9.htm"
    assert "p99-097e.htm" not in [name for name, _ in stamps(discover(web, since="2000-01-01"))], "its year is in its address"
    assert index.asked[-1]["from"] == ["20000101"]
    assert [name for name, _ in stamps(discover(web, until="1998-12-31"))] == [
        "official_texts_7.htm",
        "official_texts_8.htm",
        "c911108a.htm",
    ]
    found = discover(web, since="2026-01-01")
    assert [item.code for item in found] == ["outside_window"], "nothing new is no failure"
    index.rows = []
    with pytest.raises(DiscoveryError, match="nothing was found"):
        discover(web, since="2026-01-01")


def test_a_part_of_the_index_that_fails_is_told_at_the_end(web):
    index = Index(CAPTURES)
    web.server.answer = lambda request: build_reply(b"RobotAccessControlException") if "natolive" in request.path else index(request)
    source = open_source("nato-archive", Settings(archive=ARCHIVE, options={"index_pace": "0"}))
    found = []
    with pytest.raises(DiscoveryError, match="1 parts of the index failed"):
        for item in find_candidates(source, web.build_fetcher().get, Window()):
            found.append(item)
    assert len(stamps(found)) == 4
    assert [item.code for item in found if isinstance(item, Skipped)] == ["list_failed"]


@pytest.mark.parametrize(
    "options",
    [
        {"captures": "some"},
        {"languages": "english"},
        {"index_pace": "fast"},
        {"replay_pace": "-1"},
        {"index_pace": "nan"},
        {"capture": "each"},
    ],
)
def test_options_that_are_none(options):
    with pytest.raises(BadSetting):
        open_source("nato-archive", Settings(options=options))


def test_a_capture_becomes_a_release_of_the_page_it_captured(web):
    web.server.answer = Index([row()])
    found = discover(web)
    serve(web)
    source = open_source("nato-archive", Settings(archive=ARCHIVE, options={"replay_pace": "0"}))
    page = source.fetch(web.build_fetcher().get, found[0])
    assert page.final_url == f"https://web.archive.org/web/{STAMP}id_/{CLASSIC}"
    release = read_candidate(source, found[0], page)
    assert release.id == found[0].canonical == CLASSIC.replace("http:", "https:")
    assert release.provenance.archived
