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
from classifier.scoring.terms import TermReader
from classifier.scoring.vocabulary import Vocabulary, features_by_sentence, grow_ngrams, lower_case_terms
from classifier.scoring.weigh import count_texts


@dataclass(frozen=True)
class FeatureSettings:
    """What is counted.

    N-grams of up to `longest` stems in at least `least` sentences; cue features met `least_cue` times,
    weighted by `cue_scale`; pieces of words in at least `least_piece` sentences, weighted by
    `piece_scale`; in a whole release, single stems of at least `least_document` releases.
    """

    least: int = 2
    longest: int = 2
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
    counted = count_texts(readings, TermReader(space.vocabulary, space.empty_table()), space.scale)
    rows = counted.total
    at = np.concatenate([counted.ngram_sentence, counted.cue_sentence]), np.concatenate([counted.ngram_column, counted.cue_column])
    terms = csr_matrix((np.concatenate([counted.ngram_value, counted.cue_value]), at), shape=(rows, len(space.vocabulary)))
    number = {piece: i for i, piece in enumerate(space.pieces)}
    # Words are numbered as a process met them; sums are taken in the order of their letters, so that every process gets the same.
    order = sorted(range(len(counted.pieces.names)), key=counted.pieces.names.__getitem__)
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    of_words = [[number[p] for p in word_pieces(counted.pieces.names[i]) if p in number] for i in order]
    starts = np.cumsum([0, *map(len, of_words)])
    columns = np.array([column for row in of_words for column in row], dtype=np.intp)
    by_word = csr_matrix((space.piece_idf[columns], columns, starts), shape=(len(of_words), len(space.pieces)))
    words = csr_matrix((counted.word_value, (counted.word_sentence, rank[counted.word_row])), shape=(rows, len(of_words)))
    pieces = (words @ by_word * space.piece_scale).tocsr()
    for block in (terms, pieces):
        block.sort_indices()
    return hstack([terms, pieces]).tocsr(), counted.sentences.tolist()
