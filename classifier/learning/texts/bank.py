"""Counts of all the features that a search may choose from, made once; a choice takes columns of them.

Inverse document frequencies and what is rare are counted over the whole training part, without its labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, diags

from classifier.learning.texts.choices import Choice
from classifier.pipeline.evidence import Reading
from classifier.scoring.aggregate import Floats
from classifier.scoring.texts.columns import CUES, PIECES, PLACES, STEMS, WORDS, Block
from classifier.scoring.texts.grams import MASKED, read_chunks
from classifier.scoring.vocabulary import Vocabulary

LEAST_PIECE = 2
MOST_OF_A_KIND = 400_000
"""Columns of one kind at most; the rarest are left out."""

Option = tuple[str, str, int, int, int]
"""View, kind, shortest, longest, least: columns of one block as one choice has them."""


def options_of(choice: Choice) -> list[tuple[Option, float]]:
    """The blocks of a choice with their weights, whose squares add up to 1."""
    blocks: list[tuple[Option, float]] = [((choice.view, WORDS, 1, choice.words, choice.least), 1.0)]
    if choice.stems:
        blocks.append(((choice.view, STEMS, 1, choice.stems, choice.least), 0.7))
    blocks.append(((choice.view, PIECES, *choice.pieces, LEAST_PIECE), choice.piece_weight))
    if choice.places:
        blocks.append(((choice.view, PLACES, 1, 1, 2), 0.5))
    if choice.cues:
        blocks.append((("", CUES, 1, 1, 2), choice.cues))
    length = float(np.sqrt(sum(weight**2 for _, weight in blocks)))
    return [(option, weight / length) for option, weight in blocks]


@dataclass(frozen=True)
class Columns:
    """One block: its `names`, (N, F) `rows` each of length 1 (or 0), and inverse document frequencies."""

    names: tuple[str, ...]
    rows: csr_matrix
    scale: Floats


class Bank:
    """Counts of texts.

    Args:
        texts: the texts.
        readings: what the pipeline read in each; null where no choice needs it.
        known: words that occur in lower case.
    """

    def __init__(self, texts: Sequence[str], readings: Sequence[Reading] | None, known: Vocabulary) -> None:
        self.texts = texts
        self.readings = readings
        self.known = known
        self._counts: dict[tuple[str, str, int], tuple[tuple[str, ...], csr_matrix]] = {}
        self._taken: dict[Option, Columns] = {}

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, option: Option) -> Columns:
        """The columns of an option."""
        if option not in self._taken:
            self._taken[option] = self._choose(option)
        return self._taken[option]

    def forget(self) -> None:
        """Lets go of counts that were taken."""
        self._counts.clear()
        self._taken.clear()

    def _choose(self, option: Option) -> Columns:
        view, kind, shortest, longest, least = option
        names, counts = self._count(view, kind, longest)
        frequency = np.bincount(counts.indices, minlength=len(names))
        sizes = np.array([len(name) for name in names]) if kind == PIECES else np.array([name.count(" ") + 1 for name in names])
        kept = np.flatnonzero((frequency >= least) & (sizes >= shortest) & (sizes <= longest))
        if len(kept) > MOST_OF_A_KIND:
            kept = np.sort(kept[np.argsort(-frequency[kept], kind="stable")[:MOST_OF_A_KIND]])
        scale = np.log((1 + len(self)) / (1 + frequency[kept])) + 1 if kind != CUES else np.ones(len(kept))
        rows = counts[:, kept].astype(np.float64)
        rows.data = 1 + np.log(rows.data)
        rows = (rows @ diags(scale)).tocsr()
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        lengths[lengths == 0] = 1
        return Columns(tuple(names[i] for i in kept), (diags(1 / lengths) @ rows).tocsr(), np.asarray(scale, dtype=np.float64))

    def _count(self, view: str, kind: str, longest: int) -> tuple[tuple[str, ...], csr_matrix]:
        longest = 1 if kind in (PIECES, PLACES, CUES) else max(2, longest)
        key = (view, kind, longest)
        if key not in self._counts:
            self._counts[key] = self._count_texts(view, kind, longest)
        return self._counts[key]

    def _count_texts(self, view: str, kind: str, longest: int) -> tuple[tuple[str, ...], csr_matrix]:
        block = Block(kind, longest=longest, grows=True)
        columns, counts, starts = [], [], [0]
        needs = view == MASKED or kind == CUES
        for number, text in enumerate(self.texts):
            reading = self.readings[number] if needs and self.readings is not None else None
            found = block.find(read_chunks(text, reading, self.known, masked=view == MASKED)).columns
            own, times = np.unique(found, return_counts=True)
            columns.append(own.astype(np.int32))
            counts.append(times.astype(np.float32))
            starts.append(starts[-1] + len(own))
        data = (np.concatenate(counts), np.concatenate(columns), np.array(starts))
        return tuple(block.names()), csr_matrix(data, shape=(len(self.texts), len(block)))
