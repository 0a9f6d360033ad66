"""Rows of the queue as jobs, and jobs changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from scraper.store.fetch_log import find_fetched
from scraper.store.jobs import Job
from scraper.store.tables import QUEUE, RELEASES

_COPIED = (
    *("id", "run_id", "source", "canonical", "url", "state", "attempts", "kind", "title", "date", "date_source", "language", "twin"),
    *("capture", "capture_original", "capture_digest", "listed_modified"),
)


def jobs_of(connection: Connection, rows: Sequence[RowMapping], owner: str) -> list[Job]:
    """Rows as jobs held by `owner`, with the pages and releases they led to."""
    fetched = find_fetched(connection, [row["fetch_id"] for row in rows if row["fetch_id"] is not None])
    ids = [row["release_id"] for row in rows if row["release_id"] is not None]
    found = connection.execute(select(RELEASES.c.id, RELEASES.c.key).where(RELEASES.c.id.in_(ids)))
    keys: dict[int, str] = {row.id: row.key for row in found}
    return [
        Job(
            owner=owner,
            **{name: row[name] for name in _COPIED},
            etag=row["etag"] if row["settled"] else None,
            last_modified=row["last_modified"] if row["settled"] else None,
            fetched=fetched.get(row["fetch_id"]),
            release=keys.get(row["release_id"]),
        )
        for row in rows
    ]


def change_job(connection: Connection, job: Job, **values: Any) -> None:  # noqa: ANN401 - columns of many types
    """Changes columns of a job's row."""
    connection.execute(update(QUEUE).where(QUEUE.c.id == job.id).values(**values))
