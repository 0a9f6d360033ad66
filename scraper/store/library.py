"""Releases in the store: kept, listed, and given back as they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, or_, select

from scraper.release import Release
from scraper.store.codec import indexable, release_of
from scraper.store.connecting import Database
from scraper.store.jobs import Kept
from scraper.store.keeping import Sighting, keep_sighting
from scraper.store.tables import ADDRESSES, CAPTURES, KEYS, RELEASES, VERSIONS

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """Which releases: `since` and `until` are ISO days, both included; a release without a date passes neither.

    `kind`, `source` and `language` are exact; null lets all pass. A release in several languages passes for each of them.
    """

    since: str | None = None
    until: str | None = None
    kind: str | None = None
    source: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A release of the store with what the store knows of it.

    `release` is the current wording in `language`; `version` the SHA-256 of its text, `versions` how many wordings are held,
    `languages` those there are, `addresses` all that lead to it. Times are ISO 8601 in UTC.
    """

    key: str
    kind: str | None
    source: str | None
    language: str | None
    version: str
    versions: int
    languages: tuple[str, ...]
    addresses: tuple[str, ...]
    first_seen: str
    last_seen: str
    release: Release


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of a release: when it was met first and last, where, and whether it is the current one of its language."""

    version: str
    content: str
    language: str
    current: bool
    first_seen: str
    last_seen: str
    captures: tuple[Capture, ...]
    release: Release


@dataclass(frozen=True, slots=True)
class Capture:
    """An address that gave a wording; `archived_at` has the 14 digits of an archive's capture, or is empty."""

    address: str
    archived_at: str
    first_seen: str
    last_seen: str
    raw_sha256: str | None


@dataclass(frozen=True, slots=True)
class Library:
    """The releases of a store."""

    database: Database

    def add(self, release: Release, *, kind: str | None = None, source: str | None = None) -> Kept:
        """Keeps a release that came without the queue."""
        with self.database.write() as connection:
            return keep_sighting(connection, Sighting(release, kind=kind, source=source))[1]

    def releases(self, chosen: Filter | None = None) -> Iterator[Entry]:
        """Releases in the order of their dates, undated ones last; read in pages, so that a writer need not wait."""
        chosen = chosen or Filter()
        after: tuple[str, int] | None = None
        while True:
            with self.database.read() as connection:
                rows = connection.execute(_page_of(chosen, after)).mappings().all()
                entries = [_entry_of(connection, row) for row in rows]
            yield from entries
            if len(rows) < _PAGE:
                return
            after = (rows[-1]["day"], rows[-1]["release_id"])

    def release(self, key: str, language: str | None = None) -> Entry | None:
        """The release known by a key, an address, or the key of one merged into it; null if there is none.

        Args:
            key: as `Entry.key` or an address in canonical form.
            language: which translation; else the main one.
        """
        with self.database.read() as connection:
            number = _find_number(connection, key)
            if number is None:
                return None
            wanted = _CURRENT.where(RELEASES.c.id == number)
            wanted = wanted.where(VERSIONS.c.language == (language if language is not None else func.coalesce(RELEASES.c.language, "")))
            row = connection.execute(wanted).mappings().first()
            return _entry_of(connection, row) if row else None

    def versions(self, key: str) -> list[Version]:
        """All wordings of a release, in the order in which they were met; empty if there is no such release."""
        with self.database.read() as connection:
            number = _find_number(connection, key)
            rows = connection.execute(select(VERSIONS).where(VERSIONS.c.release_id == number).order_by(VERSIONS.c.id)).mappings().all()
            return [_version_of(connection, row) for row in rows]

    def count(self) -> int:
        """How many releases there are."""
        with self.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(RELEASES)).scalar_one())


_FIRST_CAPTURE = (
    select(CAPTURES.c.provenance).where(CAPTURES.c.version_id == VERSIONS.c.id).order_by(CAPTURES.c.id).limit(1).scalar_subquery()
)
_DAY = func.coalesce(RELEASES.c.date, "9999-99-99")
_CURRENT = (
    select(
        *(RELEASES.c[name] for name in ("key", "kind", "source", "first_seen", "last_seen")),
        RELEASES.c.id.label("release_id"),
        _DAY.label("day"),
        *(VERSIONS.c[name] for name in ("language", "text", "details", "sha256")),
        _FIRST_CAPTURE.label("provenance"),
    )
    .join(VERSIONS, VERSIONS.c.release_id == RELEASES.c.id)
    .where(VERSIONS.c.current == 1)
)


def _page_of(chosen: Filter, after: tuple[str, int] | None) -> Select[Any]:
    query = _CURRENT
    if chosen.since:
        query = query.where(RELEASES.c.date >= chosen.since)
    if chosen.until:
        query = query.where(RELEASES.c.date <= chosen.until)
    if chosen.kind:
        query = query.where(RELEASES.c.kind == chosen.kind)
    if chosen.source:
        query = query.where(RELEASES.c.source == chosen.source)
    query = query.where(VERSIONS.c.language == (chosen.language or func.coalesce(RELEASES.c.language, "")))
    if after:
        day: ColumnElement[str] = _DAY
        query = query.where(or_(day > after[0], and_(day == after[0], RELEASES.c.id > after[1])))
    return query.order_by(_DAY, RELEASES.c.id).limit(_PAGE)


def _find_number(connection: Connection, key: str) -> int | None:
    for query in (
        select(RELEASES.c.id).where(RELEASES.c.key == indexable(key)),
        select(ADDRESSES.c.release_id).where(ADDRESSES.c.canonical == indexable(key)),
        select(KEYS.c.release_id).where(KEYS.c.key == indexable(f"alias:{key}")),
    ):
        if (number := connection.execute(query).scalar()) is not None:
            return int(number)
    return None


def _entry_of(connection: Connection, row: RowMapping) -> Entry:
    number = row["release_id"]
    versions = (
        connection.execute(select(VERSIONS.c.language).where(VERSIONS.c.release_id == number).order_by(VERSIONS.c.id)).scalars().all()
    )
    addresses = connection.execute(select(ADDRESSES.c.canonical).where(ADDRESSES.c.release_id == number).order_by(ADDRESSES.c.id)).scalars()
    return Entry(
        key=row["key"],
        kind=row["kind"],
        source=row["source"],
        language=row["language"] or None,
        version=row["sha256"],
        versions=len(versions),
        languages=tuple(dict.fromkeys(filter(None, versions))),
        addresses=tuple(addresses),
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        release=release_of(row),
    )


def _version_of(connection: Connection, row: RowMapping) -> Version:
    query = select(CAPTURES, ADDRESSES.c.canonical).join(ADDRESSES, ADDRESSES.c.id == CAPTURES.c.address_id)
    captures = connection.execute(query.where(CAPTURES.c.version_id == row["id"]).order_by(CAPTURES.c.id)).mappings().all()
    return Version(
        version=row["sha256"],
        content=row["content_sha256"],
        language=row["language"],
        current=bool(row["current"]),
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        captures=tuple(
            Capture(one["canonical"], one["archived_at"], one["first_seen"], one["last_seen"], one["raw_sha256"]) for one in captures
        ),
        release=release_of({"text": row["text"], "details": row["details"], "provenance": captures[0]["provenance"]}),
    )
