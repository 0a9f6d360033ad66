"""How long a host is left alone: our pace, its Retry-After, and when we give up instead of waiting."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from scraper.errors import Blocked, FetchError
from scraper.pace import LONGEST_PAUSE, Deadline, Pace, read_retry_after
from tests.fault_server import FaultServer, build_reply
from tests.scraper.fake_web import FakeClock, FakeWeb

URL = "http://council.example/statement"
OTHER_URL = "http://other.example/statement"
PAGE = b"<p>Allies agreed.</p>"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def web():
    with FaultServer() as server:
        server.play("/statement", build_reply(PAGE))
        yield FakeWeb(server)


HEADERS = [
    (None, None, "absent"),
    ("", None, "empty"),
    ("40", 40, "seconds"),
    (" 0 ", 0, "at once"),
    ("99999999", LONGEST_PAUSE, "years: capped"),
    ("9" * 5000, LONGEST_PAUSE, "a number that Python would not even read"),
    ("-5", None, "less than nothing"),
    ("1.5", None, "not in the standard"),
    ("Sun, 01 Mar 2026 12:00:30 GMT", 30, "a date to come"),
    ("Sunday, 01-Mar-26 12:00:30 GMT", 30, "the form of RFC 850"),
    ("Sun Mar  1 12:00:30 2026", 30, "the form of asctime"),
    ("Sun, 01 Mar 2026 11:00:00 GMT", 0, "a date gone by"),
    ("Sun, 01 Mar 2099 12:00:00 GMT", LONGEST_PAUSE, "decades: capped"),
    ("Sun, 99 Mar 2026 12:00:30 GMT", None, "no date"),
    ("soon", None, "no date"),
    ("４０", None, "digits, but not ASCII"),
]


@pytest.mark.parametrize(("value", "seconds", "why"), HEADERS)
def test_retry_after(value, seconds, why):
    assert read_retry_after(value, now=NOW) == seconds, why


def test_two_requests_to_one_host_keep_the_pace(web):
    fetcher = web.build_fetcher(pace=2.0)
    fetcher.get(URL)
    fetcher.get(URL)
    assert web.clock.slept == [2, 2]  # robots.txt, page, page: two gaps
    web.clock.now += 5
    fetcher.get(URL)
    assert web.clock.slept == [2, 2]  # time that went by anyway counts


def test_hosts_do_not_wait_for_each_other(web):
    web.server.play("/robots.txt", build_reply(status=404))
    fetcher = web.build_fetcher(pace=2.0)
    fetcher.get(URL)
    fetcher.get(OTHER_URL)
    assert web.clock.slept == [2, 2]  # between each host's robots.txt and its page, not between hosts


def test_a_redirect_on_the_same_host_keeps_the_pace(web):
    web.server.play("/old", build_reply(status=302, Location="/statement"))
    web.build_fetcher(pace=2.0).get("http://council.example/old")
    assert web.clock.slept == [2, 2]


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_is_obeyed(web, status):
    web.server.play("/statement", build_reply(status=status, Retry_After="7"), build_reply(PAGE))
    assert web.build_fetcher().get(URL).content == PAGE
    assert web.clock.slept == [7]


def test_retry_after_as_a_date_is_obeyed(web):
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    web.server.play("/statement", build_reply(status=429, Retry_After=soon), build_reply(PAGE))
    assert web.build_fetcher().get(URL).content == PAGE
    assert len(web.clock.slept) == 1
    assert 27 < web.clock.slept[0] <= 30


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_beyond_the_deadline_blocks_and_says_when(web, status):
    web.server.play("/statement", build_reply(status=status, Retry_After="400"))
    fetcher = web.build_fetcher()
    with pytest.raises(Blocked, match=r"council\.example") as caught:
        fetcher.get(URL)
    assert caught.value.hint == "try again after 400 s"
    web.clock.now += 100
    with pytest.raises(Blocked) as caught:  # kept for the host: not even asked
        fetcher.get(URL)
    assert caught.value.hint == "try again after 300 s"
    assert web.server.paths.count("/statement") == 1
    assert web.clock.slept == []


def test_another_host_is_not_blocked_with_it(web):
    web.server.play("/statement", build_reply(status=429, Retry_After="400"), build_reply(PAGE))
    fetcher = web.build_fetcher()
    with pytest.raises(Blocked):
        fetcher.get(URL)
    assert fetcher.get(OTHER_URL).content == PAGE


def test_too_many_requests_to_the_end_is_blocked(web):
    web.server.play("/statement", build_reply(status=429, Retry_After="2"))
    with pytest.raises(Blocked, match="429") as caught:
        web.build_fetcher(retries=2).get(URL)
    assert caught.value.hint == "try again after 2 s"
    assert web.clock.slept == [2, 2]


def test_backoff_doubles_and_stays_within_the_deadline(web):
    web.server.play("/statement", build_reply(status=503))
    with pytest.raises(FetchError, match="503"):
        web.build_fetcher(retries=99, deadline=20).get(URL)
    assert web.clock.slept == [1, 2, 4, 8]  # 16 more would pass the deadline


def test_a_pace_that_cannot_be_kept_is_refused_at_once(web):
    for pace in (60.0, -1.0):
        with pytest.raises(ValueError, match="does not fit"):
            web.build_fetcher(pace=pace)


def test_a_wait_beyond_the_deadline_blocks():
    clock = FakeClock()
    pace = Pace(5, sleep=clock.sleep, clock=clock)
    pace.wait("council.example", Deadline(clock.now + 1, clock))
    with pytest.raises(Blocked) as caught:
        pace.wait("council.example", Deadline(clock.now + 1, clock))
    assert caught.value.hint == "try again after 5 s"
    assert clock.slept == []
