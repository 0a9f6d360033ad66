"""When a host may be called: one pace per host, the pauses it asks for, and how long one answer may take."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scraper.errors import Blocked

LONGEST_PAUSE = timedelta(days=1).total_seconds()
"""Seconds; a longer Retry-After is read as this much."""

LONGEST_CRAWL_DELAY = 20.0
"""Seconds; a longer Crawl-delay is read as this much, so that a page with one redirect fits the usual deadline."""

Clock = Callable[[], float]
Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on a monotonic clock by which an answer must be complete."""

    at: float
    clock: Clock

    def left(self) -> float:
        """Seconds until then; zero or less once it has passed."""
        return self.at - self.clock()


class Pace:
    """Keeps at least `seconds` between the starts of two requests to one host.

    Hosts are told apart by name alone: http, https and other ports of one machine share a pace.

    Args:
        seconds: the least gap, for hosts that ask for none of their own.
        sleep: waits that many seconds.
        clock: a monotonic clock in seconds.
    """

    def __init__(self, seconds: float, *, sleep: Sleep, clock: Clock) -> None:
        self._seconds = seconds
        self._sleep = sleep
        self._clock = clock
        self._last: dict[str, float] = {}
        self._gaps: dict[str, float] = {}
        self._not_before: dict[str, float] = {}

    def slow_down(self, host: str, crawl_delay: float) -> None:
        """Widens the gap of one host to its Crawl-delay in seconds, up to `LONGEST_CRAWL_DELAY`; never narrows it."""
        if math.isfinite(crawl_delay):
            self._gaps[host] = max(self._seconds, min(crawl_delay, LONGEST_CRAWL_DELAY))

    def postpone(self, host: str, seconds: float) -> None:
        """Leaves a host alone for some seconds: what a Retry-After or our own back-off asks for."""
        self._not_before[host] = max(self._not_before.get(host, -math.inf), self._clock() + seconds)

    def wait(self, host: str, until: Deadline) -> None:
        """Sleeps until the host may be called again, and counts that call.

        Raises:
            Blocked: the pause would outlast the deadline; the hint says when to try again.
        """
        gap = self._gaps.get(host, self._seconds)
        opens = max(self._last.get(host, -math.inf) + gap, self._not_before.get(host, -math.inf))
        pause = opens - self._clock()
        if pause > until.left():
            raise Blocked(f"{host} asked to be left alone for now", hint=try_again_after(pause), source=host)
        if pause > 0:
            self._sleep(pause)
        self._last[host] = self._clock()


def try_again_after(seconds: float) -> str:
    """The hint of an error that passes by itself."""
    return f"try again after {math.ceil(max(seconds, 1))} s"


def read_retry_after(value: str | None, *, now: datetime | None = None) -> float | None:
    """Seconds asked for by a Retry-After header (RFC 9110, section 10.2.3), or None where it says nothing usable.

    Both forms are read, a number of seconds and an HTTP date; the answer lies in [0, `LONGEST_PAUSE`].
    """
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        return LONGEST_PAUSE if len(text) > 9 else min(float(text), LONGEST_PAUSE)
    try:
        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - (now or datetime.now(UTC))).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_PAUSE)
