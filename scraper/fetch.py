"""The only HTTP client: asks politely, for public pages, and for no more than a page can need.

What is kept to: robots.txt (RFC 9309), one request at a time and a pace per host, the pauses a server
asks for, an honest User-Agent, and every certificate checked. What is not read: cookies, proxies and
`.netrc` of the environment. Each redirect is judged like a first address.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Self
from urllib.parse import urljoin

from scraper.addresses import Connect, Dialler, Resolve, Target, check_url, open_socket, resolve_name
from scraper.answers import Answer, Asker, Reading, find_failure
from scraper.body import check_content_type, sniff_content_type
from scraper.connection import SAVE_HINT
from scraper.errors import Blocked, FetchError, Refused
from scraper.pace import Clock, Deadline, Pace, Sleep
from scraper.robots import FILE_LIMIT, REDIRECT_LIMIT, Robots

PRODUCT = "nac-stance"
MEBIBYTE = 2**20
MOST_REDIRECTS = 10
REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEPT_HEADERS = frozenset({"cf-mitigated", "content-language", "content-type", "date", "etag", "last-modified", "link", "memento-datetime"})


class EndlessRedirects(FetchError):
    """The redirects lead in a circle, or there are too many of them."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the server gave it.

    `url` is the address asked for, `final_url` the one that answered, `redirects` those in between and
    before, in order (empty if the first one answered). `content` are the decoded bytes, unpacked but in
    the page's own charset; `charset` is the declared one, lower-case, or None. `content_type` is the
    media type, declared or, where none is, guessed from the bytes. `headers` are those in
    `KEPT_HEADERS`, names in lower case. `retrieved_at` is an ISO 8601 time in UTC.
    """

    url: str
    final_url: str
    status: int
    content: bytes
    content_type: str
    charset: str | None
    headers: Mapping[str, str]
    retrieved_at: str
    redirects: tuple[str, ...] = ()


class Fetcher:
    """Fetches pages, one at a time; not for use from several threads at once.

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
        sleep: waits that many seconds.
        clock: a monotonic clock in seconds.
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
        sleep: Sleep = time.sleep,
        clock: Clock = time.monotonic,
        resolve: Resolve = resolve_name,
        connect: Connect = open_socket,
    ) -> None:
        if not 0 <= pace < deadline:
            raise ValueError(f"a pace of {pace:g} s does not fit into a deadline of {deadline:g} s")
        self._allow_private = allow_private
        self._deadline = deadline
        self._reading = Reading(max_bytes)
        self._clock = clock
        self._pace = Pace(pace, sleep=sleep, clock=clock)
        name = "".join(letter for letter in user_agent or build_user_agent() if " " <= letter <= "~")
        headers = {
            "User-Agent": name,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,text/plain;q=0.8",
            "Accept-Encoding": "gzip",
            "Accept-Language": "en",
            "Connection": "close",
        }
        dialler = Dialler(allow_private, resolve, connect)
        self._asker = Asker(dialler, self._pace, headers, timeout=timeout, retries=retries, ca_bundle=ca_bundle)
        self._robots = Robots(self._fetch_robots, product=name.partition("/")[0].strip(), clock=clock)
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the fetcher; connections are closed with each answer, so none is left open."""
        self._closed = True

    def get(self, url: str) -> Page:
        """Fetches one page.

        A page that answers 200 is delivered as it is, be it a challenge or a login page: to tell is the reader's work.

        Raises:
            Refused: the address, an address on the way, or robots.txt forbids it.
            Blocked: 401, 403, 429, 451, or a pause asked for that outlasts the deadline.
            NotFound: 404 or 410.
            TooLarge: the page passes the cap.
            Unsupported: a kind of file that is not read.
            FetchError: network, certificate, time-out or server failed.
            RuntimeError: the fetcher has been closed.
        """
        if self._closed:
            raise RuntimeError("this fetcher has been closed")
        until = Deadline(self._clock() + self._deadline, self._clock)
        target = check_url(url, allow_private=self._allow_private)
        answer, passed = self._follow(target, until, self._reading, most=MOST_REDIRECTS, gate=self._check_robots)
        if failure := find_failure(answer):
            raise failure
        declared, charset = check_content_type(answer.headers.get("content-type"), answer.target.host)
        return Page(
            url=url,
            final_url=answer.target.url,
            status=answer.status,
            content=answer.content,
            content_type=sniff_content_type(answer.content, declared, answer.target.host),
            charset=charset,
            headers={name: value for name, value in answer.headers.items() if name in KEPT_HEADERS},
            retrieved_at=datetime.now(UTC).isoformat(timespec="seconds"),
            redirects=tuple(passed),
        )

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
    ) -> tuple[Answer, list[str]]:
        """Asks, and asks where a redirect leads; each hop passes the same checks as the first address."""
        passed: list[str] = []
        while True:
            if gate is not None:
                gate(target, until)
            answer = self._asker.ask(target, until, reading)
            if answer.status not in REDIRECTS:
                return answer, passed
            passed.append(target.url)
            target = self._find_next_hop(answer)
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


def build_user_agent() -> str:
    """Our name and version, and whom to write to if the environment variable NAC_CONTACT says so."""
    try:
        number = version(PRODUCT)
    except PackageNotFoundError:
        number = "0"
    contact = os.environ.get("NAC_CONTACT", "").strip()
    return f"{PRODUCT}/{number} (+{contact})" if contact else f"{PRODUCT}/{number}"
