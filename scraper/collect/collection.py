"""One collection: what a source lists goes into the queue, and the queue is worked off page by page.

The store holds how far each page has come, and each step is one transaction of its own, so a collection that is
killed loses at most the page it is about, and that page is asked for again. Several processes may work on one
collection at once.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from scraper.collect.jobs import candidate_of, recall_page
from scraper.collect.patience import Patience, counts_as_try
from scraper.collect.summary import Ending, Summary, Tally, sum_up
from scraper.discover.candidate import Candidate, Skipped, Window
from scraper.discover.council import find_objection
from scraper.discover.finding import find_candidates
from scraper.discover.reading import read_candidate
from scraper.discover.source import Source
from scraper.discover.watch import LayoutWatch
from scraper.errors import Blocked, BlockPage, BudgetSpent, DiscoveryError, FetchError, LayoutChanged, LeaseLost, ScraperError, StoreError
from scraper.pace import STOP_PAUSE
from scraper.store.leases import make_owner

if TYPE_CHECKING:
    from scraper.fetch import Fetcher
    from scraper.pages import Page
    from scraper.store.jobs import Job, Run
    from scraper.store.opening import Store

CLAIMED = 8
"""Jobs leased at a time."""
CHALLENGES = 5
"""Pages in a row that hold a challenge at the first try, after which their host is left alone."""
LEASE = 300.0
"""Seconds; renewed while the jobs of one lease are worked off."""
SAMPLES = "samples"
"""Folder beside the raw bytes for pages that show a changed layout."""
POLL = 1.0
"""Seconds after which a collection that waits looks again: clocks jump, and others may have died."""


class Observer(Protocol):
    """Whoever watches a collection; called after each page and while waiting."""

    def __call__(self, tally: Tally) -> None:
        """The counts so far."""


def name_plan(source: Source, window: Window, target: str | None) -> str:
    """What is asked for as one text: the same plan takes up its unfinished collection."""
    return json.dumps({"source": source.name, "target": target, **asdict(window)}, sort_keys=True)


class Collection:
    """Collects from one source.

    Args:
        source: where from.
        store: where to.
        fetcher: asks; its requests are counted.
        window: which releases.
        target: what the user named the source with; part of the plan.
        patience: how often and when failures are tried again.
        observe: called as it goes on.
        now: seconds since 1970.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        source: Source,
        store: Store,
        fetcher: Fetcher,
        window: Window,
        *,
        target: str | None = None,
        patience: Patience | None = None,
        observe: Observer | None = None,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._source, self._store, self._fetcher, self._window = source, store, fetcher, window
        self._plan = name_plan(source, window, target)
        self._patience = patience or Patience()
        self._observe = observe or _ignore
        self._now, self._sleep = now, sleep
        self._owner = make_owner()
        self._tally = Tally(source.name)
        self._watch = LayoutWatch(source.name, source.usual_layouts)
        self._failures: set[int] = set()
        self._unlisted: ScraperError | None = None
        self._challenged = 0
        self._run: Run | None = None

    @property
    def run(self) -> Run | None:
        """The run in the store, once `collect` has begun."""
        return self._run

    def collect(self) -> Summary:
        """Works until nothing is left that is due soon.

        What an unfinished collection left is done first, so that a small budget of requests still gets on.

        Raises:
            DiscoveryError: the source lists nothing; `LayoutChanged`: too many of its pages cannot be read.
            FetchError: its lists cannot be had.
            StoreError: the store cannot be written; what was kept stays.
        """
        queue = self._store.queue
        run = self._run = queue.begin_run(self._source.name, self._plan, self._now())
        ended: Ending = "done"
        try:
            if run.resumed:
                self._work_off(run, wait=False)
            ended = self._discover_and_work(run)
        except BudgetSpent:
            ended = "budget"
        finally:
            with suppress(StoreError):
                queue.give_back(self._owner)
        if self._unlisted and ended != "budget":
            raise self._unlisted
        queue.end_run(run, self._now())
        waiting = sum(number for name, number in queue.counts(run).items() if name in ("discovered", "fetched", "failed"))
        failures, requests = frozenset(self._failures), self._fetcher.requests
        return sum_up(self._tally, ended=ended, waiting=waiting, requests=requests, resumed=run.resumed, failures=failures)

    def _discover_and_work(self, run: Run) -> Ending:
        """Lists that could not be had are asked for again, as pages are."""
        attempt = 0
        while True:
            self._store.queue.enqueue(run, self._candidates())
            if isinstance(self._unlisted, BudgetSpent):
                raise self._unlisted
            ended = self._work_off(run, wait=True)
            now = self._now()
            again = self._patience.find_next_try(self._unlisted, attempt, now) if self._unlisted else None
            if again is None or again - now > self._patience.longest_wait:
                return ended
            self._sleep(again - now)
            attempt += 1

    def _candidates(self) -> Iterator[Candidate]:
        """What the source lists; if its lists break off, what they gave is collected before that is told."""
        self._unlisted = None
        self._tally.skipped.clear()
        try:
            for item in find_candidates(self._source, self._fetcher.get, self._window):
                if isinstance(item, Skipped):
                    self._tally.skipped[item.code] += 1
                else:
                    self._tally.found += 1
                    yield item
                self._observe(self._tally)
        except (DiscoveryError, FetchError) as error:
            self._unlisted = error

    def _work_off(self, run: Run, *, wait: bool) -> Ending:
        """Does what is due, and waits for what soon will be."""
        queue = self._store.queue
        while True:
            jobs = queue.claim(self._owner, run, limit=CLAIMED, lease_seconds=LEASE, now=self._now())
            counts = queue.counts(run)
            self._tally.left = sum(counts.get(name, 0) for name in ("discovered", "fetched", "failed"))
            self._work_through(jobs)
            if jobs:
                continue
            pause = queue.next_due(run, self._now())
            if pause is None:
                return "done"
            if not wait or pause > self._patience.longest_wait:
                return "waiting"
            self._tally.pause = pause
            self._observe(self._tally)
            self._sleep(min(pause, POLL) or 0.01)
            self._tally.pause = 0.0

    def _work_through(self, jobs: list[Job]) -> None:
        """One lease's jobs; the lease is renewed as they take their time."""
        renewed = self._now()
        for job in jobs:
            if abs(self._now() - renewed) > LEASE / 4:
                renewed = self._now()
                self._store.queue.renew(self._owner, LEASE, renewed)
            with suppress(LeaseLost):  # another collector took this page over and will keep it
                self._do(job)
            self._tally.left -= 1
            self._observe(self._tally)

    def _do(self, job: Job) -> None:
        """Fetches a page and keeps it, then reads it and keeps the release."""
        candidate = candidate_of(job)
        try:
            page = recall_page(job, self._store.raw) if job.state == "fetched" else self._fetch(job, candidate)
        except BudgetSpent:
            raise
        except ScraperError as error:
            if isinstance(error, StoreError | LeaseLost):
                raise
            self._put_back(job, error)
            return
        if page.unchanged:
            self._challenged = 0
            self._store.queue.keep_unchanged(job, page.retrieved_at)
            self._tally.outcomes["unchanged"] += 1
            return
        if job.state != "fetched":
            job = self._store.queue.keep_fetched(job, page, self._store.raw.put(page.content))
        self._read(job, candidate, page)

    def _fetch(self, job: Job, candidate: Candidate) -> Page:
        return self._source.fetch(self._fetcher.get, candidate, etag=job.etag, last_modified=job.last_modified)

    def _read(self, job: Job, candidate: Candidate, page: Page) -> None:
        try:
            release = read_candidate(self._source, candidate, page)
        except ScraperError as error:
            if not isinstance(error, BlockPage):
                self._challenged = 0
            self._put_back(job, error)
            self._watch.count_refused(page, error)
            self._check_layout()
            return
        self._challenged = 0
        self._watch.count_read(page, release)
        self._check_layout()
        objection = find_objection(release, candidate, self._window)
        if objection is not None:
            self._store.queue.keep_failed(job, objection.code, objection.reason, next_try=None, now=self._now())
            self._tally.refused[objection.code] += 1
            return
        kept = self._store.queue.keep_release(job, release)
        self._tally.outcomes[kept.outcome] += 1

    def _check_layout(self) -> None:
        """Ends the collection where the site has changed, with samples beside the raw bytes."""
        try:
            self._watch.check()
        except LayoutChanged as error:
            folder = self._store.raw.folder.with_name(SAMPLES)
            self._watch.save_samples(folder)
            raise LayoutChanged(error.message, hint=f"{error.hint}; samples are in {folder}", source=error.source) from error

    def _put_back(self, job: Job, error: ScraperError) -> None:
        """Notes a failure, to be tried again or for good."""
        now = self._now()
        if isinstance(error, BlockPage) and job.attempts == 0:
            self._challenged += 1
            if self._challenged >= CHALLENGES:
                error = self._leave_alone(job, error, now)
        next_try = self._patience.find_next_try(error, job.attempts, now)
        counted = job if counts_as_try(error) else replace(job, attempts=job.attempts - 1)
        self._store.queue.keep_failed(counted, error.code, error.message, next_try=next_try, now=now)
        if next_try is not None:
            return
        if isinstance(error, FetchError) or error.exit_code == FetchError.exit_code:
            self._tally.failed[error.code] += 1
            self._failures.add(error.exit_code)
        else:
            self._tally.refused[error.code] += 1

    def _leave_alone(self, job: Job, error: BlockPage, now: float) -> Blocked:
        """A host that asks page after page for proof of a human reader is treated as one that says 403."""
        host = urlsplit(job.url).hostname or ""
        self._store.hosts.postpone(host, STOP_PAUSE, now=now)
        self._challenged = 0
        self._failures.add(error.exit_code)
        return Blocked(f"{host} shows challenges instead of pages", hint=error.hint, source=job.url, pause=STOP_PAUSE)


def _ignore(_tally: Tally) -> None:
    return
