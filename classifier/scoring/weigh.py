"""From sentences to sparse rows of weighted features: one code for learning and for scoring."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.pipeline.evidence import Reading
from classifier.scoring.aggregate import Floats
from classifier.scoring.pieces import PieceTable
from classifier.scoring.vocabulary import Vocabulary, features_by_sentence

Numbers = NDArray[np.intp]


@dataclass(frozen=True)
class Entries:
    """Sparse rows end to end: `columns` and `values`, and where each row begins, `starts`."""

    columns: Numbers
    values: Floats
    starts: Numbers

    def bounds(self) -> Numbers:
        """Where each row begins, and past the last where all end."""
        return np.append(self.starts, len(self.columns))

    def owners(self) -> Numbers:
        """For each entry, the number of its row."""
        return np.repeat(np.arange(len(self.starts)), np.diff(self.bounds()))

    def part(self, low: int, high: int) -> Entries:
        """The rows from `low` up to `high`."""
        bounds = self.bounds()
        start, end = bounds[low], bounds[high]
        return Entries(self.columns[start:end], self.values[start:end], self.starts[low:high] - start)

    def total(self, weights: Floats) -> Floats:
        """(n, K) sums over each row of value times (entries, K) weight."""
        sums = np.zeros((len(self.columns) + 1, weights.shape[1]))
        np.cumsum(weights * self.values[:, None], axis=0, out=sums[1:])
        bounds = self.bounds()
        return np.asarray(sums[bounds[1:]] - sums[bounds[:-1]])


@dataclass(frozen=True)
class Rows:
    """A text's sentences: `terms` are n-grams and cue features by column, `words` pieces by row of the table."""

    terms: Entries
    words: Entries

    def part(self, low: int, high: int) -> Rows:
        """The sentences from `low` up to `high`."""
        return Rows(self.terms.part(low, high), self.words.part(low, high))


def count_rows(reading: Reading, vocabulary: Vocabulary, scale: Floats, pieces: PieceTable) -> Rows:
    """Counts the n-grams, cue features and word pieces of each sentence.

    An n-gram that occurs weighs its scale, and the n-grams of a sentence are brought to length 1
    (L2); cue features weigh their scale as they are; words weigh alike, brought to length 1 as if
    no two of them shared a piece.
    """
    columns: list[int] = []
    ends: list[int] = []
    parts: list[int] = []
    words: list[int] = []
    word_ends: list[int] = []
    for sentence, names in zip(reading.sentences, features_by_sentence(reading), strict=True):
        resolved = vocabulary.resolve(sentence.terms)
        columns += vocabulary.ngram_columns(resolved)
        parts.append(len(columns))
        columns += vocabulary.feature_columns(names)
        ends.append(len(columns))
        words += pieces.rows(resolved)
        word_ends.append(len(words))
    index = np.array(columns, dtype=np.intp)
    values = scale[index]
    start = 0
    for part, end in zip(parts, ends, strict=True):
        block = values[start:part]
        norm = math.sqrt(float(block @ block))
        if norm:
            block /= norm
        start = end
    return Rows(Entries(index, values, _starts(ends)), _weigh_words(words, word_ends, pieces))


def _weigh_words(words: list[int], ends: list[int], pieces: PieceTable) -> Entries:
    rows = np.array(words, dtype=np.intp)
    starts = _starts(ends)
    lengths = np.concatenate([[0.0], np.cumsum(pieces.squared_lengths(rows))])
    total = lengths[np.array(ends, dtype=np.intp)] - lengths[starts]
    per_word = 1 / np.sqrt(np.where(total > 0, total, 1.0))
    return Entries(rows, np.repeat(per_word, np.diff(np.append(starts, len(words)))), starts)


def _starts(ends: list[int]) -> Numbers:
    return np.array([0, *ends[:-1]] if ends else [], dtype=np.intp)
