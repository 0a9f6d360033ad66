"""Which document of the store a text belongs to: by its addresses, then as `scraper.sameness` judges.

Keys find the few documents that may be meant, `compare` judges each of their wordings. Two documents of the store that
an address or a twin proves to be one are told to be merged; likeness of words alone never merges.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, Connection, RowMapping, Select, bindparam, or_, select

from scraper.errors import Malformed
from scraper.fingerprints import count_differing_bits
from scraper.places import Place, read_place
from scraper.sameness import LOOSE_DAYS, NEAR_BITS, Identity, Judgement, compare
from scraper.store.codec import indexable
from scraper.store.tables import ADDRESSES, KEYS, RELEASES, VERSIONS

_RANKS = {"same": 0, "version": 1, "translation": 2}
_WEAK = ("near:", "address:")
_NAMES: BindParameter[list[str]] = bindparam("names", expanding=True)
_NUMBERS: BindParameter[list[int]] = bindparam("numbers", expanding=True)
_BY_ADDRESS = select(ADDRESSES.c.canonical, ADDRESSES.c.release_id).where(ADDRESSES.c.canonical.in_(_NAMES))
_BY_KEY = select(KEYS.c.key, KEYS.c.release_id).where(KEYS.c.key.in_(_NAMES)).order_by(KEYS.c.release_id)
_BY_ID = select(RELEASES.c.id).where(RELEASES.c.key == bindparam("key"))
_ADDRESSES_OF = select(ADDRESSES.c.release_id, ADDRESSES.c.canonical).where(ADDRESSES.c.release_id.in_(_NUMBERS)).order_by(ADDRESSES.c.id)
_COMPARED = ("release_id", "language", "title", "number", "date", "stated", "words", "body_hash", "fingerprint", "text")
_WORDINGS = select(*(VERSIONS.c[name] for name in _COMPARED)).where(VERSIONS.c.release_id.in_(_NUMBERS))
_WORDINGS = _WORDINGS.order_by(VERSIONS.c.release_id, VERSIONS.c.id)
_NEAR = select(VERSIONS.c.release_id, VERSIONS.c.fingerprint).where(
    VERSIONS.c.release_id.in_(select(KEYS.c.release_id).where(KEYS.c.key.in_(_NAMES)))
)
_NEAR_IN_TIME = _NEAR.where(or_(VERSIONS.c.date.is_(None), VERSIONS.c.date.between(bindparam("first"), bindparam("last"))))


@dataclass(frozen=True, slots=True)
class Known:
    """A document found, by what, and others that turn out to be the same one."""

    release_id: int
    link: str
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sought:
    """A text whose document is sought: its key, its addresses, its own first, the twin's address, its identity."""

    key: str
    addresses: tuple[str, ...]
    twin: str | None
    identity: Identity


def find_known(connection: Connection, sought: Sought) -> Known | None:
    """The document that a text belongs to, or null for one not met before."""
    sure: dict[int, str] = {}
    for number, link in _find_sure(connection, sought):
        sure.setdefault(number, link)
    if sure:
        first, *others = sure
        return Known(first, sure[first], tuple(others))
    judged = [(number, judgement) for number, judgement in _judge(connection, sought.identity) if judgement.relation in _RANKS]
    if not judged:
        return None
    number, judgement = min(judged, key=lambda pair: (_RANKS[pair[1].relation], pair[0]))
    return Known(number, judgement.reason)


def _find_sure(connection: Connection, sought: Sought) -> Iterator[tuple[int, str]]:
    """Documents that an address, an id or a twin names, the surest first."""
    own, *passed = sought.addresses
    by_address = _read_pairs(connection, _BY_ADDRESS, [own, *passed, *([sought.twin] if sought.twin else [])])
    alias, twin = indexable(f"alias:{sought.key}"), indexable(f"twin:{own}")
    by_key = _read_pairs(connection, _BY_KEY, [alias, twin])
    yield from ((number, "one address") for number in by_address.get(own, ()))
    yield from ((number, "one id") for number in connection.execute(_BY_ID, {"key": sought.key}).scalars())
    yield from ((number, "one id") for number in by_key.get(alias, ()))
    yield from ((number, "named as its translation") for number in by_address.get(sought.twin or "", ()))
    yield from ((number, "named as its translation") for number in by_key.get(twin, ()))
    met = set(by_address.get(own, ()))
    for number in (number for address in passed for number in by_address.get(address, ())):
        if number not in met and _has_moved(connection, number, sought.identity):
            yield number, "moved from a known address"
        met.add(number)


def _judge(connection: Connection, new: Identity) -> Iterator[tuple[int, Judgement]]:
    """How each wording that may belong to the same document stands to the new one."""
    keys = new.keys()
    strong = _read_pairs(connection, _BY_KEY, [indexable(key) for key in keys if not key.startswith(_WEAK)])
    numbers = {number for found in strong.values() for number in found}
    if near := [key for key in keys if key.startswith("near:")]:
        numbers.update(_find_near(connection, new, near))
    yield from ((number, compare(new, known)) for number, known in _identities(connection, numbers, new.place))


def _find_near(connection: Connection, new: Identity, keys: Iterable[str]) -> Iterator[int]:
    """Documents near by fingerprint; the text is not loaded, for bands match by chance."""
    query: Select[Any] = _NEAR
    values: dict[str, object] = {"names": list(keys)}
    if new.date:
        day, span = datetime.date.fromisoformat(new.date), datetime.timedelta(days=LOOSE_DAYS)
        query, values = _NEAR_IN_TIME, values | {"first": _shifted(day, -span).isoformat(), "last": _shifted(day, span).isoformat()}
    for row in connection.execute(query, values):
        if count_differing_bits(_unsigned(row.fingerprint), new.fingerprint) <= NEAR_BITS:
            yield row.release_id


def _identities(connection: Connection, numbers: Collection[int], place: Place | None) -> Iterator[tuple[int, Identity]]:
    """The identities of documents' wordings, each at whichever of its document's addresses is nearest to `place`."""
    if not numbers:
        return
    nearest: dict[int, Place] = {}
    for row in connection.execute(_ADDRESSES_OF, {"numbers": sorted(numbers)}):
        number, found = row.release_id, _place_of(row.canonical)
        if found and (number not in nearest or (place and place.stem and found.stem == place.stem)):
            nearest[number] = found
    for wording in connection.execute(_WORDINGS, {"numbers": sorted(numbers)}).mappings():
        yield wording["release_id"], _identity_of(wording, nearest.get(wording["release_id"]))


def _has_moved(connection: Connection, number: int, new: Identity) -> bool:
    """Whether the document of an address that now leads elsewhere is this one, not just whatever the site shows instead."""
    elsewhere = replace(new, place=None)
    for _, known in _identities(connection, [number], None):
        if compare(elsewhere, replace(known, place=None)).relation in _RANKS:
            return True
        if new.title and (new.title, new.date, new.language) == (known.title, known.date, known.language):
            return True
    return False


def _identity_of(row: RowMapping, place: Place | None) -> Identity:
    return Identity(
        place=place,
        language=row["language"] or None,
        title=row["title"],
        number=row["number"],
        date=row["date"],
        stated=bool(row["stated"]),
        words=row["words"],
        body_hash=row["body_hash"],
        fingerprint=_unsigned(row["fingerprint"]),
        text=row["text"],
    )


def _read_pairs(connection: Connection, query: Select[Any], names: list[str]) -> dict[str, list[int]]:
    """Documents by the name that leads to them."""
    found: dict[str, list[int]] = {}
    for row in connection.execute(query, {"names": names}):
        found.setdefault(row[0], []).append(row[1])
    return found


def _place_of(address: str) -> Place | None:
    try:
        return read_place(address)
    except Malformed:  # a file's name or a row's id
        return None


def _unsigned(number: int) -> int:
    return number & (2**64 - 1)


def _shifted(day: datetime.date, by: datetime.timedelta) -> datetime.date:
    try:
        return day + by
    except OverflowError:
        return day
