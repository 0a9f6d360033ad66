"""Two documents of the store that turn out to be one."""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, insert, select, update

from scraper.store.codec import indexable
from scraper.store.indexing import unindex_version
from scraper.store.tables import ADDRESSES, CAPTURES, KEYS, QUEUE, RELEASES, SCORES, VERSIONS


def merge_releases(connection: Connection, first: int, second: int) -> int:
    """Gives all that belongs to one document to the one met earlier, and returns that one's number.

    Nothing is lost: words that both have are kept once with the captures of both, and the key that goes stays known.
    """
    if first == second:
        return first
    kept, gone = min(first, second), max(first, second)
    _move_versions(connection, kept, gone)
    for table in (ADDRESSES, QUEUE):
        connection.execute(update(table).where(table.c.release_id == gone).values(release_id=kept))
    old = connection.execute(select(RELEASES).where(RELEASES.c.id == gone)).mappings().one()
    _move(connection, KEYS, "release_id", gone, kept, ("key",))
    connection.execute(insert(KEYS).values(key=indexable(f"alias:{old['key']}"), release_id=kept))
    connection.execute(delete(RELEASES).where(RELEASES.c.id == gone))
    for name, earlier in (("first_seen", True), ("last_seen", False)):
        column = RELEASES.c[name]
        worse = column > old[name] if earlier else column < old[name]
        connection.execute(update(RELEASES).where(RELEASES.c.id == kept, worse).values({name: old[name]}))
    return kept


def _move_versions(connection: Connection, kept: int, gone: int) -> None:
    both = select(VERSIONS).where(VERSIONS.c.release_id.in_((kept, gone))).order_by(VERSIONS.c.id)
    rows = connection.execute(both).mappings().all()
    present = {row["content_sha256"]: row for row in rows if row["release_id"] == kept}
    for row in rows:
        if row["release_id"] == kept:
            continue
        twin = present.get(row["content_sha256"])
        if twin is None:
            connection.execute(update(VERSIONS).where(VERSIONS.c.id == row["id"]).values(release_id=kept))
            continue
        connection.execute(update(CAPTURES).where(CAPTURES.c.version_id == row["id"]).values(version_id=twin["id"]))
        _move_scores(connection, row["id"], twin["id"])
        unindex_version(connection, row["id"])
        connection.execute(delete(VERSIONS).where(VERSIONS.c.id == row["id"]))
        seen = {"first_seen": min(row["first_seen"], twin["first_seen"]), "last_seen": max(row["last_seen"], twin["last_seen"])}
        connection.execute(update(VERSIONS).where(VERSIONS.c.id == twin["id"]).values(**seen))


def _move_scores(connection: Connection, old: int, new: int) -> None:
    _move(connection, SCORES, "version_id", old, new, ("model_hash",))


def _move(connection: Connection, table: Table, name: str, old: int, new: int, rest: tuple[str, ...]) -> None:
    """Moves rows from one owner to another; of two with the same rest of the key, the new owner's stays."""
    column = table.c[name]
    present = {tuple(row) for row in connection.execute(select(*(table.c[part] for part in rest)).where(column == new))}
    for row in connection.execute(select(*(table.c[part] for part in rest)).where(column == old)).all():
        change = delete(table) if tuple(row) in present else update(table).values({name: new})
        chosen = change.where(column == old)
        for part, value in zip(rest, row, strict=True):
            chosen = chosen.where(table.c[part] == value)
        connection.execute(chosen)
