"""Conditional requests, the budget, a stop at 403, lanes, and one memory of hosts for all who call them."""

import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import Blocked, BudgetSpent, FetchError, Refused
from scraper.fetch import build_conditions
from scraper.hosts import HostState, ProcessMemory, pause_state, try_turn
from scraper.pace import STOP_PAUSE
from scraper.terms import Terms
from tests.fault_server import FaultServer, build_gzip_bomb, build_reply
from tests.scraper.fake_web import FakeWeb

HOST = "http://council.example"
URL = f"{HOST}/statement"
PAGE = b"<p>Allies agreed.</p>"
ETAG = '"a-1"'
STAMP = "Sun, 01 Mar 2026 12:00:00 GMT"


@pytest.fixture
def web():
    with FaultServer() as server:
        server.play("/statement", build_reply(PAGE, ETag=ETAG, Last_Modified=STAMP))
        yield FakeWeb(server)


def answer_conditionally(request):
    if request.headers.get("if-none-match") == ETAG or request.headers.get("if-modified-since") == STAMP:
        return build_reply(status=304, ETag=ETAG)
    return build_reply(PAGE, ETag=ETAG, Last_Modified=STAMP)


@pytest.mark.parametrize("known", [{"etag": ETAG}, {"last_modified": STAMP}, {"etag": ETAG, "last_modified": STAMP}])
def test_an_unchanged_page_comes_without_its_body(web, known):
    web.server.scripts.pop("/statement")
    web.server.answer = answer_conditionally
    fetcher = web.build_fetcher()
    first = fetcher.get(URL)
    assert (first.status, first.unchanged, first.headers["etag"], first.headers["last-modified"]) == (200, False, ETAG, STAMP)
    again = fetcher.get(URL, **known)
    assert (again.status, again.content, again.unchanged, again.final_url) == (304, b"", True, URL)
    assert fetcher.get(URL, etag='"other"').content == PAGE


def test_304_is_an_error_where_nothing_conditional_was_asked(web):
    web.server.play("/statement", build_reply(status=304))
    with pytest.raises(FetchError, match="304"):
        web.build_fetcher().get(URL)
    with pytest.raises(FetchError, match="304"):  # what is no header value was not sent either
        web.build_fetcher().get(URL, etag="a\r\nX-Evil: 1")
    assert not [request for request in web.server.requests if "x-evil" in request.headers]


def test_conditions_stay_with_the_host_they_were_made_by(web):
    web.server.play("/statement", build_reply(status=301, Location="http://other.example/moved"))
    web.server.play("/moved", build_reply(PAGE))
    web.build_fetcher().get(URL, etag=ETAG)
    asked = {request.path: request.headers.get("if-none-match") for request in web.server.requests}
    assert asked == {"/robots.txt": None, "/statement": ETAG, "/moved": None}


@given(st.text(max_size=50), st.text(max_size=50))
def test_conditions_hold_no_control_characters(etag, stamp):
    for value in build_conditions(etag, stamp).values():
        assert value.isprintable()
        assert value.isascii()


def test_the_budget_counts_every_request(web):
    web.server.play("/old", build_reply(status=302, Location="/statement"))
    web.server.play("/robots.txt", build_reply(status=503), build_reply(status=404))
    fetcher = web.build_fetcher(max_requests=5, pace=5.0)
    assert fetcher.get(f"{HOST}/old").content == PAGE  # robots.txt twice, old, statement
    assert fetcher.requests == 4
    fetcher.get(URL)
    waited = len(web.clock.slept)
    with pytest.raises(BudgetSpent, match="5 requests") as caught:
        fetcher.get(URL)
    assert len(web.clock.slept) == waited, "nobody waits for nothing"
    assert (caught.value.code, caught.value.exit_code, len(web.server.requests)) == ("budget_spent", 1, 5)


def test_a_budget_spent_on_robots_is_no_robots_failure(web):
    with pytest.raises(BudgetSpent):
        web.build_fetcher(max_requests=0).get(URL)
    assert web.server.requests == []


def test_403_ends_all_calls_of_that_host_for_an_hour(web):
    web.server.play("/secret", build_reply(status=403))
    fetcher = web.build_fetcher()
    with pytest.raises(Blocked, match="403") as caught:
        fetcher.get(f"{HOST}/secret")
    assert caught.value.pause == STOP_PAUSE
    with pytest.raises(Blocked, match="left alone") as caught:
        fetcher.get(URL)
    assert 0 < caught.value.pause <= STOP_PAUSE
    assert web.server.paths == ["/robots.txt", "/secret"]
    assert fetcher.get("http://other.example/statement").content == PAGE
    web.clock.now += STOP_PAUSE
    assert fetcher.get(URL).content == PAGE


UNSTOPPED = [
    ({"terms": Terms(stop=False)}, {}, "an address that the site may do without"),
    ({}, {"Memento_Datetime": "Sun, 01 Mar 2026 12:00:00 GMT"}, "the status of a captured page"),
    ({}, {"X_Archive_Wayback_Runtime_Error": "RobotAccessControlException"}, "one page that an archive does not show"),
]


@pytest.mark.parametrize(("terms", "headers", "why"), UNSTOPPED)
def test_403s_that_say_nothing_of_the_host(web, terms, headers, why):
    web.server.play("/one", build_reply(status=403, **headers))
    fetcher = web.build_fetcher()
    with pytest.raises(Blocked) as caught:
        fetcher.get(f"{HOST}/one", **terms)
    assert caught.value.pause is None, why
    assert fetcher.get(URL).content == PAGE, why


def test_429_without_a_pause_gets_the_one_in_the_terms_and_no_retry(web):
    web.server.play("/index", build_reply(status=429))
    fetcher = web.build_fetcher()
    with pytest.raises(Blocked) as caught:
        fetcher.get(f"{HOST}/index", terms=Terms(retries=0, pause=600))
    assert (caught.value.pause, caught.value.hint) == (600, "try again after 600 s")
    assert web.server.paths.count("/index") == 1
    with pytest.raises(Blocked):
        fetcher.get(URL)


def test_a_throttle_page_counts_as_429_whatever_its_status(web):
    web.server.play("/capture", build_reply(status=302, Location="/429.html"))
    web.server.play("/429.html", build_reply(b"<p>Slow down</p>"))
    fetcher = web.build_fetcher()
    with pytest.raises(Blocked, match="429") as caught:
        fetcher.get(f"{HOST}/capture", terms=Terms(throttle_page="/429.html", pause=90))
    assert caught.value.pause == 90
    with pytest.raises(Blocked):
        fetcher.get(URL)


def test_terms_can_keep_redirects_on_their_host(web):
    web.server.play("/capture", build_reply(status=302, Location="http://other.example/statement"))
    with pytest.raises(Refused, match=r"redirects to other\.example"):
        web.build_fetcher().get(f"{HOST}/capture", terms=Terms(same_host=True))
    assert [request.host for request in web.server.requests] == ["council.example"] * 2


def test_lanes_of_one_host_have_paces_of_their_own(web):
    web.server.answer = lambda request: build_reply(PAGE)
    fetcher = web.build_fetcher(pace=1.0)
    index, pages = Terms(lane="index", pace=2.5), Terms(lane="replay", pace=0.125)
    fetcher.get(URL, terms=index)
    web.clock.slept.clear()
    for terms in (pages, pages, index, index, pages):
        fetcher.get(URL, terms=terms)
    assert web.clock.slept == [0.125, 2.375, 2.5]  # the first page at once; the index 2.5 s after its last; pages were due by then


@pytest.mark.parametrize(("delay", "slept"), [("0", [0.125]), ("3", [3])])
def test_a_crawl_delay_widens_a_lane_s_pace_and_never_narrows_it(web, delay, slept):
    web.server.play("/robots.txt", build_reply(f"User-agent: *\nCrawl-delay: {delay}".encode(), kind="text/plain"))
    fetcher = web.build_fetcher(pace=1.0)
    lane = Terms(lane="replay", pace=0.125)
    fetcher.get(URL, terms=lane)
    web.clock.slept.clear()
    fetcher.get(URL, terms=lane)
    assert web.clock.slept == slept


def test_a_gzip_file_is_unpacked_where_it_is_welcome(web):
    import gzip

    web.server.play("/map.gz", build_reply(gzip.compress(PAGE), kind="application/x-gzip"))
    web.server.play("/double.gz", build_reply(gzip.compress(gzip.compress(PAGE)), kind="text/html", Content_Encoding="gzip"))
    web.server.play("/bomb.gz", build_reply(build_gzip_bomb(8), kind="application/gzip"))
    fetcher = web.build_fetcher(max_bytes=2**20)
    packed = Terms(packed=True)
    page = fetcher.get(f"{HOST}/map.gz", terms=packed)
    assert (page.content, page.content_type) == (PAGE, "text/html")
    assert fetcher.get(f"{HOST}/double.gz", terms=packed).content == PAGE
    for path, terms, error in (("/bomb.gz", packed, "more than 1 MiB"), ("/map.gz", Terms(), "not read")):
        with pytest.raises(Exception, match=error):
            fetcher.get(HOST + path, terms=terms)


def test_two_fetchers_with_one_memory_keep_one_pace_pause_and_robots(web):
    memory = ProcessMemory()
    settings = {"memory": memory, "wall": web.clock, "pace": 2.0}
    first, second = web.build_fetcher(**settings), web.build_fetcher(**settings)
    first.get(URL)
    second.get(URL)
    assert web.clock.slept == [2, 2]
    assert web.server.paths.count("/robots.txt") == 1
    web.server.play("/statement", build_reply(status=503, Retry_After="400"))
    with pytest.raises(Blocked):
        first.get(URL)
    restarted = web.build_fetcher(**settings)
    with pytest.raises(Blocked) as caught:
        restarted.get(URL)
    assert caught.value.hint == "try again after 400 s"
    assert web.server.paths.count("/statement") == 3


def test_threads_never_call_a_host_inside_its_pace(web):
    """Real threads, a real clock, and arrivals as the server saw them."""
    with FaultServer() as server:
        server.play("/statement", [0.01, build_reply(PAGE)])
        shared = FakeWeb(server)
        from scraper.fetch import Fetcher

        fetcher = Fetcher(pace=0.04, resolve=shared.resolve, connect=shared.connect)
        threads = [threading.Thread(target=fetcher.get, args=(URL,)) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.times) == 13
        assert min(later - earlier for earlier, later in pairwise(server.times)) >= 0.04


TURNS = [
    # last call, not before, paused at, seconds to wait at 1000 with a gap of 5, why
    (None, None, None, 0, "never called"),
    (990, None, None, 0, "called long ago"),
    (998, None, None, 3, "called just now"),
    (998, 1010, 999, 10, "a pause outlasts the gap"),
    (998, 1001, 999, 3, "a gap outlasts the pause"),
    (990, 999, 900, 0, "a pause gone by"),
    (5000, None, None, 5, "the clock was set back: the gap and no more"),
    (None, 5060, 5000, 60, "the clock was set back: the pause and no more"),
]


@pytest.mark.parametrize(("last_call", "not_before", "paused_at", "seconds", "why"), TURNS)
def test_turns(last_call, not_before, paused_at, seconds, why):
    state = HostState(last_call, not_before, paused_at)
    wait, lane, host = try_turn(state, state, gap=5, now=1000)
    assert wait == seconds, why
    assert (lane.last_call == 1000) is (seconds == 0 or last_call == 5000), why
    if seconds:
        assert try_turn(lane, host, gap=5, now=1000 + seconds)[0] == 0, "who waits as long as told may call"


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 50)), max_size=20))
def test_pauses_are_never_shortened(steps):
    state, now, ends = HostState(), 0.0, 0.0
    for passed, seconds in steps:
        now += passed
        state = pause_state(state, seconds, now)
        ends = max(ends, now + seconds)
        assert state.not_before == pytest.approx(max(ends, now))
