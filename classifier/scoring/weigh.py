"""From sentences to sparse rows of weighted features: one code for learning and for scoring, for one text or for many.

Many texts are counted together, since most of the time of a short text goes into calling numpy. Nothing
that is computed for one text depends on those beside it: sums run over its own entries, in the order of columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from classifier.pipeline.evidence import Reading, Tally
from classifier.scoring.aggregate import Floats
from classifier.scoring.pieces import PieceTable
from classifier.scoring.terms import TermColumns, TermReader
from classifier.scoring.vocabulary import Vocabulary

Numbers = NDArray[np.int64]

_ROOM = 2**22  # sentences of one text at most: 5 MB hold some 50,000


@dataclass(frozen=True)
class Counted:
    """What the sentences of several texts hold, sentences numbered through.

    `sentences` (T,) is the number of sentences of each text. N-grams, cue features and word pieces are three
    lists of entries, each with its `sentence`, its `column` (of a piece: its row) and its `value`; n-grams and
    cue features are in the order of text, column, sentence.
    """

    sentences: Numbers
    ngram_sentence: Numbers
    ngram_column: Numbers
    ngram_value: Floats
    cue_sentence: Numbers
    cue_column: Numbers
    cue_value: Floats
    word_sentence: Numbers
    word_row: Numbers
    word_value: Floats
    pieces: PieceTable

    @cached_property
    def starts(self) -> Numbers:
        """The first sentence of each text, and past the last where all end."""
        return np.concatenate([[0], np.cumsum(self.sentences)])

    @property
    def total(self) -> int:
        """Sentences in all."""
        return int(self.sentences.sum())

    @cached_property
    def owners(self) -> Numbers:
        """The text of each sentence."""
        return np.repeat(np.arange(len(self.sentences)), self.sentences)

    def part(self, text: int) -> Counted:
        """One text alone, its sentences numbered from 0."""
        low, high = int(self.starts[text]), int(self.starts[text + 1])
        ngram, cue, word = (
            np.flatnonzero((owner >= low) & (owner < high)) for owner in (self.ngram_sentence, self.cue_sentence, self.word_sentence)
        )
        return Counted(
            self.sentences[text : text + 1],
            self.ngram_sentence[ngram] - low,
            self.ngram_column[ngram],
            self.ngram_value[ngram],
            self.cue_sentence[cue] - low,
            self.cue_column[cue],
            self.cue_value[cue],
            self.word_sentence[word] - low,
            self.word_row[word],
            self.word_value[word],
            self.pieces,
        )


def count_texts(readings: Sequence[Reading], terms: TermReader, scale: Floats) -> Counted:
    """Counts the n-grams, cue features and word pieces of each sentence.

    An n-gram that occurs weighs its scale, and the n-grams of a sentence are brought to length 1
    (L2); cue features weigh their scale as they are; words weigh alike, brought to length 1 as if
    no two of them shared a piece.
    """
    tallies = [reading.tally for reading in readings]
    counts = np.fromiter((len(tally.lengths) for tally in tallies), np.int64, len(tallies))
    total = int(counts.sum())
    columns = _columns_of(tallies, terms)
    vocabulary = columns.vocabulary
    words = columns.resolve(*_join_terms(tallies))
    found, owners = vocabulary.find_ngrams(words.codes, words.sentences)
    ngram_column, ngram_sentence = _sort_once(found, owners, counts)
    values = scale.take(ngram_column)
    values /= _lengths(values**2, ngram_sentence, total).take(ngram_sentence)
    cue_column, cue_sentence = _sort_once(*_count_cues(tallies, counts, vocabulary), counts)
    seen = words.pieces >= 0
    rows, word_sentence = words.pieces[seen], words.sentences[seen]
    lengths = _lengths(columns.pieces.squared_lengths(rows), word_sentence, total)
    return Counted(
        counts,
        ngram_sentence,
        ngram_column,
        values,
        cue_sentence,
        cue_column,
        scale.take(cue_column),
        word_sentence,
        rows,
        (1 / lengths).take(word_sentence),
        columns.pieces,
    )


def _columns_of(tallies: Sequence[Tally], terms: TermReader) -> TermColumns:
    tables = {id(tally.table): tally.table for tally in tallies if len(tally.lengths)}
    if len(tables) > 1:
        raise ValueError("texts that are counted together must be read with one table of words")
    from classifier.pipeline.words import word_table

    return terms.columns(next(iter(tables.values()), None) or word_table())


def _join_terms(tallies: Sequence[Tally]) -> tuple[NDArray[np.int32], Numbers]:
    """The terms of all sentences end to end, and how many each sentence has."""
    if not tallies:
        return np.zeros(0, np.int32), np.zeros(0, np.int64)
    return np.concatenate([tally.terms for tally in tallies]), np.concatenate([tally.lengths for tally in tallies])


def _lengths(squares: Floats, owners: Numbers, count: int) -> Floats:
    """The length of each row whose squares are given, 1 for an empty one."""
    totals = np.bincount(owners, weights=squares, minlength=count)
    return np.asarray(np.sqrt(np.where(totals > 0, totals, 1.0)))


def _sort_once(columns: Numbers, sentences: Numbers, counts: Numbers) -> tuple[Numbers, Numbers]:
    """Each (sentence, column) once, in the order of text, column, sentence."""
    if not len(columns):
        return columns, sentences
    starts, text = np.cumsum(counts) - counts, np.repeat(np.arange(len(counts)), counts)
    width = int(columns.max()) + 1
    # One number of each entry that sorts as wanted: what is the same for all entries of a sentence is made once for it.
    keys = (text * (width * _ROOM) + (np.arange(len(text)) - starts[text])).take(sentences)
    keys += columns * _ROOM
    keys.sort()
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])]
    group, local = keys // _ROOM, keys % _ROOM
    text = group // width
    return group - text * width, local + starts.take(text)


def _count_cues(tallies: Sequence[Tally], counts: Numbers, vocabulary: Vocabulary) -> tuple[Numbers, Numbers]:
    if not tallies:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    columns = vocabulary.cue_columns(np.concatenate([tally.cue_kinds for tally in tallies]))
    before = np.repeat(np.cumsum(counts) - counts, [len(tally.cue_kinds) for tally in tallies])
    sentences = np.concatenate([tally.cue_sentences for tally in tallies]) + before
    known = columns >= 0
    return columns[known], sentences[known]
