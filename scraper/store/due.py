"""Which jobs are left, due and free: the conditions of the queue."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, or_, select, text

from scraper.errors import LeaseLost
from scraper.store.jobs import Job, Run
from scraper.store.leases import SLACK, is_dead
from scraper.store.tables import QUEUE

NO_LEASE: dict[str, Any] = {"owner": None, "leased_at": None, "lease_until": None}
SETTLED: dict[str, Any] = {"next_try": None, **NO_LEASE}


# Word for word the condition of the index `queue_open`, values and all: a database takes that index for no other.
_LEFT = text("(state IN ('discovered', 'fetched') OR (state = 'failed' AND next_try IS NOT NULL))")


def is_open(run: Run) -> ColumnElement[bool]:
    """Jobs of a run that are not done: to be fetched, to be read, or to be tried again."""
    return and_(QUEUE.c.run_id == run.id, _LEFT)


def is_due(now: float) -> ColumnElement[bool]:
    """Jobs whose pause is over; one that failed in the future did so before the clock was set back."""
    return or_(QUEUE.c.next_try.is_(None), QUEUE.c.next_try <= now, QUEUE.c.failed_at > now + SLACK)


def is_free(now: float, dead: Collection[str]) -> ColumnElement[bool]:
    """Jobs that nobody holds: no lease, one that ran out or began in the future, or one of a dead collector."""
    over = or_(QUEUE.c.lease_until <= now, QUEUE.c.leased_at > now + SLACK)
    left = [QUEUE.c.owner.in_(list(dead))] if dead else []  # an empty IN keeps SQLite from the index
    return or_(QUEUE.c.owner.is_(None), over, *left)


def find_dead(connection: Connection, run: Run) -> list[str]:
    """Holders of leases of a run whose processes are gone."""
    owners = connection.execute(select(QUEUE.c.owner).where(QUEUE.c.run_id == run.id, QUEUE.c.owner.is_not(None)).distinct())
    return [owner for owner in owners.scalars() if is_dead(owner)]


def check_lease(connection: Connection, job: Job) -> RowMapping:
    """The job's row.

    Raises:
        LeaseLost: its lease is another collector's by now, or was given back.
    """
    row = connection.execute(select(QUEUE).where(QUEUE.c.id == job.id)).mappings().one_or_none()
    if row is None or row["owner"] != job.owner:
        message = f"{job.url}: another collector has taken this page over"
        raise LeaseLost(message, hint="nothing is lost; lease jobs for longer", source=job.url)
    return row
