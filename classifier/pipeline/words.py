"""Tokens as numbers: every kind of token is met once, judged once and kept, so a text costs a look-up a word.

spaCy's tokenizer works on what stands between blanks, one stretch at a time and without looking at its
neighbours (smileys apart). So its answer for a stretch can be kept, and a text is read by joining the answers
(`tests/pipeline/test_words.py` holds it to spaCy's own tokens). A kind of token is its text and whether a
blank stands before it; columns by kind say what sentence rules, cues and terms need to know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from classifier.pipeline.marks import EDGE, LED, marks_of
from classifier.pipeline.terms import term_of
from classifier.pipeline.tokenizer import EnglishTokenizer

Numbers = NDArray[np.int32]

EDGE_KIND = 0
"""The kind that is no token: two of it stand before a text and after it."""
EDGES = b"\0" * 8

_ODD = re.compile(r"[^\S \n]|\0")  # spaCy decides how it parts tokens
_MOST_STRETCHES = 400_000  # kept at once; some 100 MB
_MOST_KINDS = 1_000_000


class Column:
    """Numbers by kind, in an array that grows."""

    def __init__(self, dtype: type[np.generic]) -> None:
        self.values: NDArray[Any] = np.zeros(4096, dtype)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, value: int) -> None:
        """Adds the next kind's number."""
        if self._count == len(self.values):
            self.values = np.concatenate([self.values, np.zeros_like(self.values)])
        self.values[self._count] = value
        self._count += 1


class WordTable:
    """The kinds of token met so far, for one tokenizer.

    `texts` and `lowers` are their forms. Columns by kind: `lengths`, the blank before included; `marks`, the bits of
    `marks`; `terms`, the number of its term in `term_names`, where 0 is no term. A table that has grown past
    its bound is left for a fresh one: what was read with it stays valid.
    """

    def __init__(self, tokenizer: EnglishTokenizer) -> None:
        self.tokenizer = tokenizer
        self._stretches = _Stretches(self)
        self._kinds: dict[tuple[str, bool], int] = {}
        self._term_numbers: dict[str, int] = {"": 0}
        self.texts: list[str] = [""]
        self.lowers: list[str] = [""]
        self.term_names: list[str] = [""]
        self.lengths, self.marks, self.terms = Column(np.int32), Column(np.int32), Column(np.int32)
        for column, value in ((self.lengths, 1), (self.marks, EDGE), (self.terms, 0)):
            column.append(value)

    @property
    def full(self) -> bool:
        """Whether a fresh table should take over."""
        return len(self.texts) > _MOST_KINDS

    def read(self, text: str) -> Words:
        """The tokens of a text as spaCy's tokenizer parts it."""
        # A blank beside another blank or after a line break belongs to a token of white space.
        odd = text[:1] == " " or "  " in text or "\n " in text or (not text.isprintable() and _ODD.search(text))
        return self.read_doc(self.tokenizer(text)) if odd else Words(self, np.frombuffer(self.join(text), np.int32))

    def join(self, text: str) -> bytes:
        """The kinds of the tokens of a text whose blanks all part words, as bytes of 32-bit numbers; a lone NUL is the edge of a text."""
        if len(self._stretches) > _MOST_STRETCHES:
            self._stretches.clear()
            self._stretches["\0"] = EDGES
        return b"".join(map(self._stretches.__getitem__, text.split(" ")))

    def read_doc(self, doc: Doc) -> Words:
        """The tokens of a Doc, however it was made."""
        texts = [token.text for token in doc]
        blanks = [False, *(bool(token.whitespace_) for token in doc)][:-1]
        return Words(self, np.array([self.kind(text, blank) for text, blank in zip(texts, blanks, strict=True)], np.int32))

    def part(self, stretch: str) -> bytes:
        """The kinds of the tokens of one stretch without blanks, the first with a blank before it."""
        kinds = [self.kind(text, i == 0) for i, text in enumerate(self.tokenizer.part(stretch))]
        return np.array(kinds, np.int32).tobytes()

    def kind(self, text: str, blank: bool) -> int:
        """The number of a kind of token."""
        number = self._kinds.get((text, blank))
        if number is None:
            number = self._kinds[text, blank] = len(self.texts)
            self.texts.append(text)
            self.lowers.append(text.lower())
            self.lengths.append(len(text) + blank)
            self.marks.append(marks_of(text) | (LED if blank else 0))
            self.terms.append(self.term_number(term_of(text)))
        return number

    def term_number(self, term: str) -> int:
        """The number of a term; a new one is added."""
        number = self._term_numbers.get(term)
        if number is None:
            number = self._term_numbers[term] = len(self.term_names)
            self.term_names.append(term)
        return number


class _Stretches(dict[str, bytes]):
    """What the tokenizer made of each stretch of text between two blanks."""

    def __init__(self, table: WordTable) -> None:
        super().__init__({"\0": EDGES})
        self._table = table

    def __missing__(self, stretch: str) -> bytes:
        found = self[stretch] = self._table.part(stretch)
        return found


@dataclass(frozen=True)
class Words:
    """The tokens of one text by their kinds."""

    table: WordTable
    kinds: Numbers

    def __len__(self) -> int:
        return len(self.kinds)

    @cached_property
    def texts(self) -> list[str]:
        """The tokens as they stand."""
        return list(map(self.table.texts.__getitem__, self.kinds.tolist()))

    @cached_property
    def _ends(self) -> list[int]:
        kinds = self.kinds
        led = int(self.table.marks.values[kinds[0]] & LED > 0) if len(kinds) else 0  # no blank stands before a text
        ends: list[int] = (np.cumsum(self.table.lengths.values[kinds]) - led).tolist()
        return ends

    def start(self, i: int) -> int:
        """Where token `i` begins, in code points."""
        return self._ends[i] - len(self.texts[i])

    def end(self, i: int) -> int:
        """Where token `i` ends, in code points."""
        return self._ends[i]


def word_table() -> WordTable:
    """The table in use for `spacy.blank("en")`; a full one is followed by a fresh one."""
    global _table
    if _table is None or _table.full:
        _table = WordTable(EnglishTokenizer())
    return _table


_table: WordTable | None = None
