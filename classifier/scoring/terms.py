"""What a model makes of each term, judged once and kept: name or word, its n-gram code, its row of pieces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.lang.en.stop_words import STOP_WORDS

from classifier.pipeline.terms import INITIAL, NAME, stem
from classifier.pipeline.words import Column, WordTable
from classifier.scoring.pieces import PieceTable
from classifier.scoring.vocabulary import Vocabulary

Numbers = NDArray[np.int64]

_WORD, _NAME, _EITHER = 0, 1, 2


@dataclass(frozen=True)
class Words:
    """The resolved words of some sentences end to end: codes of the vocabulary and rows of pieces (-1: none), and their sentences."""

    codes: Numbers
    pieces: Numbers
    sentences: Numbers


class TermColumns:
    """What one model makes of the terms of one table of words.

    Args:
        table: whose numbers the terms are.
        vocabulary: tells names from words, and knows the n-grams.
        pieces: knows words by their letters.
    """

    def __init__(self, table: WordTable, vocabulary: Vocabulary, pieces: PieceTable) -> None:
        self.table = table
        self.vocabulary = vocabulary
        self.pieces = pieces.fresh()
        self._kinds, self._codes, self._rows, self._marks = (Column(np.int64) for _ in range(4))
        self._known = 0
        self._placeholders: dict[str, int] = {NAME: 1}
        self._name = (vocabulary.codes.get(stem(NAME), -1), self.pieces.row(NAME))

    def resolve(self, terms: NDArray[np.int32], lengths: Numbers) -> Words:
        """Decides of each capitalised word whether it is a name; a run of one placeholder is one word.

        A word that also occurs in lower case is a name all the same before one that does not ("Mark
        Rutte"), unless it is a function word ("No Polish battery", "In Warsaw").

        Args:
            terms: numbers of the terms of all sentences end to end, 0 for none.
            lengths: (S,) how many of them each sentence has.
        """
        self._learn()
        owners = np.repeat(np.arange(len(lengths)), lengths)
        present = terms > 0
        terms, owners = terms[present].astype(np.int64), owners[present]
        named = self._find_names(self._kinds.values.take(terms), owners)
        marks = self._marks.values.take(terms)
        marks[named] = 1
        kept = np.ones(len(terms), bool)
        kept[1:] = (marks[1:] == 0) | (marks[1:] != marks[:-1]) | (owners[1:] != owners[:-1])
        if not kept.all():
            terms, owners, named = terms[kept], owners[kept], named[kept]
        codes, rows = self._codes.values.take(terms), self._rows.values.take(terms)
        codes[named], rows[named] = self._name
        return Words(codes, rows, owners)

    @staticmethod
    def _find_names(kinds: Numbers, owners: Numbers) -> NDArray[np.bool_]:
        named = kinds == _NAME
        open_ = np.flatnonzero(kinds == _EITHER)
        settled = np.flatnonzero(kinds != _EITHER)
        if len(open_) and len(settled):
            # A run of words that may be names is one if a name follows it.
            following = np.searchsorted(settled, open_)
            inside = following < len(settled)
            following = settled[np.minimum(following, len(settled) - 1)]
            named[open_] = inside & (kinds[following] == _NAME) & (owners[following] == owners[open_])
        return np.asarray(named)

    def _learn(self) -> None:
        """Judges the terms that the table has met since."""
        names, vocabulary = self.table.term_names, self.vocabulary
        for term in names[self._known :]:
            kind, word = _WORD, term
            if term.startswith(INITIAL):
                word = term[1:]
                kind = _NAME if word not in vocabulary.known else _WORD if word in STOP_WORDS else _EITHER
            elif term == NAME:
                kind = _NAME
            self._kinds.append(kind)
            self._codes.append(vocabulary.codes.get(stem(word), -1) if word else -1)
            self._rows.append(self.pieces.row(word) if word else -1)
            self._marks.append(self._placeholders.setdefault(word, len(self._placeholders) + 1) if word[:1] == NAME[0] else 0)
        self._known = len(names)


class TermReader:
    """The columns of one model for whichever table of words is in use."""

    def __init__(self, vocabulary: Vocabulary, pieces: PieceTable) -> None:
        self._vocabulary = vocabulary
        self._pieces = pieces
        self._columns: TermColumns | None = None

    def columns(self, table: WordTable) -> TermColumns:
        """Those for a table; the last ones are kept."""
        if self._columns is None or self._columns.table is not table:
            self._columns = TermColumns(table, self._vocabulary, self._pieces)
        return self._columns
