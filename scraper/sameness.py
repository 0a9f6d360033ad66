"""Whether two documents are one release, versions of it, or translations of each other, and why.

A classic page, its migrated page, an archive's capture and a translation have different addresses; a number names a
release only together with its day; a page under `/ru/` may carry the English text. So no key decides alone: shared
keys (`Identity.keys`) find what may belong together, `compare` judges the pair.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from scraper.errors import Malformed
from scraper.fingerprints import BANDS, count_differing_bits, hash_body, list_bands, list_words, share_of_runs, simhash
from scraper.places import Place, read_place
from scraper.release import Release

NEAR_BITS = BANDS - 1
"""Bits apart up to which two texts are near by fingerprint alone; any two such share a band."""

NEAR_BITS_OF_A_DAY = 12
"""The same for two texts of one day, which are few and found by their day."""

NEAR_SHARE = 0.6
"""Share of the shorter text's runs of words that the other has, from which on two texts of one day are near."""

LOOSE_DAYS = 31
"""Days by which two dates may differ where one of them is not stated in the text but taken from an address or a list."""

FEWEST_WORDS = 20
"""Shorter texts are compared by address alone: too many of them are alike."""

Relation = Literal["same", "version", "translation", "different"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a document is known by; `text` may be left out where it is not at hand.

    `language` is that of the text, `stated` whether the text itself states the day, `words` how many it has.
    """

    place: Place | None
    language: str | None
    title: str | None
    number: str | None
    date: str | None
    stated: bool
    words: int
    body_hash: str
    fingerprint: int
    text: str | None = None

    def keys(self) -> tuple[str, ...]:
        """Keys of which documents that belong together share at least one."""
        found = []
        if self.place:
            found.append(f"address:{self.place.canonical}")
            found += [f"stem:{self.place.stem}"] if self.place.stem else []
        if self.number and self.date:
            found.append(f"number:{self.number}@{self.date}")
        if self.words >= FEWEST_WORDS:
            found.append(f"body:{self.body_hash}")
            found += [f"near:{band}" for band in list_bands(self.fingerprint)]
            found += [f"day:{self.date}/{self.language}"] if self.date else []
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How two documents stand to each other, and why in one line."""

    relation: Relation
    reason: str


def identify(release: Release, *, canonical: str | None = None) -> Identity:
    """What a release is known by.

    Args:
        release: as read.
        canonical: its address where the release has none, or another one is to count.
    """
    words = list_words(release.text)
    return Identity(
        place=_find_place(canonical or release.url or release.id),
        language=release.language,
        title=release.title,
        number=release.number,
        date=release.date,
        stated=release.date_source in ("issued", "page"),
        words=len(words),
        body_hash=hash_body(release.text),
        fingerprint=simhash(release.text),
        text=release.text,
    )


def compare(one: Identity, other: Identity) -> Judgement:
    """How two documents stand to each other; the order of the two makes no difference.

    `same`: one release with the same words. `version`: one release, words edited. `translation`: the same release in
    another language, to be linked. `different`: two releases, however alike.
    """
    if one.place and other.place and one.place.canonical == other.place.canonical:
        return _same_or_version(one, other, "one address")
    paired = _find_pairing(one, other)
    if one.language != other.language and one.language and other.language:
        if paired:
            return Judgement("translation", f"{paired}, texts in {' and '.join(sorted((one.language, other.language)))}")
        return Judgement("different", "languages differ and nothing pairs them")
    if paired and (_is_close(one, other) or paired != _NUMBER):
        return _same_or_version(one, other, paired)
    if min(one.words, other.words) < FEWEST_WORDS:
        return Judgement("different", "too short to be compared by their words")
    if not _dates_agree(one, other):
        days = " and ".join(sorted((one.date or "", other.date or "")))
        return Judgement("different", f"alike or not, their days are {days}")
    if one.body_hash == other.body_hash:
        return Judgement("same", "the same words")
    if _is_close(one, other):
        return Judgement("version", "nearly the same words, days that agree")
    return Judgement("different", "words differ")


_NUMBER = "one press-release number and day"


def _find_pairing(one: Identity, other: Identity) -> str | None:
    """What of their addresses and numbers says that two documents belong together."""
    if one.place and other.place and one.place.stem and one.place.stem == other.place.stem:
        return "one article" if one.place.article else "addresses that differ by language alone"
    if one.number and one.number == other.number and one.date and one.date == other.date:
        return _NUMBER
    return None


def _same_or_version(one: Identity, other: Identity, why: str) -> Judgement:
    if one.body_hash == other.body_hash:
        return Judgement("same", f"{why}, the same words")
    return Judgement("version", f"{why}, words edited")


def _is_close(one: Identity, other: Identity) -> bool:
    """Whether two texts of one language are near enough to be versions of one."""
    bits = count_differing_bits(one.fingerprint, other.fingerprint)
    of_one_day = bool(one.date) and one.date == other.date
    if one.body_hash == other.body_hash:
        return True
    if bits > NEAR_BITS and not of_one_day:
        return False
    if one.text is None or other.text is None:
        return bits <= (NEAR_BITS_OF_A_DAY if of_one_day else NEAR_BITS)
    # Two texts built of the same phrases are near by fingerprint; their words tell them apart.
    return share_of_runs(list_words(one.text), list_words(other.text)) >= NEAR_SHARE


def _dates_agree(one: Identity, other: Identity) -> bool:
    """Equal, unknown, or near where one of them is not stated in the text; of stated ones a day apart may be a range's ends."""
    if not one.date or not other.date:
        return True
    apart = abs((datetime.date.fromisoformat(one.date) - datetime.date.fromisoformat(other.date)).days)
    return apart <= (1 if one.stated and other.stated else LOOSE_DAYS)


def _find_place(address: str) -> Place | None:
    try:
        return read_place(address)
    except Malformed:
        return None
