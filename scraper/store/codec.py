"""A `Release` as rows, and back exactly as it was.

Columns that people search and read hold what every database can hold; NUL and lone surrogates are U+FFFD there.
`details` and `provenance` are JSON with escapes and hold all of it exactly.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import RowMapping

from scraper.release import Paragraph, Provenance, Release

LONGEST_KEY = 600
"""Code points, of at most four bytes each."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def plain(text: str) -> str:
    """The text as any database can hold it."""
    return _UNSTORABLE.sub("\ufffd", text)


def indexable(text: str) -> str:
    """The same for what is looked up: one too long for an index of PostgreSQL ends in the hash of all of it."""
    text = plain(text)
    return text if len(text) <= LONGEST_KEY else f"{text[:LONGEST_KEY]}#{hashlib.sha256(text.encode()).hexdigest()}"


def plain_or_none(text: str | None) -> str | None:
    """The same for what may be missing."""
    return None if text is None else plain(text)


def to_json(value: object) -> str:
    """JSON in ASCII, keys in order, so that equal values are equal texts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def content_hash(release: Release) -> str:
    """SHA-256 of what a reader sees: text, title, subtitle, number and date."""
    seen = [release.text, release.title, release.subtitle, release.number, release.date]
    return hashlib.sha256(to_json(seen).encode("ascii")).hexdigest()


def version_row(release: Release) -> dict[str, Any]:
    """The columns of `versions` that come from the release alone."""
    text = plain(release.text)
    details: dict[str, Any] = {
        "id": release.id,
        "title": release.title,
        "subtitle": release.subtitle,
        "number": release.number,
        "date": release.date,
        "date_source": release.date_source,
        "language": release.language,
        "url": release.url,
        "extra": release.extra,
        "paragraphs": [[part.start, part.end] for part in release.paragraphs],
    }
    if text != release.text:
        details["text"] = release.text
    return {
        "sha256": release.version,
        "content_sha256": content_hash(release),
        "language": plain(release.language or ""),
        "text": text,
        "details": to_json(details),
    }


def provenance_json(provenance: Provenance) -> str:
    """A provenance as JSON."""
    return to_json(asdict(provenance))


def release_of(row: Mapping[str, Any] | RowMapping) -> Release:
    """The release of a row that has `text` and `details` of a version and `provenance` of a capture."""
    details = json.loads(row["details"])
    given = json.loads(row["provenance"])
    return Release(
        id=details["id"],
        text=details.get("text", row["text"]),
        paragraphs=tuple(Paragraph(start, end) for start, end in details["paragraphs"]),
        provenance=Provenance(**{**given, "notes": tuple(given["notes"])}),
        title=details["title"],
        subtitle=details["subtitle"],
        number=details["number"],
        date=details["date"],
        date_source=details["date_source"],
        language=details["language"],
        url=details["url"],
        extra=details["extra"],
    )
