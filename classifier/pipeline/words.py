"""Tokens as numbers: every kind of token is met once, judged once and kept, so a text costs a look-up a word.

spaCy's tokenizer works on what stands between blanks, one stretch at a time and without looking at its
neighbours (smileys apart). So its answer for a stretch can be kept, and a text is read by joining the answers
(`tests/pipeline/test_words.py` holds it to spaCy's own tokens). A kind of token is its text and whether a
blank stands before it; tables by kind say what sentence rules, cues and terms need to know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from classifier.pipeline.terms import term_of
from classifier.pipeline.tokenizer import EnglishTokenizer

Numbers = NDArray[np.int32]

SPACE, BREAK, MAY_END, UPPER = 1, 2, 4, 8
"""What a kind of token is: white space; white space with a line break; may end a sentence; upper-case throughout."""

_ENDS = frozenset({".", "!", "?", "…", "...", "。", '"', "'", "''", ")", "]", "”", "’", "»"})
_ODD_SPACE = re.compile(r"[^\S \n]")  # spaCy decides how it parts tokens
_MOST_STRETCHES = 400_000  # kept at once; some 100 MB
_MOST_KINDS = 1_000_000


class Column:
    """Numbers by kind, in an array that grows."""

    def __init__(self, dtype: type[np.generic]) -> None:
        self.values: NDArray[Any] = np.zeros(4096, dtype)
        self._count = 0

    def append(self, value: int) -> None:
        """Adds the next kind's number."""
        if self._count == len(self.values):
            self.values = np.concatenate([self.values, np.zeros_like(self.values)])
        self.values[self._count] = value
        self._count += 1


class WordTable:
    """The kinds of token met so far, for one tokenizer.

    `texts` and `lowers` are their forms; `lengths` their lengths, the blank before included; `flags` as above;
    `terms` the number of each one's term in `term_names`, where 0 is no term. A table that has grown past
    its bound is left for a fresh one: what was read with it stays valid.
    """

    def __init__(self, tokenizer: Any) -> None:  # noqa: ANN401 - spaCy's tokenizer, any callable from text to Doc
        self.tokenizer = tokenizer
        self._stretches = _Stretches(self)
        self._kinds: dict[tuple[str, bool], int] = {}
        self._term_numbers: dict[str, int] = {"": 0}
        self.texts: list[str] = []
        self.lowers: list[str] = []
        self.term_names: list[str] = [""]
        self.lengths: list[int] = []
        self.flags: list[int] = []
        self.terms = Column(np.int32)

    @property
    def full(self) -> bool:
        """Whether a fresh table should take over."""
        return len(self.texts) > _MOST_KINDS

    def read(self, text: str) -> Words:
        """The tokens of a text as spaCy's tokenizer parts it."""
        parts = text.split(" ")
        # A blank beside another blank or after a line break belongs to a token of white space.
        if "" in parts[:-1] or "\n " in text or (not text.isprintable() and _ODD_SPACE.search(text)):
            return self.read_doc(self.tokenizer(text))
        if len(self._stretches) > _MOST_STRETCHES:
            self._stretches.clear()
        kinds = list(chain.from_iterable(map(self._stretches.__getitem__, parts)))
        lengths = map(self.lengths.__getitem__, kinds)
        ends = list(accumulate(lengths, initial=-1))
        del ends[0]
        return Words(self, kinds, ends)

    def read_doc(self, doc: Doc) -> Words:
        """The tokens of a Doc, however it was made."""
        texts = [token.text for token in doc]
        blanks = [False, *(bool(token.whitespace_) for token in doc)][:-1]
        kinds = [self.kind(text, blank) for text, blank in zip(texts, blanks, strict=True)]
        return Words(self, kinds, [token.idx + len(token.text) for token in doc])

    def part(self, stretch: str) -> tuple[int, ...]:
        """The kinds of the tokens of one stretch without blanks, the first with a blank before it."""
        texts = [token.text for token in self.tokenizer(stretch)]
        return tuple(self.kind(text, i == 0) for i, text in enumerate(texts))

    def kind(self, text: str, blank: bool) -> int:
        """The number of a kind of token."""
        number = self._kinds.get((text, blank))
        if number is None:
            number = self._kinds[text, blank] = len(self.texts)
            self.texts.append(text)
            self.lowers.append(text.lower())
            self.lengths.append(len(text) + blank)
            self.flags.append(_flags_of(text))
            self.terms.append(self.term_number(term_of(text)))
        return number

    def term_number(self, term: str) -> int:
        """The number of a term; a new one is added."""
        number = self._term_numbers.get(term)
        if number is None:
            number = self._term_numbers[term] = len(self.term_names)
            self.term_names.append(term)
        return number


class _Stretches(dict[str, tuple[int, ...]]):
    """What the tokenizer made of each stretch of text between two blanks."""

    def __init__(self, table: WordTable) -> None:
        super().__init__()
        self._table = table

    def __missing__(self, stretch: str) -> tuple[int, ...]:
        found = self[stretch] = self._table.part(stretch)
        return found


@dataclass(frozen=True)
class Words:
    """The tokens of one text: their kinds, and in code points where each ends."""

    table: WordTable
    kinds: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.kinds)

    @cached_property
    def numbers(self) -> Numbers:
        """The kinds as an array."""
        return np.array(self.kinds, np.int32)

    @cached_property
    def flags(self) -> list[int]:
        """What each token is."""
        return list(map(self.table.flags.__getitem__, self.kinds))

    @cached_property
    def texts(self) -> list[str]:
        """The tokens as they stand."""
        return list(map(self.table.texts.__getitem__, self.kinds))

    @cached_property
    def lowers(self) -> list[str]:
        """The tokens in lower case."""
        return list(map(self.table.lowers.__getitem__, self.kinds))

    def start(self, i: int) -> int:
        """Where token `i` begins, in code points."""
        return self.ends[i] - len(self.texts[i])

    def end(self, i: int) -> int:
        """Where token `i` ends, in code points."""
        return self.ends[i]


def _flags_of(text: str) -> int:
    if text.isspace():
        return SPACE | (BREAK if "\n" in text else 0)
    may_end = text in _ENDS or (len(text) > 1 and text[-1] == "." and text[-2].isalpha())
    return (MAY_END if may_end else 0) | (UPPER if text.isupper() else 0)


def join_tokens(words: Words, start: int, end: int) -> str:
    """The tokens from `start` up to `end` with the blanks between them."""
    text = ""
    for i in range(start, end):
        text += (" " if i > start and words.start(i) > words.end(i - 1) else "") + words.texts[i]
    return text


def word_table() -> WordTable:
    """The table in use for `spacy.blank("en")`; a full one is followed by a fresh one."""
    global _table
    if _table is None or _table.full:
        _table = WordTable(EnglishTokenizer())
    return _table


_table: WordTable | None = None
