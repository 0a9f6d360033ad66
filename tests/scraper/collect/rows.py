"""All rows of a store in a form that does not depend on when, or in which process, they were written."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from pathlib import Path

PASSING = re.compile(r".*_seen|.*_at|next_try|lease_until|owner|id|.*_id|run|expires|headers")
"""Columns of times, numbers and leases."""
TABLES = ("releases", "versions", "addresses", "captures", "keys", "queue", "fetch_log")
_NAMES = {
    "release_id": "SELECT id, key FROM releases",
    "version_id": "SELECT v.id, r.key || ' ' || v.content_sha256 FROM versions v JOIN releases r ON r.id = v.release_id",
    "address_id": "SELECT id, canonical FROM addresses",
    "job_id": "SELECT id, source || ' ' || canonical || ' ' || capture FROM queue",
}


def list_rows(path: Path) -> dict[str, Counter[tuple[tuple[str, object], ...]]]:
    """The rows of each table; numbers of other rows are replaced by what those are."""
    with sqlite3.connect(path) as database:
        database.row_factory = sqlite3.Row
        names = {column: dict(tuple(row) for row in database.execute(query)) for column, query in _NAMES.items()}
        return {
            table: Counter(_plain(row, names) for row in database.execute(f"SELECT * FROM {table}"))  # noqa: S608 - names of ours
            for table in TABLES
        }


def _plain(row: sqlite3.Row, names: dict[str, dict[int, str]]) -> tuple[tuple[str, object], ...]:
    kept = []
    for column in row.keys():  # noqa: SIM118 - a Row iterates over its values
        if column in names:
            kept.append((column, names[column].get(row[column])))
        elif column == "provenance":
            kept.append((column, re.sub(r'"retrieved_at":"[^"]*"', "", row[column])))
        elif not PASSING.fullmatch(column):
            kept.append((column, row[column]))
    return tuple(kept)
