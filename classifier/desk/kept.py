"""Releases of the store as records, and the store opened for a command."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from classifier.desk.commands.endings import USAGE, end
from classifier.desk.entry import INTERRUPTED
from classifier.desk.output import OutputError, tell
from scraper.errors import ScraperError

if TYPE_CHECKING:
    from scraper.store.library import Entry, Filter, Version
    from scraper.store.opening import Store

SCHEMA = 1
"""Number of the form of a record of a release; it rises when a field changes its meaning or goes."""


@contextmanager
def reading_store(address: str | None) -> Iterator[Store]:
    """The store for a command that reads it; whatever fails ends the command with one line and an exit code."""
    from scraper.store.opening import open_store

    try:
        with open_store(address, create=False) as store:
            yield store
    except ScraperError as error:
        end(error.message, error.hint, error.exit_code)
    except OutputError as error:
        end(f"standard output: {error}", error.hint, 1)
    except KeyboardInterrupt:
        tell("interrupted.")
        raise SystemExit(INTERRUPTED) from None


def build_filter(since: str | None, until: str | None, kind: str | None, source: str | None, language: str | None) -> Filter:
    """The filter that options ask for; a day that is none ends the command."""
    from scraper.store.library import Filter

    for name, day in (("--since", since), ("--until", until)):
        if day is not None and not _is_day(day):
            end(f"{name}: {day!r} is no day", "write it as 2022-02-24", USAGE)
    return Filter(since=since, until=until, kind=kind, source=source, language=language.lower() if language else None)


def build_entry(entry: Entry) -> dict[str, Any]:
    """A release and what the store knows of it, without its text."""
    release = entry.release
    return {
        "schema": SCHEMA,
        "id": entry.key,
        "title": release.title,
        "subtitle": release.subtitle,
        "number": release.number,
        "date": release.date,
        "date_source": release.date_source,
        "kind": entry.kind,
        "source": entry.source,
        "language": entry.language,
        "url": release.url,
        "version": entry.version,
        "versions": entry.versions,
        "languages": list(entry.languages),
        "addresses": list(entry.addresses),
        "first_seen": entry.first_seen,
        "last_seen": entry.last_seen,
        "retrieved_at": release.provenance.retrieved_at,
        "raw_sha256": release.provenance.raw_sha256,
        "layout": release.provenance.layout,
        "archived": release.provenance.archived,
    }


def build_version(version: Version) -> dict[str, Any]:
    """A wording of a release: when and where it was met, without its text."""
    return {
        "version": version.version,
        "language": version.language or None,
        "current": version.current,
        "title": version.release.title,
        "first_seen": version.first_seen,
        "last_seen": version.last_seen,
        "captures": [
            {
                "address": capture.address,
                "archived_at": capture.archived_at or None,
                "first_seen": capture.first_seen,
                "last_seen": capture.last_seen,
                "raw_sha256": capture.raw_sha256,
            }
            for capture in version.captures
        ],
    }


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False
