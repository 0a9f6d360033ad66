"""When a host may be called: one pace per host, the pauses it asks for, and how long one answer may take."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scraper.errors import Blocked
from scraper.hosts import HostMemory, ProcessMemory
from scraper.terms import USUAL, Terms

LONGEST_PAUSE = timedelta(days=1).total_seconds()
"""Seconds; a longer Retry-After is read as this much."""

STOP_PAUSE = timedelta(hours=1).total_seconds()
"""Seconds for which a host that refuses programs (403) is left alone."""

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
    """Keeps at least `seconds` between two requests to one host, and one connection to it at a time.

    Hosts are told apart by name alone: http, https and other ports of one machine share a pace. The gap is counted
    from when the last request's answer began, so that a slow network brings no two of them closer together. All
    threads may share one. Processes share its memory: while one waits for an answer longer than the gap, another may
    begin, a gap after the first began.

    Args:
        seconds: the least gap, for hosts that ask for none of their own.
        sleep: waits that many seconds.
        clock: a monotonic clock in seconds, of the deadlines.
        memory: what is known of hosts; by default it ends with the process.
        wall: the memory's clock; by default `clock`.
    """

    def __init__(self, seconds: float, *, sleep: Sleep, clock: Clock, memory: HostMemory | None = None, wall: Clock | None = None) -> None:
        self._seconds = seconds
        self._sleep = sleep
        self._memory = memory or ProcessMemory()
        self._wall = wall or clock
        self._gaps: dict[str, float] = {}
        self._locks: dict[str, threading.Lock] = {}

    def slow_down(self, host: str, crawl_delay: float) -> None:
        """Widens the gap of one host to its Crawl-delay in seconds, up to `LONGEST_CRAWL_DELAY`; never narrows it."""
        if math.isfinite(crawl_delay):
            self._gaps[host] = min(crawl_delay, LONGEST_CRAWL_DELAY)

    def postpone(self, host: str, seconds: float) -> None:
        """Leaves a host alone for some seconds: what a Retry-After or our own back-off asks for."""
        self._memory.postpone(host, seconds, now=self._wall())

    def note_call(self, host: str, lane: str = "") -> None:
        """A request has reached its host: the gap begins now."""
        self._memory.note_call(host, lane, now=self._wall())

    @contextmanager
    def turn(self, host: str, until: Deadline, terms: Terms = USUAL) -> Iterator[None]:
        """One request's time: begins when the host may be called again, and keeps others from it until the end.

        Raises:
            Blocked: the pause would outlast the deadline; the hint says when to try again.
        """
        lock = self._locks.setdefault(host, threading.Lock())
        if not lock.acquire(timeout=min(max(until.left(), 0), threading.TIMEOUT_MAX)):
            raise _too_soon(host, self._seconds)
        try:
            self.wait(host, until, terms)
            yield
        finally:
            lock.release()

    def wait(self, host: str, until: Deadline, terms: Terms = USUAL) -> None:
        """Sleeps until the host may be called again, and counts that call.

        Raises:
            Blocked: the pause would outlast the deadline; the hint says when to try again.
        """
        usual = self._seconds if terms.pace is None else terms.pace
        gap = max(self._gaps.get(host, 0.0), usual)
        while (pause := self._memory.take_turn(host, terms.lane, gap=gap, now=self._wall())) > 0:
            if pause > until.left():
                raise _too_soon(host, pause)
            self._sleep(pause)


def _too_soon(host: str, pause: float) -> Blocked:
    return Blocked(f"{host} is to be left alone for now", hint=try_again_after(pause), source=host, pause=pause)


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
