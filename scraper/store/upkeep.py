"""A second copy of a store, and whether all that a store holds is whole."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, text

from scraper.durable import sync_file, sync_folder
from scraper.errors import StoreError
from scraper.store.codec import content_hash, release_of
from scraper.store.connecting import Database
from scraper.store.faults import explain
from scraper.store.indexing import index_version
from scraper.store.opening import Store, open_store
from scraper.store.raw import RawBytes
from scraper.store.tables import CAPTURES, FETCHES, METADATA, MIGRATIONS, RELEASES, VERSIONS

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Copied:
    """How many raw files a copy holds, and what is wrong with those that it could not take, one line each."""

    raw_files: int
    damaged: tuple[str, ...]


def back_up(store: Store, target: Path, *, replace: bool = False) -> Copied:
    """Makes a second store of one that may be in use: `target`, a SQLite file, and its folder of raw bytes beside it.

    The file takes its name when all is on disk, raw bytes included; raw bytes there already are not written again. A raw
    file that is damaged is left out and named: a copy of the rest is better than none.

    Args:
        store: the store; on PostgreSQL, too, the copy is a SQLite file.
        target: the file to be made; it can be opened with `open_store`.
        replace: an earlier copy may be replaced.

    Returns:
        what the copy holds and what it lacks.

    Raises:
        StoreError: there is such a file already, or something cannot be written.
    """
    target = target.expanduser().absolute()
    if target == store.database.path or (target.exists() and not replace):
        raise StoreError(f"{target} is there already", hint="name another file, or give --replace", source=str(target))
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with explain(str(target)):
            if store.database.path is not None:
                _copy_file(store.database.path, temporary)
            else:
                _copy_rows(store.database, temporary)
        copied = _copy_raw(store.raw, RawBytes(target.with_suffix(".raw")))
        sync_file(temporary)
        temporary.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        hint = "check space and permissions there, or name another file"
        raise StoreError(f"{target} cannot be written ({error.strerror})", hint=hint, source=str(target)) from error
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            temporary.with_name(temporary.name + ending).unlink(missing_ok=True)
    return copied


def find_damage(store: Store) -> Iterator[str]:
    """All that is not as it should be, one line each; nothing if the store is whole.

    Looked at: the database itself, links between rows, each wording against its hashes, its place among the wordings of its
    release, the index of words, and every raw file that is named anywhere.
    """
    for check in (_check_database, _check_versions, _check_releases, _check_index, _check_raw):
        try:
            yield from check(store)
        except StoreError as error:
            yield error.message


def _copy_file(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other, pages=1000)


def _copy_rows(source: Database, target: Path) -> None:
    copy = open_store(target)
    with source.read() as rows, copy.database.write() as connection:
        for table in METADATA.sorted_tables:
            if table is MIGRATIONS:
                continue
            found = rows.execution_options(stream_results=True).execute(select(table)).mappings()
            for part in found.partitions(_PAGE):
                connection.execute(insert(table), [dict(row) for row in part])
        _index_all(connection)
    copy.close()
    with closing(sqlite3.connect(target)) as finished:
        finished.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _index_all(connection: Connection) -> None:
    after = 0
    columns = (VERSIONS.c.id, VERSIONS.c.title, VERSIONS.c.text)
    while rows := connection.execute(select(*columns).where(VERSIONS.c.id > after).order_by(VERSIONS.c.id).limit(_PAGE)).all():
        for row in rows:
            index_version(connection, row.id, row.title or "", row.text)
        after = rows[-1].id


def _copy_raw(source: RawBytes, target: RawBytes) -> Copied:
    number, damaged = 0, []
    for digest in source.digests():
        if not target.holds(digest):
            try:
                content = source.get(digest)
            except StoreError as error:
                damaged.append(error.message)
                continue
            target.put(content)
        number += 1
    return Copied(number, tuple(damaged))


def _check_database(store: Store) -> Iterator[str]:
    if store.database.path is None:
        return
    with store.database.read() as connection:
        for (line,) in connection.execute(text("PRAGMA integrity_check(20)")):
            if line != "ok":
                yield f"database: {line}"
        for table, row, other, _ in connection.execute(text("PRAGMA foreign_key_check")).all()[:20]:
            yield f"database: row {row} of {table} names a row of {other} that is not there"


def _check_versions(store: Store) -> Iterator[str]:
    after = 0
    first = select(CAPTURES.c.provenance).where(CAPTURES.c.version_id == VERSIONS.c.id).order_by(CAPTURES.c.id).limit(1)
    columns = (VERSIONS.c[name] for name in ("id", "sha256", "content_sha256", "text", "details"))
    query = select(*columns, first.scalar_subquery().label("provenance"), RELEASES.c.key)
    query = query.join(RELEASES, RELEASES.c.id == VERSIONS.c.release_id).order_by(VERSIONS.c.id).limit(_PAGE)
    while True:
        with store.database.read() as connection:
            rows = connection.execute(query.where(VERSIONS.c.id > after)).mappings().all()
        if not rows:
            return
        for row in rows:
            name = f"version {row['sha256'][:12]} of {row['key']}"
            if row["provenance"] is None:
                yield f"{name}: no address is known that gave it"
                continue
            try:
                release = release_of(row)
                whole = release.version == row["sha256"] and content_hash(release) == row["content_sha256"]
            except (ValueError, KeyError, TypeError):
                whole = False
            if not whole:
                yield f"{name}: its text or details are not those it was kept with"
        after = rows[-1]["id"]


def _check_releases(store: Store) -> Iterator[str]:
    with store.database.read() as connection:
        empty = select(RELEASES.c.key).where(RELEASES.c.id.not_in(select(VERSIONS.c.release_id)))
        for key in connection.execute(empty).scalars():
            yield f"release {key}: it has no text"
        numbers = select(RELEASES.c.key, VERSIONS.c.language, func.sum(VERSIONS.c.current).label("current"))
        numbers = numbers.join(VERSIONS, VERSIONS.c.release_id == RELEASES.c.id).group_by(RELEASES.c.key, VERSIONS.c.language)
        for row in connection.execute(numbers.having(func.sum(VERSIONS.c.current) != 1)):
            yield f"release {row.key}: {row.current} current wordings in {row.language or 'an unknown language'}, not one"


def _check_index(store: Store) -> Iterator[str]:
    table, column = ("search_docsize", "id") if store.database.path is not None else ("search", "version_id")
    with store.database.read() as connection:
        missing = text(f"SELECT id FROM versions WHERE id NOT IN (SELECT {column} FROM {table}) ORDER BY id LIMIT 20")
        for (number,) in connection.execute(missing):
            yield f"index of words: version number {number} is not in it"


def _check_raw(store: Store) -> Iterator[str]:
    """Bytes that were fetched must be there; a text that was read elsewhere names bytes that the store was never given."""
    named: dict[str, set[str]] = {}
    with store.database.read() as connection:
        for column in (CAPTURES.c.raw_sha256, CAPTURES.c.last_raw_sha256, FETCHES.c.raw_sha256):
            found = connection.execute(select(column).where(column.is_not(None)).distinct()).scalars()
            named.setdefault(column.table.name, set()).update(found)
    fetched = named[FETCHES.name]
    for digest in sorted(fetched | {one for one in named[CAPTURES.name] if store.raw.holds(one)}):
        try:
            store.raw.get(digest)
        except StoreError as error:
            yield error.message
