"""The queue of the crawl: discovered -> fetched -> read | failed. Each method is one transaction.

A job belongs to the run that asked for it last and is leased to one collector at a time. A collector that lost its lease
can keep nothing more for that job, so a page is never counted twice.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import func, select, update

from scraper.release import Release
from scraper.store.codec import plain, plain_or_none
from scraper.store.connecting import Database
from scraper.store.due import NO_LEASE, SETTLED, check_lease, find_dead, is_due, is_free, is_open
from scraper.store.enqueuing import enqueue_batch
from scraper.store.fetch_log import iso_time, log_answer, log_page
from scraper.store.jobs import FailedJob, Job, Kept, Run
from scraper.store.keeping import Sighting, keep_sighting, touch_release
from scraper.store.rows import change_job, jobs_of
from scraper.store.shapes import CandidateLike, PageLike
from scraper.store.tables import QUEUE, RUNS
from scraper.store.writing import add_row

JOINED_FOR = 24 * 3600.0
"""Seconds for which an unfinished run is taken up again; an older one has seen too old a state of the site."""

BATCH = 500


@dataclass(frozen=True, slots=True)
class Queue:
    """What is to be fetched and read, and what became of it. `now` is seconds since 1970, by default the clock's."""

    database: Database

    def begin_run(self, source: str, plan: str, now: float | None = None) -> Run:
        """Begins a collection, or takes up the unfinished one of the same source and plan.

        Args:
            source: name of the source.
            plan: what is asked for (window, kind, target) as one text; equal plans are the same collection.
            now: the time.
        """
        now = time.time() if now is None else now
        with self.database.write() as connection:
            wanted = select(RUNS).where(RUNS.c.source == source, RUNS.c.plan == plan, RUNS.c.ended_at.is_(None))
            row = connection.execute(wanted.order_by(RUNS.c.id.desc()).limit(1)).mappings().first()
            if row and abs(now - row["started_at"]) < JOINED_FOR:
                return Run(row["id"], source, resumed=True)
            return Run(add_row(connection, RUNS, {"source": source, "plan": plan, "started_at": now}), source, resumed=False)

    def end_run(self, run: Run, now: float | None = None) -> bool:
        """Ends a collection if nothing of it is left to do; returns whether it did."""
        with self.database.write() as connection:
            if connection.execute(select(QUEUE.c.id).where(is_open(run)).limit(1)).first():
                return False
            connection.execute(update(RUNS).where(RUNS.c.id == run.id).values(ended_at=time.time() if now is None else now))
        return True

    def enqueue(self, run: Run, candidates: Iterable[CandidateLike], *, skip_unmodified: bool = False) -> int:
        """Adds pages to a run; what the run has already is left alone.

        A page known from an earlier run is due again, with its ETag and Last-Modified.

        Args:
            run: the collection.
            candidates: as discovered; kept in batches, so a generator may be long.
            skip_unmodified: leave out a page that was read and whose listing gives the same `last_modified` as then.

        Returns:
            how many of them no run has seen before.
        """
        new, waiting = 0, iter(candidates)
        while batch := list(islice(waiting, BATCH)):
            with self.database.write() as connection:
                new += enqueue_batch(connection, run, batch, skip_unmodified=skip_unmodified)
        return new

    def claim(self, owner: str, run: Run, *, limit: int = 1, lease_seconds: float = 300.0, now: float | None = None) -> list[Job]:
        """Leases the next jobs of a run, in the order in which they were discovered.

        A job of a collector that is dead or whose lease ran out comes back; so does one whose lease or failure lies in the
        future, since the clock was set back. An empty list means that nothing is due: see `next_due` for when.
        """
        now = time.time() if now is None else now
        with self.database.write() as connection:
            wanted = select(QUEUE).where(is_open(run), is_due(now), is_free(now, find_dead(connection, run)))
            rows = connection.execute(wanted.order_by(QUEUE.c.id).limit(limit)).mappings().all()
            lease = {"owner": owner, "leased_at": now, "lease_until": now + lease_seconds}
            connection.execute(update(QUEUE).where(QUEUE.c.id.in_([row["id"] for row in rows])).values(**lease))
            return jobs_of(connection, rows, owner)

    def renew(self, owner: str, lease_seconds: float = 300.0, now: float | None = None) -> int:
        """Prolongs all leases of a collector; returns how many it still holds."""
        now = time.time() if now is None else now
        with self.database.write() as connection:
            held = update(QUEUE).where(QUEUE.c.owner == owner).values(leased_at=now, lease_until=now + lease_seconds)
            return int(connection.execute(held).rowcount)

    def give_back(self, owner: str) -> int:
        """Ends all leases of a collector, so that others may have its jobs at once."""
        with self.database.write() as connection:
            return int(connection.execute(update(QUEUE).where(QUEUE.c.owner == owner).values(**NO_LEASE)).rowcount)

    def next_due(self, run: Run, now: float | None = None) -> float | None:
        """Seconds until a job of the run may be due; 0 if one may be now, null if none is left."""
        now = time.time() if now is None else now
        columns = (QUEUE.c.next_try, QUEUE.c.failed_at, QUEUE.c.leased_at, QUEUE.c.lease_until)
        with self.database.read() as connection:
            free = is_free(now, find_dead(connection, run))
            if connection.execute(select(QUEUE.c.id).where(is_open(run), is_due(now), free).limit(1)).first():
                return 0.0
            rows = connection.execute(select(*columns).where(is_open(run))).mappings()
            return min((max(row["next_try"] or now, row["lease_until"] or now) - now for row in rows), default=None)

    def keep_fetched(self, job: Job, page: PageLike, raw_sha256: str) -> Job:
        """Notes that a page was had; its bytes are in `RawBytes` already.

        Returns:
            the job as it stands now, to be given to `keep_release` or `keep_failed`.

        Raises:
            LeaseLost: another collector has the job.
        """
        headers = {name.lower(): value for name, value in page.headers.items()}
        etag, last_modified = plain_or_none(headers.get("etag")), plain_or_none(headers.get("last-modified"))
        with self.database.write() as connection:
            check_lease(connection, job)
            fetch_id, fetched = log_page(connection, job, page, raw_sha256)
            change_job(connection, job, state="fetched", settled=None, fetch_id=fetch_id, etag=etag, last_modified=last_modified)
        return replace(job, state="fetched", fetched=fetched)

    def keep_unchanged(self, job: Job, retrieved_at: str) -> None:
        """Notes that the server answered 304: the page is what it was, a release or a refusal.

        Raises:
            LeaseLost: another collector has the job.
        """
        with self.database.write() as connection:
            row = check_lease(connection, job)
            log_answer(connection, job, retrieved_at, status=304)
            if row["settled"] == "read":
                change_job(connection, job, state="read", outcome="unchanged", reason=None, message=None, **SETTLED)
                touch_release(connection, row["release_id"], job, retrieved_at)
            else:
                change_job(connection, job, state="failed", outcome="unchanged", reason=row["settled"] or row["reason"], **SETTLED)

    def keep_release(self, job: Job, release: Release, *, kind: str | None = None) -> Kept:
        """Keeps what was read, links it to the document it belongs to, and ends the job.

        Raises:
            LeaseLost: another collector has the job.
        """
        passed = (job.canonical, *(job.fetched.redirects if job.fetched else ()))
        sighting = Sighting(release, kind=kind or job.kind, source=job.source, archived_at=job.capture, passed=passed, twin=job.twin)
        with self.database.write() as connection:
            check_lease(connection, job)
            release_id, kept = keep_sighting(connection, sighting)
            done = {"outcome": kept.outcome, "settled": "read", "reason": None, "message": None, "failed_at": None, "attempts": 0}
            change_job(connection, job, state="read", release_id=release_id, **done, **SETTLED)
        return kept

    def keep_failed(
        self, job: Job, code: str, message: str, *, next_try: float | None, now: float | None = None, status: int | None = None
    ) -> None:
        """Notes why a page could not be had, or why what was had could not be read.

        Args:
            job: the job, as `keep_fetched` returned it if the page was had.
            code: a stable word (`ScraperError.code`).
            message: one line.
            next_try: when to try again, seconds since 1970; null not to, until a later run asks for the page.
            now: the time.
            status: what the server answered, if it did.

        Raises:
            LeaseLost: another collector has the job.
        """
        now = time.time() if now is None else now
        values: dict[str, Any] = {"reason": code, "message": plain(message), "failed_at": now, "attempts": job.attempts + 1}
        if job.state == "fetched":
            values["settled"] = code
        with self.database.write() as connection:
            check_lease(connection, job)
            if job.state != "fetched":
                log_answer(connection, job, iso_time(now), status=status, error=code)
            change_job(connection, job, state="failed", outcome="failed", **values, **{**SETTLED, "next_try": next_try})

    def counts(self, run: Run) -> dict[str, int]:
        """How many jobs of a run are in each state; those failed for good are `refused:<reason>`."""
        columns = (QUEUE.c.state, QUEUE.c.reason, func.count().label("all"), func.count(QUEUE.c.next_try).label("again"))
        query = select(*columns).where(QUEUE.c.run_id == run.id).group_by(QUEUE.c.state, QUEUE.c.reason)
        found: dict[str, int] = {}
        with self.database.read() as connection:
            for row in connection.execute(query).mappings():
                final = row["all"] - row["again"] if row["state"] == "failed" else 0
                for name, number in ((f"refused:{row['reason']}", final), (row["state"], row["all"] - final)):
                    if number:
                        found[name] = found.get(name, 0) + number
        return found

    def failures(self, run: Run) -> Iterator[FailedJob]:
        """The jobs of a run that failed, in the order of discovery."""
        query = select(QUEUE).where(QUEUE.c.run_id == run.id, QUEUE.c.state == "failed").order_by(QUEUE.c.id)
        with self.database.read() as connection:
            for row in connection.execute(query).mappings():
                yield FailedJob(row["canonical"], row["url"], row["reason"], row["message"], row["attempts"], row["next_try"])
