"""The only HTTP client: asks politely, for public pages, and for no more than a page can need.

What is kept to: robots.txt (RFC 9309), one request at a time and a pace per host, the pauses a server
asks for, an honest User-Agent, and every certificate checked. What is not read: cookies, proxies and
`.netrc` of the environment. Each redirect is judged like a first address.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self
from urllib.parse import urljoin

from scraper.addresses import Connect, Dialler, Resolve, Target, check_url, open_socket, resolve_name
from scraper.answers import Answer, Asker, Budget, Reading, find_failure
from scraper.body import check_content_type, sniff_content_type
from scraper.connection import SAVE_HINT
from scraper.errors import Blocked, FetchError, Refused
from scraper.hosts import HostMemory, ProcessMemory
from scraper.pace import STOP_PAUSE, Clock, Deadline, Pace, Sleep, try_again_after
from scraper.pages import Page
from scraper.robots import FILE_LIMIT, REDIRECT_LIMIT, Robots
from scraper.terms import USUAL, Terms
from scraper.user_agent import build_user_agent

MEBIBYTE = 2**20
MOST_REDIRECTS = 10
REDIRECTS = frozenset({301, 302, 303, 307, 308})
ARCHIVED_ANSWER = frozenset({"memento-datetime", "x-archive-wayback-runtime-error"})
"""Headers that say: this status is of a captured page, not of the archive itself."""
KEPT_HEADERS = frozenset(
    {"cf-mitigated", "content-encoding", "content-language", "content-type", "date", "etag", "last-modified", "link", "memento-datetime"}
)


class EndlessRedirects(FetchError):
    """The redirects lead in a circle, or there are too many of them."""


class Fetcher:
    """Fetches pages; several threads may share one, and each host still gets one request at a time at its pace.

    Making one does nothing on the network. The clock, sleep, resolver and connector are for tests.

    Args:
        pace: least seconds between the starts of two requests to one host.
        allow_private: also call this machine, private networks and any port.
        user_agent: sent in place of `build_user_agent()`; its first word is our name in robots.txt.
        timeout: seconds without a byte after which an answer is given up.
        deadline: seconds that one `get` may take in all: robots.txt, pauses, retries and redirects included.
        max_bytes: cap on a page, as sent and as unpacked.
        retries: how often a passing failure (429, 502, 503, 504, a broken connection) is asked again.
        ca_bundle: file of trusted certificates in place of certifi's, for networks that replace certificates.
        max_requests: how many requests may be made in all, robots.txt, redirects and retries included; None for any number.
        memory: what is known of hosts, shared with other processes and later runs where it is a store's.
        sleep: waits that many seconds.
        clock: a monotonic clock in seconds.
        wall: the memory's clock; by default seconds since the epoch if a memory is given, else `clock`.
        resolve: host and port to numeric addresses.
        connect: numeric address, port and seconds to a connected socket.

    Raises:
        ValueError: the pace does not fit into the deadline.
    """

    def __init__(
        self,
        *,
        pace: float = 1.0,
        allow_private: bool = False,
        user_agent: str | None = None,
        timeout: float = 20.0,
        deadline: float = 60.0,
        max_bytes: int = 20 * MEBIBYTE,
        retries: int = 3,
        ca_bundle: str | None = None,
        max_requests: int | None = None,
        memory: HostMemory | None = None,
        sleep: Sleep = time.sleep,
        clock: Clock = time.monotonic,
        wall: Clock | None = None,
        resolve: Resolve = resolve_name,
        connect: Connect = open_socket,
    ) -> None:
        if not 0 <= pace < deadline:
            raise ValueError(f"a pace of {pace:g} s does not fit into a deadline of {deadline:g} s")
        self._allow_private = allow_private
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._clock = clock
        wall = wall or (time.time if memory is not None else clock)
        memory = memory or ProcessMemory()
        self._pace = Pace(pace, sleep=sleep, clock=clock, memory=memory, wall=wall)
        self._budget = Budget(max_requests)
        name = "".join(letter for letter in user_agent or build_user_agent() if " " <= letter <= "~")
        headers = {
            "User-Agent": name,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,text/plain;q=0.8",
            "Accept-Encoding": "gzip",
            "Accept-Language": "en",
            "Connection": "close",
        }
        dialler = Dialler(allow_private, resolve, connect)
        self._asker = Asker(dialler, self._pace, headers, timeout=timeout, retries=retries, ca_bundle=ca_bundle, budget=self._budget)
        self._robots = Robots(self._fetch_robots, product=name.partition("/")[0].strip(), clock=wall, memory=memory)
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the fetcher; connections are closed with each answer, so none is left open."""
        self._closed = True

    @property
    def requests(self) -> int:
        """How many requests have been made so far, robots.txt, redirects and retries included."""
        return self._budget.spent

    def get(self, url: str, *, etag: str | None = None, last_modified: str | None = None, terms: Terms = USUAL) -> Page:
        """Fetches one page.

        A page that answers 200 is delivered as it is, be it a challenge or a login page: to tell is the reader's work.

        Args:
            url: http or https.
            etag: of the page as it is known; an unchanged one comes back with status 304 and no content.
            last_modified: the same with that header's words.
            terms: what is different about this request.

        Raises:
            Refused: the address, an address on the way, or robots.txt forbids it.
            Blocked: 401, 403, 429, 451, or a pause asked for that outlasts the deadline; `pause` says for how long.
            BudgetSpent: no more requests may be made.
            NotFound: 404 or 410.
            TooLarge: the page passes the cap.
            Unsupported: a kind of file that is not read.
            FetchError: network, certificate, time-out or server failed.
            RuntimeError: the fetcher has been closed.
        """
        if self._closed:
            raise RuntimeError("this fetcher has been closed")
        until = Deadline(self._clock() + (terms.deadline or self._deadline), self._clock)
        target = check_url(url, allow_private=self._allow_private)
        reading = Reading(terms.max_bytes or self._max_bytes, packed=terms.packed)
        extra = build_conditions(etag, last_modified)
        answer, passed = self._follow(target, until, reading, most=MOST_REDIRECTS, gate=self._check_robots, terms=terms, extra=extra)
        self._raise_failure(answer, terms, conditional=bool(extra))
        return _page_of(url, answer, passed, terms)

    def _raise_failure(self, answer: Answer, terms: Terms, *, conditional: bool) -> None:
        host = answer.target.host
        if terms.throttle_page and answer.target.url.endswith(terms.throttle_page):
            answer = replace(answer, status=429)
            self._pace.postpone(host, answer.retry_after or terms.pause or 0.0)
        if answer.status == 304 and conditional:
            return
        failure = find_failure(answer)
        if failure is None:
            return
        if answer.status == 403 and terms.stop and ARCHIVED_ANSWER.isdisjoint(answer.headers):
            self._pace.postpone(host, STOP_PAUSE)
            message = f"{failure.message}: it is left alone for an hour"
            raise Blocked(message, hint=failure.hint, source=failure.source, pause=STOP_PAUSE)
        if isinstance(failure, Blocked) and answer.status == 429 and terms.pause and not failure.pause:
            raise Blocked(failure.message, hint=try_again_after(terms.pause), source=failure.source, pause=terms.pause)
        raise failure

    def _check_robots(self, target: Target, until: Deadline) -> None:
        delay = self._robots.check(target, until)
        if delay is not None:
            self._pace.slow_down(target.host, delay)

    def _fetch_robots(self, url: str, until: Deadline) -> tuple[int, bytes]:
        target = check_url(url, allow_private=self._allow_private)
        reading = Reading(FILE_LIMIT, is_page=False)
        try:
            answer, _ = self._follow(target, until, reading, most=REDIRECT_LIMIT, gate=None)
        except EndlessRedirects:
            return 404, b""
        failure = find_failure(answer)
        if isinstance(failure, Blocked) and answer.status == 429:  # 4xx allows, but this one says "not now"
            raise failure
        return answer.status, answer.content

    def _follow(
        self,
        target: Target,
        until: Deadline,
        reading: Reading,
        *,
        most: int,
        gate: Callable[[Target, Deadline], None] | None,
        terms: Terms = USUAL,
        extra: Mapping[str, str] | None = None,
    ) -> tuple[Answer, list[str]]:
        """Asks, and asks where a redirect leads; each hop passes the same checks as the first address.

        `extra` headers go to the first host alone.
        """
        passed: list[str] = []
        first = target.host
        while True:
            if gate is not None:
                gate(target, until)
            answer = self._asker.ask(target, until, reading, terms=terms, extra=extra if target.host == first else None)
            if answer.status not in REDIRECTS:
                return answer, passed
            passed.append(target.url)
            target = self._find_next_hop(answer)
            if terms.same_host and target.host != first:
                message = f"{first} redirects to {target.host}: not followed"
                raise Refused(message, hint="this address is asked of its own host alone", source=passed[0])
            if target.url in passed or len(passed) > most:
                what = "in a circle" if target.url in passed else f"further than {most} times"
                raise EndlessRedirects(f"{target.host} redirects {what}", hint=SAVE_HINT, source=passed[0])

    def _find_next_hop(self, answer: Answer) -> Target:
        here = answer.target
        location = answer.headers.get("location", "").encode("latin-1", "replace").decode("utf-8", "replace").strip()
        if not location:
            raise FetchError(f"{here.host} redirects to nowhere", hint=SAVE_HINT, source=here.url)
        try:
            following = check_url(urljoin(here.url, location), allow_private=self._allow_private)
        except ValueError as error:
            raise FetchError(f"{here.host} redirects to nowhere", hint=SAVE_HINT, source=here.url) from error
        if here.scheme == "https" and following.scheme == "http":
            message = f"{here.host} redirects from https to unencrypted http: not followed"
            raise Refused(message, hint=SAVE_HINT, source=here.url)
        return following


def build_conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers of a conditional request (RFC 9110, section 13); what cannot be a header's value is left out."""
    pairs = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
    return {name: value for name, value in pairs if value and re.fullmatch(r"[\x20-\x7e]{1,1000}", value)}


def _page_of(url: str, answer: Answer, passed: list[str], terms: Terms) -> Page:
    host = answer.target.host
    if answer.status == 304:
        content_type, charset = "", None
    else:
        declared, charset = check_content_type(answer.headers.get("content-type"), host, packed=terms.packed)
        content_type = sniff_content_type(answer.content, declared, host)
    return Page(
        url=url,
        final_url=answer.target.url,
        status=answer.status,
        content=answer.content,
        content_type=content_type,
        charset=charset,
        headers={name: value for name, value in answer.headers.items() if name in KEPT_HEADERS},
        retrieved_at=datetime.now(UTC).isoformat(timespec="seconds"),
        redirects=tuple(passed),
        sent_sha1=answer.sent_sha1,
    )
