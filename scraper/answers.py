"""One address, asked until its host answers or has failed for good."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from scraper.addresses import Dialler, Target
from scraper.body import check_content_type, read_body
from scraper.connection import LATER_HINT, SAVE_HINT, BrokenOff, send_request
from scraper.errors import Blocked, BudgetSpent, FetchError, NotFound
from scraper.pace import Deadline, Pace, read_retry_after, try_again_after
from scraper.terms import USUAL, Terms

PAGE_STATUSES = frozenset(range(200, 300)) - {204, 205, 206}
PASSING_FAILURES = frozenset({429, 502, 503, 504})
REFUSALS = {401: "asks for a login", 403: "refuses programs", 451: "withholds the page for legal reasons"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a body is read: up to `limit` bytes; with `packed` a gzip file is unpacked.

    A page of another kind or length is an error; of what is no page (robots.txt) any kind is
    read, and what is too long is cut.
    """

    limit: int
    is_page: bool = True
    packed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a target answered: header names in lower case; content only with a status of a page."""

    target: Target
    status: int
    headers: dict[str, str]
    content: bytes = b""
    sent_sha1: str | None = None

    @property
    def retry_after(self) -> float | None:
        """Seconds for which the server asked to be left alone, or None."""
        return read_retry_after(self.headers.get("retry-after"))


class Budget:
    """How many requests may still be made; redirects, retries and robots.txt are requests too.

    Args:
        most: None for as many as are wanted.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._lock = threading.Lock()
        self.spent = 0

    def spend(self, url: str) -> None:
        """Counts one request.

        Raises:
            BudgetSpent: it would be one too many.
        """
        with self._lock:
            self.check(url)
            self.spent += 1

    def check(self, url: str) -> None:
        """Lets pass while one more request may be made; counts nothing, so that nobody waits in vain.

        Raises:
            BudgetSpent: it would be one too many.
        """
        if self._most is not None and self.spent >= self._most:
            hint = "run again to go on, or allow more with --max-requests"
            raise BudgetSpent(f"the {self._most} requests that were allowed have been made", hint=hint, source=url)


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks for one address at a time, each at its host's pace.

    Args:
        dialler: opens the connections.
        pace: keeps the hosts' gaps and pauses.
        headers: sent with each request.
        timeout: seconds without a byte.
        retries: how often a passing failure is asked again.
        ca_bundle: file of trusted certificates in place of certifi's.
        budget: how many requests may be made in all.
    """

    dialler: Dialler
    pace: Pace
    headers: Mapping[str, str]
    timeout: float
    retries: int
    ca_bundle: str | None
    budget: Budget = field(default_factory=Budget)

    def ask(
        self, target: Target, until: Deadline, reading: Reading, *, terms: Terms = USUAL, extra: Mapping[str, str] | None = None
    ) -> Answer:
        """The last answer had, whatever its status; redirects are not followed. `extra` headers are sent besides.

        Passing failures (429, 502, 503, 504, a broken connection) are asked again after the pause
        that Retry-After names, else after 1, 2, 4 ... seconds.

        Raises:
            Blocked: the pause asked for outlasts the deadline.
            BrokenOff: the last connection broke.
            Refused, Unreachable, TooLarge, Unsupported, FetchError: as the parts raise them.
        """
        attempt, retries = 0, self.retries if terms.retries is None else terms.retries
        while True:
            self.budget.check(target.url)
            with self.pace.turn(target.host, until, terms):
                self.budget.spend(target.url)
                outcome = self._attempt(target, until, reading, terms, {**self.headers, **(extra or {})})
            if isinstance(outcome, Answer) and outcome.status not in PASSING_FAILURES:
                return outcome
            asked = self._find_pause(outcome, terms) if isinstance(outcome, Answer) else None
            if asked is not None:
                self.pace.postpone(target.host, asked)
                if asked > until.left():
                    message = f"{target.host} does not answer for now and asked for a pause"
                    raise Blocked(message, hint=try_again_after(asked), source=target.url, pause=asked)
            pause = float(2**attempt) if asked is None else asked
            if attempt >= retries or pause >= until.left():
                if isinstance(outcome, BrokenOff):
                    raise outcome
                return outcome
            self.pace.postpone(target.host, pause)
            attempt += 1

    def _find_pause(self, answer: Answer, terms: Terms) -> float | None:
        if answer.retry_after is None and answer.status == 429:
            return terms.pause
        return answer.retry_after

    def _attempt(self, target: Target, until: Deadline, reading: Reading, terms: Terms, headers: Mapping[str, str]) -> Answer | BrokenOff:
        """One request and one answer; a body is read where there is a page to have."""
        timeout = self.timeout if terms.timeout is None else terms.timeout
        dial = partial(self.dialler.dial, timeout=timeout, until=until)
        sent = send_request(target, headers, dial=dial, timeout=timeout, until=until, ca_bundle=self.ca_bundle)
        try:
            with sent as response:
                self.pace.note_call(target.host, terms.lane)
                answer = Answer(target, response.status_code, {name.lower(): value for name, value in response.headers.items()})
                if answer.status not in PAGE_STATUSES:
                    return answer
                if reading.is_page:
                    check_content_type(answer.headers.get("content-type"), target.host, packed=reading.packed)
                coding, cut = answer.headers.get("content-encoding", ""), not reading.is_page
                body = read_body(response.raw, encoding=coding, limit=reading.limit, host=target.host, cut=cut, packed=reading.packed)
                return replace(answer, content=body.content, sent_sha1=body.sent_sha1)
        except BrokenOff as error:
            return error


def find_failure(answer: Answer) -> FetchError | None:
    """The error that a status stands for, or None for a page."""
    host, status, url = answer.target.host, answer.status, answer.target.url
    if status in PAGE_STATUSES:
        return None
    if status in (404, 410):
        hint = "check the address, or look for an archived copy (web.archive.org)"
        return NotFound(f"{host} has no such page ({status})", hint=hint, source=url)
    if status == 429:
        hint = LATER_HINT if answer.retry_after is None else try_again_after(answer.retry_after)
        return Blocked(f"{host} says there were too many requests (429)", hint=hint, source=url, pause=answer.retry_after)
    if status in REFUSALS:
        return Blocked(f"{host} {REFUSALS[status]} ({status})", hint=SAVE_HINT, source=url)
    what = "failed" if status >= 500 else "gave no page"
    return FetchError(f"{host} {what} ({status})", hint=LATER_HINT, source=url)
