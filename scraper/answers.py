"""One address, asked until its host answers or has failed for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from scraper.addresses import Dialler, Target
from scraper.body import check_content_type, read_body
from scraper.connection import LATER_HINT, SAVE_HINT, BrokenOff, send_request
from scraper.errors import Blocked, FetchError, NotFound
from scraper.pace import Deadline, Pace, read_retry_after, try_again_after

PAGE_STATUSES = frozenset(range(200, 300)) - {204, 205, 206}
PASSING_FAILURES = frozenset({429, 502, 503, 504})
REFUSALS = {401: "asks for a login", 403: "refuses programs", 451: "withholds the page for legal reasons"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a body is read: up to `limit` bytes.

    A page of another kind or length is an error; of what is no page (robots.txt) any kind is
    read, and what is too long is cut.
    """

    limit: int
    is_page: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a target answered: header names in lower case; content only with a status of a page."""

    target: Target
    status: int
    headers: dict[str, str]
    content: bytes = b""

    @property
    def retry_after(self) -> float | None:
        """Seconds for which the server asked to be left alone, or None."""
        return read_retry_after(self.headers.get("retry-after"))


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
    """

    dialler: Dialler
    pace: Pace
    headers: Mapping[str, str]
    timeout: float
    retries: int
    ca_bundle: str | None

    def ask(self, target: Target, until: Deadline, reading: Reading) -> Answer:
        """The last answer had, whatever its status; redirects are not followed.

        Passing failures (429, 502, 503, 504, a broken connection) are asked again after the pause
        that Retry-After names, else after 1, 2, 4 ... seconds.

        Raises:
            Blocked: the pause asked for outlasts the deadline.
            BrokenOff: the last connection broke.
            Refused, Unreachable, TooLarge, Unsupported, FetchError: as the parts raise them.
        """
        attempt = 0
        while True:
            self.pace.wait(target.host, until)
            outcome = self._attempt(target, until, reading)
            if isinstance(outcome, Answer) and outcome.status not in PASSING_FAILURES:
                return outcome
            asked = outcome.retry_after if isinstance(outcome, Answer) else None
            if asked is not None:
                self.pace.postpone(target.host, asked)
                if asked > until.left():
                    message = f"{target.host} does not answer for now and asked for a pause"
                    raise Blocked(message, hint=try_again_after(asked), source=target.url)
            pause = float(2**attempt) if asked is None else asked
            if attempt >= self.retries or pause >= until.left():
                if isinstance(outcome, BrokenOff):
                    raise outcome
                return outcome
            self.pace.postpone(target.host, pause)
            attempt += 1

    def _attempt(self, target: Target, until: Deadline, reading: Reading) -> Answer | BrokenOff:
        """One request and one answer; a body is read where there is a page to have."""
        dial = partial(self.dialler.dial, timeout=self.timeout, until=until)
        sent = send_request(target, self.headers, dial=dial, timeout=self.timeout, until=until, ca_bundle=self.ca_bundle)
        try:
            with sent as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                answer = Answer(target, response.status_code, headers)
                if answer.status not in PAGE_STATUSES:
                    return answer
                if reading.is_page:
                    check_content_type(headers.get("content-type"), target.host)
                coding, cut = headers.get("content-encoding", ""), not reading.is_page
                content = read_body(response.raw, encoding=coding, limit=reading.limit, host=target.host, cut=cut)
                return replace(answer, content=content)
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
        return Blocked(f"{host} says there were too many requests (429)", hint=hint, source=url)
    if status in REFUSALS:
        return Blocked(f"{host} {REFUSALS[status]} ({status})", hint=SAVE_HINT, source=url)
    what = "failed" if status >= 500 else "gave no page"
    return FetchError(f"{host} {what} ({status})", hint=LATER_HINT, source=url)
