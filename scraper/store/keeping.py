"""A release into the store: found again under any of its addresses, never overwritten, each wording once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, case, insert, select, update

from scraper.errors import Malformed
from scraper.identity import canonical_address
from scraper.release import Release
from scraper.sameness import Identity, identify
from scraper.store.codec import indexable, plain, plain_or_none, provenance_json, version_row
from scraper.store.indexing import index_version
from scraper.store.jobs import Job, Kept, Outcome
from scraper.store.matching import Sought, find_known
from scraper.store.merging import merge_releases
from scraper.store.tables import ADDRESSES, CAPTURES, KEYS, RELEASES, VERSIONS
from scraper.store.writing import add_row

MAIN_LANGUAGE = "en"
_ADD_KEYS = insert(KEYS)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A release as it was met.

    `passed` are further addresses that led to it (asked for, redirects), `twin` the address of its translation,
    `archived_at` the 14 digits of an archive's capture or empty for a live page.
    """

    release: Release
    kind: str | None = None
    source: str | None = None
    archived_at: str = ""
    passed: tuple[str, ...] = ()
    twin: str | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """All canonical addresses, that of the text itself first; a text without address is known by its id."""
        own = self.release.url or self.release.id
        return tuple(dict.fromkeys([indexable(own), *map(indexable, _canonical(self.passed))]))


def keep_sighting(connection: Connection, sighting: Sighting) -> tuple[int, Kept]:
    """Keeps a release inside a write transaction; returns the document's number and what came of it."""
    release, identity = sighting.release, _identify(sighting.release)
    seen_at = plain(release.provenance.retrieved_at or "") or datetime.now(UTC).isoformat(timespec="seconds")
    twin = next(map(indexable, _canonical([sighting.twin] if sighting.twin else [])), None)
    known = find_known(connection, Sought(indexable(release.id), sighting.addresses, twin, identity))
    keys = [*identity.keys(), *([f"twin:{twin}"] if twin else [])]
    if known is None:
        return _keep_first(connection, sighting, identity, keys, seen_at)
    release_id = known.release_id
    for other in known.others:
        release_id = merge_releases(connection, release_id, other)
    address_id = _add_addresses(connection, release_id, sighting.addresses, known.link, seen_at)
    _add_keys(connection, release_id, keys)
    version_id, new_version = _put_version(connection, release_id, release, identity, seen_at)
    before = _put_capture(connection, sighting, address_id, version_id, seen_at)
    if before is not _SAME or known.others:
        choose_current(connection, release_id)
    touch_release(connection, release_id, None, seen_at)
    key = connection.execute(select(RELEASES.c.key).where(RELEASES.c.id == release_id)).scalar_one()
    outcome = _find_outcome(before, new_version=new_version, archived=bool(sighting.archived_at))
    return release_id, Kept(outcome, key, release.version, new_version, known.link)


def _keep_first(connection: Connection, sighting: Sighting, identity: Identity, keys: list[str], seen_at: str) -> tuple[int, Kept]:
    """Keeps a document not met before: there is nothing to compare it with."""
    release, key = sighting.release, indexable(sighting.release.id)
    seen = {"first_seen": seen_at, "last_seen": seen_at}
    row = {"key": key, "kind": plain_or_none(sighting.kind), "source": plain_or_none(sighting.source), **seen}
    shown = {name: plain_or_none(getattr(release, name)) for name in ("title", "date", "language")}
    release_id = add_row(connection, RELEASES, row | shown)
    places = [{"canonical": address, "release_id": release_id, "link": None, "first_seen": seen_at} for address in sighting.addresses]
    address_id = add_row(connection, ADDRESSES, places[0])
    if places[1:]:
        _add_addresses(connection, release_id, sighting.addresses, None, seen_at)
    if keys:
        connection.execute(_ADD_KEYS, [{"key": one, "release_id": release_id} for one in dict.fromkeys(map(indexable, keys))])
    version_id = _add_version(connection, release_id, version_row(release), release, identity, seen_at, current=True)
    _add_capture(connection, sighting, address_id, version_id, seen_at)
    return release_id, Kept("added", key, release.version, True, None)


def touch_release(connection: Connection, release_id: int, job: Job | None, seen_at: str) -> None:
    """Notes that a document was met again; after a 304 also that its address still gives the same words."""
    newer = update(RELEASES).where(RELEASES.c.id == release_id, RELEASES.c.last_seen < seen_at)
    connection.execute(newer.values(last_seen=seen_at))
    if job is None:
        return
    addresses = select(ADDRESSES.c.id).where(ADDRESSES.c.canonical == job.canonical)
    latest = select(CAPTURES.c.id, CAPTURES.c.version_id).where(CAPTURES.c.address_id.in_(addresses), CAPTURES.c.archived_at == job.capture)
    found = connection.execute(latest.order_by(CAPTURES.c.id.desc()).limit(1)).first()
    if found:
        for table, number in ((CAPTURES, found[0]), (VERSIONS, found[1])):
            connection.execute(update(table).where(table.c.id == number, table.c.last_seen < seen_at).values(last_seen=seen_at))


def choose_current(connection: Connection, release_id: int) -> None:
    """Marks the newest wording of each language: the live page met last, else the archive's latest capture."""
    columns = (VERSIONS.c.id, VERSIONS.c.language, VERSIONS.c.current, CAPTURES.c.archived_at, CAPTURES.c.id.label("capture"))
    query = select(*columns).join(CAPTURES, CAPTURES.c.version_id == VERSIONS.c.id).where(VERSIONS.c.release_id == release_id)
    newest: dict[str, tuple[bool, str, int, int]] = {}
    flagged = set()
    for row in connection.execute(query).mappings():
        rank = (not row["archived_at"], row["archived_at"], row["capture"], row["id"])
        newest[row["language"]] = max(newest.get(row["language"], rank), rank)
        if row["current"]:
            flagged.add(row["id"])
    chosen = {language: rank[-1] for language, rank in newest.items()}
    if flagged != set(chosen.values()):
        is_chosen = case((VERSIONS.c.id.in_(list(chosen.values())), 1), else_=0)
        connection.execute(update(VERSIONS).where(VERSIONS.c.release_id == release_id).values(current=is_chosen))
    language = MAIN_LANGUAGE if MAIN_LANGUAGE in chosen else min(chosen, key=lambda name: newest[name][2])
    shown = connection.execute(select(VERSIONS.c.title, VERSIONS.c.date).where(VERSIONS.c.id == chosen[language])).one()
    values = {"title": shown.title, "date": shown.date, "language": language or None}
    connection.execute(update(RELEASES).where(RELEASES.c.id == release_id).values(**values))


def _identify(release: Release) -> Identity:
    identity = identify(release)
    try:
        date.fromisoformat(identity.date or "0001-01-01")
    except ValueError:  # a row's date that is no day: the text is kept, days are not compared
        return replace(identity, date=None)
    return identity


def _canonical(addresses: Iterable[str]) -> list[str]:
    found = []
    for address in addresses:
        try:
            found.append(canonical_address(address))
        except Malformed:  # a file of a mirror, or the id of a row
            found.append(address)
    return found


def _add_addresses(connection: Connection, release_id: int, addresses: tuple[str, ...], link: str | None, seen_at: str) -> int:
    """Adds those not known; one known to lead to another document stays with that. Returns the number of the first."""
    found = connection.execute(select(ADDRESSES.c.canonical, ADDRESSES.c.id).where(ADDRESSES.c.canonical.in_(addresses)))
    known: dict[str, int] = {row.canonical: row.id for row in found}
    for address in addresses:
        if address not in known:
            row = {"canonical": address, "release_id": release_id, "link": link, "first_seen": seen_at}
            known[address] = add_row(connection, ADDRESSES, row)
    return known[addresses[0]]


def _add_keys(connection: Connection, release_id: int, keys: Iterable[str]) -> None:
    known = set(connection.execute(select(KEYS.c.key).where(KEYS.c.release_id == release_id)).scalars())
    new = [{"key": key, "release_id": release_id} for key in dict.fromkeys(map(indexable, keys)) if key not in known]
    if new:
        connection.execute(_ADD_KEYS, new)


def _put_version(connection: Connection, release_id: int, release: Release, identity: Identity, seen_at: str) -> tuple[int, bool]:
    """The number of these words' row, and whether it is new."""
    row = version_row(release)
    same = select(VERSIONS.c.id, VERSIONS.c.last_seen)
    same = same.where(VERSIONS.c.release_id == release_id, VERSIONS.c.content_sha256 == row["content_sha256"])
    if found := connection.execute(same).first():
        connection.execute(update(VERSIONS).where(VERSIONS.c.id == found.id).values(last_seen=max(found.last_seen, seen_at)))
        return int(found.id), False
    return _add_version(connection, release_id, row, release, identity, seen_at), True


def _add_version(
    connection: Connection,
    release_id: int,
    row: dict[str, Any],
    release: Release,
    identity: Identity,
    seen_at: str,
    *,
    current: bool = False,
) -> int:
    signed = identity.fingerprint - 2**64 if identity.fingerprint >= 2**63 else identity.fingerprint
    prints = {"stated": int(identity.stated), "words": identity.words, "body_hash": identity.body_hash, "fingerprint": signed}
    shown = {name: plain_or_none(getattr(release, name)) for name in ("title", "number", "date")}
    seen = {"current": int(current), "first_seen": seen_at, "last_seen": seen_at}
    number = add_row(connection, VERSIONS, {"release_id": release_id, **row, **shown, **prints, **seen})
    index_version(connection, number, release.title or "", release.text)
    return number


_SAME = object()
_NONE = object()
_OTHER = object()


def _put_capture(connection: Connection, sighting: Sighting, address_id: int, version_id: int, seen_at: str) -> object:
    """Notes that an address gave these words; returns how that compares with what it gave before."""
    provenance = sighting.release.provenance
    query = select(CAPTURES).where(CAPTURES.c.address_id == address_id).order_by(CAPTURES.c.id.desc())
    alike = query.where(CAPTURES.c.archived_at == sighting.archived_at)
    last = connection.execute(alike.limit(1)).mappings().first()
    if last and last["version_id"] == version_id:
        values = {"last_seen": max(last["last_seen"], seen_at), "last_raw_sha256": provenance.raw_sha256}
        connection.execute(update(CAPTURES).where(CAPTURES.c.id == last["id"]).values(**values))
        return _SAME
    any_before = last or connection.execute(query.limit(1)).first()
    _add_capture(connection, sighting, address_id, version_id, seen_at)
    return _OTHER if any_before else _NONE


def _add_capture(connection: Connection, sighting: Sighting, address_id: int, version_id: int, seen_at: str) -> None:
    provenance = sighting.release.provenance
    values = {"address_id": address_id, "version_id": version_id, "archived_at": sighting.archived_at}
    values |= {"provenance": provenance_json(provenance), "raw_sha256": provenance.raw_sha256}
    add_row(connection, CAPTURES, {**values, "last_raw_sha256": provenance.raw_sha256, "first_seen": seen_at, "last_seen": seen_at})


def _find_outcome(before: object, *, new_version: bool, archived: bool) -> Outcome:
    if before is _SAME:
        return "unchanged"
    if before is _NONE:
        return "duplicate"
    return "changed" if new_version or not archived else "duplicate"
