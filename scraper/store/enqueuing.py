"""Discovered pages into the queue: new ones added, known ones made due again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from scraper.store.codec import indexable, plain, plain_or_none
from scraper.store.jobs import Run
from scraper.store.shapes import CandidateLike
from scraper.store.tables import QUEUE


def enqueue_batch(connection: Connection, run: Run, candidates: Sequence[CandidateLike], *, skip_unmodified: bool) -> int:
    """Adds some candidates to a run and returns how many were never seen before."""
    wanted = {(row["canonical"], row["capture"]): row for row in map(_row_of, candidates)}
    query = select(QUEUE).where(QUEUE.c.source == run.source, QUEUE.c.canonical.in_({canonical for canonical, _ in wanted}))
    known = {(row["canonical"], row["capture"]): row for row in connection.execute(query).mappings()}
    fresh = {"source": run.source, "run_id": run.id, "state": "discovered", "attempts": 0}
    new = [row | fresh for key, row in wanted.items() if key not in known]
    if new:
        connection.execute(insert(QUEUE), new)
    for key in wanted.keys() & known.keys():
        if changes := _find_changes(known[key], wanted[key], run, skip_unmodified=skip_unmodified):
            connection.execute(update(QUEUE).where(QUEUE.c.id == known[key]["id"]).values(**changes))
    return len(new)


def _row_of(candidate: CandidateLike) -> dict[str, Any]:
    capture = candidate.capture
    return {
        "canonical": indexable(candidate.canonical),
        "capture": capture.timestamp if capture else "",
        "capture_original": plain_or_none(capture.original if capture else None),
        "capture_digest": plain_or_none(capture.digest if capture else None),
        "url": plain(candidate.url),
        "kind": candidate.kind,
        "title": plain_or_none(candidate.title),
        "date": candidate.date,
        "date_source": candidate.date_source,
        "language": candidate.language,
        "twin": plain_or_none(candidate.twin),
        "listed_modified": candidate.last_modified,
    }


def _find_changes(known: RowMapping, wanted: dict[str, Any], run: Run, *, skip_unmodified: bool) -> dict[str, Any]:
    """What an earlier run's row becomes; nothing for what this run has, and for captures, which never change."""
    if known["run_id"] == run.id or (known["capture"] and known["settled"]):
        return {}
    unmodified = wanted["listed_modified"] is not None and wanted["listed_modified"] == known["listed_modified"]
    if skip_unmodified and unmodified and known["state"] == "read":
        return {}
    changes = {name: value for name, value in wanted.items() if value is not None} | {"run_id": run.id}
    if known["state"] in ("read", "failed"):
        changes |= {"state": "discovered", "attempts": 0, "next_try": None}
    if known["url"] != wanted["url"]:
        changes |= {"etag": None, "last_modified": None}
    return changes
