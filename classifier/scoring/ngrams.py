"""N-grams as numbers: the lines of a file of n-grams, read all at once and without a string for each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from classifier.scoring.hashes import HashTable

LONGEST_NGRAM = 3

Numbers = NDArray[np.int64]
_BLANK, _BREAK = b" \n"


@dataclass(frozen=True)
class Ngrams:
    """N-grams in the order of their columns, n of them.

    `codes` numbers the words; `heads` (n,) are the columns of what stands before the last word, -1 where it stands alone;
    `lasts` (n,) the codes of the last words. `lines` is UTF-8, each n-gram closed by a line break, at `ends` (n,) in bytes.
    """

    codes: dict[str, int]
    heads: Numbers
    lasts: Numbers
    lines: bytes
    ends: Numbers

    def name(self, column: int) -> str:
        """The n-gram of a column."""
        start = int(self.ends[column - 1]) + 1 if column else 0
        return self.lines[start : int(self.ends[column])].decode("utf-8")


def read_ngrams(text: str) -> Ngrams:
    """Takes in n-grams, each closed by a line break, its words parted by a blank; each comes after its own beginning.

    Raises:
        ValueError: one stands before its beginning or without it, is longer than `LONGEST_NGRAM`, or lacks a word.
    """
    lines = text.encode("utf-8")
    data = np.frombuffer(lines, np.uint8)
    ends = np.flatnonzero(data == _BREAK)
    parting = data[(data == _BLANK) | (data == _BREAK)]
    words = text.replace("\n", " ").split(" ")[:-1]
    at = np.flatnonzero(parting == _BREAK)  # the last word of each
    sizes = np.diff(at, prepend=-1)
    _check(words, at, sizes)
    codes = {words[i]: number for number, i in enumerate(at[sizes == 1].tolist())}
    found = np.fromiter(map(codes.get, words, repeat(-1)), np.int64, len(words))
    for i in np.flatnonzero(found < 0).tolist():  # words that no n-gram is alone
        found[i] = codes.setdefault(words[i], len(codes))
    heads = _find_heads(found, at, sizes, len(codes))
    if len(early := np.flatnonzero(heads >= np.arange(len(at)))):
        last, size = int(at[early[0]]), int(sizes[early[0]])
        ngram = words[last - size + 1 : last + 1]
        raise ValueError(f"n-gram {' '.join(ngram)!r} stands before its prefix {' '.join(ngram[:-1])!r}")
    return Ngrams(codes, heads, found[at], lines, ends)


def _check(words: list[str], at: Numbers, sizes: Numbers) -> None:
    if len(sizes) and int(sizes.max()) > LONGEST_NGRAM:
        number = int(np.argmax(sizes > LONGEST_NGRAM))
        raise ValueError(f"n-gram {number} has {sizes[number]} words, more than {LONGEST_NGRAM}")
    if "" in words:
        raise ValueError(f"n-gram {int(np.searchsorted(at, words.index('')))} lacks a word")


def _find_heads(found: Numbers, at: Numbers, sizes: Numbers, count: int) -> Numbers:
    """The column of what stands before each last word, -1 where nothing does, its own where that is no n-gram."""
    heads = np.full(len(at), -1)
    columns = np.flatnonzero(sizes == 1)
    singles = np.full(count, -1)
    singles[found[at[columns]]] = columns
    tables: list[LongerTable] = []
    for size in range(2, LONGEST_NGRAM + 1):
        columns = np.flatnonzero(sizes == size)
        first = at[columns] - size + 1
        before = singles[found[first]]
        for place, table in enumerate(tables, 1):
            before = table.find(before, found[first + place])
        heads[columns] = np.where(before < 0, columns, before)
        tables.append(LongerTable(heads[columns], found[at[columns]], columns, count))
    return heads


class LongerTable:
    """Finds the n-gram that adds a word to a shorter one.

    Args:
        heads: (m,) columns of the shorter ones, not negative.
        lasts: (m,) codes of the words added.
        columns: (m,) columns of the longer ones.
        count: how many codes there are.
    """

    def __init__(self, heads: Numbers, lasts: Numbers, columns: Numbers, count: int) -> None:
        keys = heads * count + lasts
        order = np.argsort(keys, kind="stable")
        self._keys, self._columns, self._count = keys[order], columns[order], count
        self._hashes: HashTable | None = None

    def make_ready_for_many(self) -> None:
        """Lays a table of hashes, which costs some milliseconds and makes each look-up twice as fast."""
        if self._hashes is None:
            self._hashes = HashTable(self._keys, self._columns)

    def find(self, heads: Numbers, lasts: Numbers) -> Numbers:
        """The columns of the longer ones, -1 where there is none; a negative head begins none."""
        wanted = heads * self._count + lasts
        if self._hashes is not None:
            return self._hashes.find(wanted)
        if not len(self._keys):
            return np.full(len(wanted), -1)
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        return np.where(self._keys[at] == wanted, self._columns[at], -1)
