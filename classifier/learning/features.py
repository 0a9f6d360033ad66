"""Rows for learning, counted by the very code that scoring uses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack

from classifier.pipeline.evidence import Reading
from classifier.pipeline.terms import stem
from classifier.scoring.aggregate import Floats
from classifier.scoring.pieces import PieceTable, word_pieces
from classifier.scoring.vocabulary import Vocabulary, features_by_sentence, grow_ngrams, lower_case_terms
from classifier.scoring.weigh import Entries, count_rows


@dataclass(frozen=True)
class FeatureSettings:
    """What is counted.

    N-grams of up to `longest` stems in at least `least` sentences; cue features met `least_cue` times,
    weighted by `cue_scale`; pieces of words in at least `least_piece` sentences, weighted by
    `piece_scale`; in a whole release, single stems of at least `least_document` releases.
    """

    least: int = 2
    longest: int = 3
    least_cue: int = 3
    cue_scale: float = 0.08
    least_piece: int = 4
    piece_scale: float = 1.0
    least_document: int = 3


@dataclass(frozen=True)
class FeatureSpace:
    """The columns that a set of sentences gives reason for: n-grams and cues with their scales, and pieces."""

    vocabulary: Vocabulary
    scale: Floats
    pieces: tuple[str, ...]
    piece_idf: Floats
    piece_scale: float

    def empty_table(self) -> PieceTable:
        """The pieces without weights: for counting."""
        return PieceTable(self.pieces, np.zeros((len(self.pieces), 1)), self.piece_idf)


def build_space(readings: Sequence[Reading], settings: FeatureSettings) -> FeatureSpace:
    """Chooses the columns from the labelled sentences; scales are smoothed inverse document frequencies."""
    known = lower_case_terms(s.terms for reading in readings for s in reading.sentences)
    resolver = Vocabulary((), (), known)
    resolved = [resolver.resolve(s.terms) for reading in readings for s in reading.sentences]
    stems = [[stem(word) for word in words] for words in resolved]
    ngrams = grow_ngrams(stems, least=settings.least, longest=settings.longest)
    names = Counter(n for reading in readings for row in features_by_sentence(reading) for n in set(row))
    vocabulary = Vocabulary(ngrams, sorted(n for n, count in names.items() if count >= settings.least_cue), known)
    counts = np.zeros(len(vocabulary))
    for words in resolved:
        counts[vocabulary.ngram_columns(words)] += 1
    scale = _idf(counts, len(resolved))
    scale[len(ngrams) :] = settings.cue_scale
    frequency: dict[str, int] = defaultdict(int)
    for words in resolved:
        for piece in {piece for word in set(words) for piece in word_pieces(word)}:
            frequency[piece] += 1
    pieces = tuple(sorted(piece for piece, count in frequency.items() if count >= settings.least_piece))
    idf = _idf(np.array([frequency[piece] for piece in pieces], dtype=float), len(resolved))
    return FeatureSpace(vocabulary, scale, pieces, idf, settings.piece_scale)


def _idf(counts: Floats, total: int) -> Floats:
    return np.asarray(np.log((1 + total) / (1 + counts)) + 1)


def as_matrix(readings: Sequence[Reading], space: FeatureSpace) -> tuple[csr_matrix, list[int]]:
    """One row a sentence of each reading, terms then pieces, and how many rows each reading has."""
    table = space.empty_table()
    rows = [count_rows(reading, space.vocabulary, space.scale, table) for reading in readings]
    terms = stack_entries([row.terms for row in rows], len(space.vocabulary))
    number = {piece: i for i, piece in enumerate(space.pieces)}
    of_words = [[number[p] for p in word_pieces(word) if p in number] for word in table.names]
    starts = np.cumsum([0, *map(len, of_words)])
    columns = np.array([column for row in of_words for column in row], dtype=np.intp)
    by_word = csr_matrix((space.piece_idf[columns], columns, starts), shape=(len(of_words), len(space.pieces)))
    words = stack_entries([row.words for row in rows], len(of_words)) @ by_word * space.piece_scale
    return hstack([terms, words]).tocsr(), [len(row.terms.starts) for row in rows]


def stack_entries(parts: Sequence[Entries], width: int) -> csr_matrix:
    """Sparse rows of several texts, one below the other."""
    starts = [0]
    for part in parts:
        starts += (part.bounds()[1:] + starts[-1]).tolist()
    data = np.concatenate([part.values for part in parts])
    return csr_matrix((data, np.concatenate([part.columns for part in parts]), starts), shape=(len(starts) - 1, width))
