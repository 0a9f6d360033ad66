"""What a site's robots.txt allows (RFC 9309)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from protego import Protego

from scraper.addresses import Target, Unreachable
from scraper.connection import LATER_HINT, SAVE_HINT
from scraper.errors import Blocked, BudgetSpent, FetchError, Refused
from scraper.hosts import HostMemory, KeptRobots, ProcessMemory
from scraper.pace import Clock, Deadline

FILE_LIMIT = 500 * 1024
"""Bytes of a robots.txt that are read; section 2.5 asks for no less."""
REDIRECT_LIMIT = 5
KEPT_FOR = timedelta(hours=24).total_seconds()
REFUSAL_KEPT_FOR = timedelta(minutes=5).total_seconds()
"""Seconds after which a robots.txt that could not be had is asked for again."""

FetchFile = Callable[[str, Deadline], tuple[int, bytes]]
"""Address and deadline to status and body; 404 stands for redirects without end (section 2.3.1.2)."""


@dataclass(frozen=True, slots=True)
class _Rules:
    parser: Protego
    kept: KeptRobots


class Robots:
    """Keeps each site's rules and says whether a page may be asked for.

    4xx means no rules, so all is allowed; 5xx, a time-out or a broken answer means that nothing is.

    Args:
        fetch_file: asks for a robots.txt, without asking this class again.
        product: the first word of the User-Agent, which rules address us by.
        clock: the memory's clock in seconds.
        memory: what is known of hosts; by default it ends with the process.
    """

    def __init__(self, fetch_file: FetchFile, *, product: str, clock: Clock, memory: HostMemory | None = None) -> None:
        self._fetch_file = fetch_file
        self._product = product
        self._clock = clock
        self._memory = memory or ProcessMemory()
        self._rules: dict[str, _Rules] = {}
        self._locks: dict[str, threading.Lock] = {}

    def check(self, target: Target, until: Deadline) -> float | None:
        """Returns the site's Crawl-delay in seconds, or None if it asks for none.

        Raises:
            Refused: the page is disallowed, or the rules could not be had.
            FetchError: the host cannot be reached at all or asks for a pause.
        """
        rules = self._find_rules(target, until)
        if rules.kept.failure:
            message = f"{target.host}: robots.txt {rules.kept.failure}, so no page is fetched (RFC 9309)"
            raise Refused(message, hint=LATER_HINT, source=target.url)
        if not rules.parser.can_fetch(target.url, self._product):
            message = f"{target.host}: robots.txt asks programs not to fetch this page"
            raise Refused(message, hint=SAVE_HINT, source=target.url)
        return rules.parser.crawl_delay(self._product)

    def _find_rules(self, target: Target, until: Deadline) -> _Rules:
        """The rules in use, else those remembered, else the site's; threads wait for one of them to ask."""
        with self._locks.setdefault(target.origin, threading.Lock()):
            rules = self._rules.get(target.origin)
            if rules is None or rules.kept.expires <= self._clock():
                kept = self._memory.recall_robots(target.origin, now=self._clock())
                if kept is None:
                    kept = self._load(target, until)
                    self._memory.keep_robots(target.origin, kept)
                rules = self._rules[target.origin] = _Rules(Protego.parse(kept.text), kept)
            return rules

    def _load(self, target: Target, until: Deadline) -> KeptRobots:
        try:
            status, content = self._fetch_file(f"{target.origin}/robots.txt", until)
        except (Refused, Blocked, BudgetSpent, Unreachable):
            raise
        except FetchError as error:
            what = error.message.removeprefix(target.host).lstrip(": ")
            return self._refuse(f"could not be had ({what})")
        if 200 <= status < 300:
            text = content.decode("utf-8", "replace").removeprefix("\ufeff")
            if len(content) >= FILE_LIMIT:  # the last line may have lost its end
                text = text.rpartition("\n")[0]
            return KeptRobots(text, "", self._clock() + KEPT_FOR)
        if 400 <= status < 500:
            return KeptRobots("", "", self._clock() + KEPT_FOR)
        return self._refuse(f"answered {status}")

    def _refuse(self, failure: str) -> KeptRobots:
        return KeptRobots("", failure, self._clock() + REFUSAL_KEPT_FOR)
