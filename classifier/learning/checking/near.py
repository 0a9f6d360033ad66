"""Near-duplicate texts among very many: MinHash over runs of three words.

Source: A. Broder, On the resemblance and containment of documents (1997), with banding as in Leskovec, Rajaraman
and Ullman, Mining of Massive Datasets, chapter 3. A text leaves 64 numbers (256 bytes); two texts share each of them
with a probability equal to their resemblance, the share of runs that they have in common. 16 bands of 4 numbers find
a pair that resembles by 0.8 with a probability of 0.9997; the resemblance given is estimated to about 0.05.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

ALIKE = 0.8
"""Resemblance from which two texts count as near-duplicates."""

RUN = 3
FEWEST_RUNS = 5
"""Shorter texts have too few runs for their resemblance to mean anything; only equal ones are found."""

PLACES, BANDS = 64, 16
_SEED = 20
_CHUNK = 10_000


class NearDuplicates:
    """Collects texts and finds those that are nearly alike."""

    def __init__(self) -> None:
        random = np.random.Generator(np.random.PCG64(_SEED))
        self._factors = random.integers(1, 2**63, PLACES, dtype=np.uint64) | np.uint64(1)
        self._shifts = random.integers(0, 2**63, PLACES, dtype=np.uint64)
        self._chunks: list[NDArray[np.uint32]] = []
        self._filled = _CHUNK
        self._numbers: list[int] = []

    def add(self, number: int, words: Sequence[str]) -> None:
        """Takes up a text.

        Args:
            number: by which it is named in pairs.
            words: without case and punctuation.
        """
        runs = {zlib.crc32(" ".join(words[at : at + RUN]).encode("utf-8", "surrogatepass")) for at in range(len(words) - RUN + 1)}
        if len(runs) < FEWEST_RUNS:
            return
        hashes = np.fromiter(runs, dtype=np.uint64, count=len(runs))
        mixed = (hashes[:, None] * self._factors + self._shifts) >> np.uint64(32)  # multiply-shift; overflow is meant
        if self._filled == _CHUNK:
            self._chunks.append(np.empty((_CHUNK, PLACES), dtype=np.uint32))
            self._filled = 0
        self._chunks[-1][self._filled] = mixed.min(axis=0)
        self._filled += 1
        self._numbers.append(number)

    def find_pairs(self, splits: Sequence[str | None] = ()) -> Iterator[tuple[int, int, float]]:
        """Pairs of near-duplicates with their estimated resemblance, each once.

        Of many texts alike, each is paired with the one before it and with the first of every other split, so that the number
        of pairs grows with that of texts and none that crosses a split is hidden.

        Args:
            splits: by the numbers of the texts.
        """
        if not self._numbers:
            return
        marks = np.concatenate([*self._chunks[:-1], self._chunks[-1][: self._filled]])
        seen: set[tuple[int, int]] = set()
        width = PLACES // BANDS
        for band in range(BANDS):
            keys = np.ascontiguousarray(marks[:, band * width : (band + 1) * width]).view(f"V{4 * width}").ravel()
            order = np.argsort(keys, kind="stable")
            ordered = keys[order]
            ends = [*(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1), len(ordered)]
            start = 0
            for end in map(int, ends):
                if end - start > 1:
                    for one, other in _pair_up([int(row) for row in order[start:end]], self._numbers, splits):
                        if (one, other) not in seen:
                            seen.add((one, other))
                            alike = float((marks[one] == marks[other]).mean())
                            if alike >= ALIKE:
                                yield self._numbers[one], self._numbers[other], alike
                start = end


def _pair_up(rows: list[int], numbers: Sequence[int], splits: Sequence[str | None]) -> Iterator[tuple[int, int]]:
    firsts: dict[str | None, int] = {}
    previous = None
    for row in rows:
        if previous is not None:
            yield previous, row
        split = splits[numbers[row]] if splits else None
        for other, first in firsts.items():
            if other != split and first != previous:
                yield first, row
        firsts.setdefault(split, row)
        previous = row
