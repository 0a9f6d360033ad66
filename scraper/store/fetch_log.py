"""The log of requests for pages: what was asked, what was answered, which bytes."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from scraper.store.codec import plain, plain_or_none, to_json
from scraper.store.jobs import Fetched, Job
from scraper.store.shapes import PageLike
from scraper.store.tables import FETCHES
from scraper.store.writing import add_row


def log_page(connection: Connection, job: Job, page: PageLike, raw_sha256: str) -> tuple[int, Fetched]:
    """Logs a page and returns the entry's number and the page without its bytes."""
    values = {
        "job_id": job.id,
        "run_id": job.run_id,
        "url": plain(page.url),
        "final_url": plain(page.final_url),
        "status": page.status,
        "content_type": plain(page.content_type),
        "charset": plain_or_none(page.charset),
        "headers": to_json(dict(page.headers)),
        "redirects": to_json(list(page.redirects)),
        "notes": to_json(list(page.notes)),
        "retrieved_at": page.retrieved_at,
        "raw_sha256": raw_sha256,
        "size": len(page.content),
    }
    fetched = Fetched(
        url=page.url,
        final_url=page.final_url,
        status=page.status,
        content_type=page.content_type,
        charset=page.charset,
        headers=dict(page.headers),
        redirects=tuple(page.redirects),
        retrieved_at=page.retrieved_at,
        raw_sha256=raw_sha256,
        notes=tuple(page.notes),
    )
    return add_row(connection, FETCHES, values), fetched


def log_answer(connection: Connection, job: Job, retrieved_at: str, *, status: int | None = None, error: str | None = None) -> None:
    """Logs an answer without a page: 304, or a failure and its code."""
    values = {"job_id": job.id, "run_id": job.run_id, "url": plain(job.url), "status": status, "error": error}
    add_row(connection, FETCHES, {**values, "retrieved_at": retrieved_at})


def find_fetched(connection: Connection, ids: Collection[int]) -> dict[int, Fetched]:
    """Pages by the number of their entry."""
    rows = connection.execute(select(FETCHES).where(FETCHES.c.id.in_(list(ids)))).mappings()
    return {
        row["id"]: Fetched(
            url=row["url"],
            final_url=row["final_url"],
            status=row["status"],
            content_type=row["content_type"],
            charset=row["charset"],
            headers=json.loads(row["headers"]),
            redirects=tuple(json.loads(row["redirects"])),
            retrieved_at=row["retrieved_at"],
            raw_sha256=row["raw_sha256"],
            notes=tuple(json.loads(row["notes"] or "[]")),
        )
        for row in rows
    }


def iso_time(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
