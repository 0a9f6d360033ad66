"""What a text's words leave behind: a hash that knows no typography, and 64 bits that stay near under an edit.

The near-duplicate fingerprint is Charikar's simhash (STOC 2002) over runs of three words, each run hashed with BLAKE2b,
so that it is the same on every machine and in every version. `benchmarks/near_duplicates.py` measures it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

import numpy as np

BITS = 64
RUN = 3
"""Words of a run."""
BANDS = 8
"""Parts into which the bits are cut for looking up: two fingerprints fewer than `BANDS` bits apart share one of them."""

_WORDS = re.compile(r"[^\W_]+")


def list_words(text: str) -> list[str]:
    """The words of a text without case, accents' composition, punctuation and invisible characters."""
    plain = unicodedata.normalize("NFKC", text).replace("\u00ad", "").casefold()
    return _WORDS.findall(plain)


def hash_body(text: str) -> str:
    """SHA-256 (hexadecimal) of a text's words: the same for texts that differ in typography, space and case alone."""
    return hashlib.sha256(" ".join(list_words(text)).encode("utf-8", "surrogatepass")).hexdigest()


def simhash(text: str) -> int:
    """64 bits, an unsigned integer, of which few differ between a text and its edited copy; 0 for a text without words."""
    words = list_words(text)
    runs = [" ".join(words[at : at + RUN]) for at in range(max(len(words) - RUN + 1, min(len(words), 1)))]
    if not runs:
        return 0
    hashes = b"".join(hashlib.blake2b(run.encode("utf-8", "surrogatepass"), digest_size=BITS // 8).digest() for run in runs)
    bits = np.unpackbits(np.frombuffer(hashes, dtype=np.uint8).reshape(len(runs), BITS // 8), axis=1)
    majority = bits.sum(axis=0, dtype=np.int64) * 2 > len(runs)
    return int.from_bytes(np.packbits(majority).tobytes(), "big")


def count_differing_bits(one: int, other: int) -> int:
    """How many of the 64 bits differ."""
    return (one ^ other).bit_count()


def list_bands(fingerprint: int) -> tuple[str, ...]:
    """The fingerprint's parts with their places, as keys to look near ones up by."""
    width = BITS // BANDS
    return tuple(f"{place}:{fingerprint >> (place * width) & (1 << width) - 1:0{width // 4}x}" for place in range(BANDS))


def share_of_runs(one: list[str], other: list[str]) -> float:
    """How much of the shorter text stands in the other: share of its runs of words, from 0 to 1."""
    mine, theirs = _runs(one), _runs(other)
    return len(mine & theirs) / max(min(len(mine), len(theirs)), 1)


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
