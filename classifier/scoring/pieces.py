"""Words by their pieces: what a word's letters say where the word itself was never seen.

A word is the set of its runs of 2 to 5 letters, its edges marked ("re", "rein", "forced>"): "reinforcing"
shares most with "reinforcement". The weights of the pieces add up to one small vector a word, made once
and kept, so a text costs one look-up a word (subword sums as in Bojanowski et al. 2017, arXiv:1607.04606).
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from classifier.scoring.aggregate import Floats

SHORTEST, LONGEST = 2, 5


def word_pieces(word: str) -> list[str]:
    """The pieces of a word, each once; a placeholder such as `<name>` has none."""
    if word[0] == "<":
        return []
    marked = f"<{word}>"
    runs = (marked[i : i + n] for n in range(SHORTEST, LONGEST + 1) for i in range(len(marked) - n + 1))
    return list(dict.fromkeys(runs))


class PieceTable:
    """The vectors of words, made from their pieces when first met.

    Args:
        pieces: known pieces.
        weights: (P, K), what each piece adds to the logits, its scale included.
        scale: (P,), inverse document frequency of each, for the length of a word.
    """

    def __init__(self, pieces: Sequence[str], weights: Floats, scale: Floats) -> None:
        self.pieces = tuple(pieces)
        self.weights = weights
        self.scale = scale
        self._number = dict(zip(self.pieces, range(len(self.pieces)), strict=True))
        self._words: dict[str, int] = {}
        self.names: list[str] = []
        self._vectors = np.zeros((1024, weights.shape[1]))
        self._lengths = np.zeros(1024)

    def fresh(self) -> PieceTable:
        """The same pieces, no words yet: a table grows with every word it meets, and is left behind when it is large."""
        table = copy(self)
        table._words, table.names = {}, []
        table._vectors, table._lengths = np.zeros((1024, self.weights.shape[1])), np.zeros(1024)
        return table

    def row(self, word: str) -> int:
        """The row of a word, -1 where none of its pieces is known."""
        row = self._words.get(word)
        return self._add(word) if row is None else row

    def vectors(self, rows: NDArray[np.intp]) -> Floats:
        """(m, K) sums of weights of the given rows."""
        return self._vectors.take(rows, axis=0)

    def squared_lengths(self, rows: NDArray[np.intp]) -> Floats:
        """(m,) squared lengths of the given rows in the space of pieces."""
        return self._lengths.take(rows)

    def _add(self, word: str) -> int:
        numbers = [self._number[piece] for piece in word_pieces(word) if piece in self._number]
        if not numbers:
            self._words[word] = -1
            return -1
        row = len(self.names)
        if row == len(self._lengths):
            self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
            self._lengths = np.concatenate([self._lengths, np.zeros_like(self._lengths)])
        self._vectors[row] = self.weights[numbers].sum(axis=0)
        self._lengths[row] = (self.scale[numbers] ** 2).sum()
        self.names.append(word)
        self._words[word] = row
        return row
