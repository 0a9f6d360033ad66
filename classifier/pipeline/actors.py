"""The actors named in texts: which lexicon rows, where, and whether a name stands before a noun as its owner or adjective."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifier.pipeline.cues import Met
from classifier.pipeline.lexicon import ActorRow
from classifier.pipeline.passages import Passages, Places
from classifier.pipeline.spans import Flags, find_covered
from classifier.pipeline.words import Column, WordTable

_POSSESSIVES = frozenset({"'s", "'"})


@dataclass(frozen=True)
class Actors:
    """Actors in order of place: tokens from `firsts` up to `lasts`, rows of the lexicon, and whether each is attributive."""

    firsts: Places
    lasts: Places
    rows: Places
    attributive: Flags


class ActorReader:
    """Tells actors from hits of their names.

    Args:
        rows: the actors of a lexicon.
    """

    def __init__(self, rows: Sequence[ActorRow]) -> None:
        self._rows = rows
        names = list(dict.fromkeys(name for row in rows for name in row.adjectives))
        self._adjectives = {name: number for number, name in enumerate(names, 1)}
        self._owned = np.array([[False, *(name in row.adjectives for name in names)] for row in rows], bool).reshape(len(rows), -1)
        self._parted = np.array([any(not name.isalpha() for name in row.adjectives) for row in rows], bool)
        self._table: WordTable | None = None
        self._column = Column(np.int64)

    def read(self, passages: Passages, met: Met) -> Actors:
        """The actors named; a longer name hides a shorter one inside it ("NATO-Russia Council")."""
        order = np.lexsort((-met.lasts, met.firsts))
        firsts, lasts, rows = met.firsts[order], met.lasts[order], met.rows[order]
        lengths = lasts - firsts
        kept = np.flatnonzero(~find_covered(firsts, lasts, lambda over, under: lengths[over] > lengths[under]))
        firsts, lasts, rows, lengths = firsts[kept], lasts[kept], rows[kept], lengths[kept]
        self._learn(passages.table)
        words = self._column.values[passages.kinds[firsts]]
        attributive = (lengths == 1) & (words > 0) & self._owned[rows, np.maximum(words, 0)]
        attributive |= self._column.values[passages.kinds[lasts]] < 0
        for i in np.flatnonzero((lengths > 1) & self._parted[rows]).tolist():
            attributive[i] |= passages.joined(int(firsts[i]), int(lasts[i])).lower() in self._rows[rows[i]].adjectives
        return Actors(firsts, lasts, rows, attributive)

    def _learn(self, table: WordTable) -> None:
        """Numbers the adjectives among the kinds that the table has met since; a mark of possession is -1."""
        if self._table is not table:
            self._table, self._column = table, Column(np.int64)
        for word in table.lowers[len(self._column) :]:
            self._column.append(-1 if word in _POSSESSIVES else self._adjectives.get(word, 0))
