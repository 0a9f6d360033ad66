"""From the chunks of a text to columns: blocks of words, stems, pieces, places and cues.

One code for learning and for scoring: a table that grows numbers whatever it meets, a fixed one leaves out what it
does not know. What is found in a chunk is kept, since most chunks come again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.pipeline.terms import stem
from classifier.scoring.texts.grams import Chunks, pieces_of, words_of

WORDS, STEMS, PIECES, PLACES, CUES = "words", "stems", "pieces", "places", "cues"
KINDS = (WORDS, STEMS, PIECES, PLACES, CUES)
THIRDS_FROM = 30
"""Words from which a text is long enough to have thirds."""

MOST_KEPT = 200_000
"""Chunks whose columns are kept."""

Numbers = NDArray[np.intp]
_NONE: Numbers = np.zeros(0, dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where columns were met: one entry an occurrence, with the sentence that owns it, and of a piece its chunk (else -1)."""

    columns: Numbers
    owners: Numbers
    chunks: Numbers

    @classmethod
    def of(cls, columns: Numbers, owners: Sequence[int] | Numbers) -> Occurrences:
        """Occurrences of what is no piece."""
        return cls(columns, np.asarray(owners, dtype=np.intp), np.full(len(columns), -1, dtype=np.intp))


class Block:
    """One kind of feature with its columns.

    Args:
        kind: one of `KINDS`.
        names: what is known; their places are the columns.
        longest: words in a run at most (words and stems alone).
        grows: a name that is met for the first time gets a column.
    """

    def __init__(self, kind: str, names: Iterable[str] = (), *, longest: int = 1, grows: bool = False) -> None:
        self.kind = kind
        self.longest = longest
        self._grows = grows
        self._number: dict[str, int] = {name: i for i, name in enumerate(names)}
        self._kept: dict[str, Numbers] = {}
        self._words: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return len(self._number)

    def names(self) -> list[str]:
        """What the columns stand for, in order."""
        return list(self._number)

    def find(self, chunks: Chunks) -> Occurrences:
        """The columns that a text holds, in no particular order."""
        if self.kind == PIECES:
            return self._find_pieces(chunks)
        if self.kind == CUES:
            return self._number_all(chunks.cues, chunks.cue_owners)
        words, owners = self._split(chunks)
        if self.kind == PLACES:
            return self._number_all(*_places(words, owners))
        if self.kind == STEMS:
            words = [stem(word) for word in words]
        names, owned = list(words), list(owners)
        for n in range(2, self.longest + 1):
            names += [" ".join(words[i : i + n]) for i in range(len(words) - n + 1)]
            owned += owners[: max(0, len(words) - n + 1)]
        return self._number_all(names, owned)

    def _split(self, chunks: Chunks) -> tuple[list[str], list[int]]:
        kept = self._words
        if len(kept) > MOST_KEPT:
            kept.clear()
        words: list[str] = []
        owners: list[int] = []
        for chunk, owner in zip(chunks.words, chunks.owners, strict=True):
            own = kept.get(chunk)
            if own is None:
                own = kept[chunk] = words_of(chunk)
            words += own
            owners += [owner] * len(own)
        return words, owners

    def _find_pieces(self, chunks: Chunks) -> Occurrences:
        kept = self._kept
        if len(kept) > MOST_KEPT:
            kept.clear()
        rows = []
        for chunk in chunks.words:
            row = kept.get(chunk)
            if row is None:
                row = kept[chunk] = self._number_names(pieces_of(chunk))
            rows.append(row)
        if not rows:
            return Occurrences.of(_NONE, _NONE)
        lengths = [len(row) for row in rows]
        owners = np.repeat(np.asarray(chunks.owners, dtype=np.intp), lengths)
        return Occurrences(np.concatenate(rows), owners, np.repeat(np.arange(len(rows)), lengths))

    def _number_all(self, names: Sequence[str], owners: Sequence[int]) -> Occurrences:
        if self._grows:
            return Occurrences.of(self._number_names(names), owners)
        table = self._number
        found = [(number, owner) for name, owner in zip(names, owners, strict=True) if (number := table.get(name)) is not None]
        if not found:
            return Occurrences.of(_NONE, _NONE)
        columns, owned = np.array(found, dtype=np.intp).T
        return Occurrences.of(columns, owned)

    def _number_names(self, names: Sequence[str]) -> Numbers:
        table = self._number
        if self._grows:
            return np.array([table.setdefault(name, len(table)) for name in names], dtype=np.intp)
        return np.array([table[name] for name in names if name in table], dtype=np.intp)


def _places(words: Sequence[str], owners: Sequence[int]) -> tuple[list[str], list[int]]:
    third = len(words) // 3 if len(words) >= THIRDS_FROM else 0
    if not third:
        return [], []
    names = [f"first:{word}" for word in words[:third]] + [f"last:{word}" for word in words[-third:]]
    return names, [*owners[:third], *owners[-third:]]
