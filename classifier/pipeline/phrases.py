"""A trie of phrases over lower-case tokens: finds every wording of the lexicon in one sweep of many texts.

spaCy's PhraseMatcher finds the same hits, but wants a Doc made for each of many thousand wordings
at every start. Here the trie is three rows of numbers, and all tokens walk it together, a word a step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokenizer import Tokenizer

from classifier.pipeline.passages import Passages, Places
from classifier.pipeline.words import Column, WordTable

# Words of letters alone that spaCy's tokenizer parts all the same.
_PARTED = frozenset("cannot gonna gotta wanna gimme lemme dont cant wont im ive ill id hed shed wed theyre youre".split())

Table = dict[str, Any]
_BITS = 2**18


@dataclass(frozen=True)
class Hits:
    """Phrases met, in order of place: numbers of their meanings, their first tokens, and past their last, each (H,)."""

    meanings: Places
    firsts: Places
    lasts: Places


class PhraseTrie:
    """Phrases and what they mean: the keys that each wording stands for.

    Nodes are numbered from 0, the root, level by level; the edge `keys[k]` leads to node `k + 1`.

    Args:
        words: the words of all phrases, in order; they are numbered from 1.
        keys: (E,) number of the node an edge leaves times (number of words + 1), and the number of its word; rising.
        numbers: (E + 1,) of each node, the number of what it means, -1 for nothing.
        meanings: keys by number.
    """

    def __init__(
        self, words: Sequence[str], keys: NDArray[np.int64], numbers: NDArray[np.int64], meanings: Sequence[Sequence[str]]
    ) -> None:
        self.words = tuple(words)
        self.keys = np.asarray(keys, np.int64)
        self.numbers = np.asarray(numbers, np.int64)
        self.meanings = [tuple(own) for own in meanings]
        self._width = len(self.words) + 1
        self._number = dict(zip(self.words, range(1, self._width), strict=True))
        self._firsts = np.zeros(self._width, np.int64)
        roots = int(np.searchsorted(self.keys, self._width))
        self._firsts[self.keys[:roots]] = np.arange(1, roots + 1)
        # One bit for each edge by a hash of it: where there is none, no search is needed.
        self._edges = np.zeros(_BITS, bool)
        parents, own = np.divmod(self.keys, self._width)
        self._edges[_mix(parents, own)] = True
        self._goes_on = np.zeros(len(self.numbers), bool)
        self._goes_on[parents] = True
        self._table: WordTable | None = None
        self._columns = Column(np.int64)

    def find(self, passages: Passages) -> Hits:
        """Every phrase that occurs, overlapping ones too."""
        words = self._words_of(passages)
        nodes = self._firsts.take(words)
        at = nodes.nonzero()[0]
        nodes = nodes.take(at)
        found: list[tuple[Places, Places, Places]] = []
        length = 1
        while len(at):
            numbers = self.numbers.take(nodes)
            met = (numbers >= 0).nonzero()[0]
            firsts = at.take(met)
            found.append((numbers.take(met), firsts, firsts + length))
            following = words.take(at + length)
            going = (self._goes_on.take(nodes) & (following > 0)).nonzero()[0]
            at, nodes, following = at.take(going), nodes.take(going), following.take(going)
            going = self._edges.take(_mix(nodes, following)).nonzero()[0]
            at, wanted = at.take(going), nodes.take(going) * self._width + following.take(going)
            edges = self.keys.searchsorted(wanted)
            there = (self.keys.take(edges, mode="clip") == wanted).nonzero()[0]
            at, nodes, length = at.take(there), edges.take(there) + 1, length + 1
        return _in_order(found)

    def _words_of(self, passages: Passages) -> Places:
        """The number of each token's word, 0 where it is in no phrase."""
        if self._table is not passages.table:
            self._table, self._columns = passages.table, Column(np.int64)
        lowers = passages.table.lowers
        for word in lowers[len(self._columns) :]:
            self._columns.append(self._number.get(word, 0))
        words: Places = self._columns.values.take(passages.kinds)
        return words


def _in_order(found: Sequence[tuple[Places, Places, Places]]) -> Hits:
    if not found:
        return Hits(*(np.zeros(0, np.int64) for _ in range(3)))
    numbers, firsts, lasts = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = firsts.argsort(kind="stable")  # shorter ones came first
    return Hits(numbers.take(order), firsts.take(order), lasts.take(order))


def _mix(nodes: Places, words: Places) -> Places:
    return (nodes * 40_503 + words * 9_973) & (_BITS - 1)


class TrieBuilder:
    """Makes a trie, wording by wording.

    Args:
        tokenizer: parts phrases as it will part the text.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._root: Table = {}
        self._tokenizer = tokenizer

    @lru_cache(maxsize=20_000)  # noqa: B019 - the builder lives for one build
    def _parts(self, word: str) -> tuple[str, ...]:
        if word.isalpha() and word not in _PARTED:
            return (word,)
        return tuple(token.lower_ for token in self._tokenizer(word))

    def add(self, wordings: Iterable[str], key: str) -> None:
        """Puts plain wordings (lower case, words parted by blanks) in under a key."""
        for wording in wordings:
            words = wording.split(" ")
            if not wording.replace(" ", "").isalpha() or not _PARTED.isdisjoint(words):
                words = [part for word in words for part in self._parts(word)]
            table = self._root
            for word in words[:-1]:
                entry = table.get(word)
                if entry is None:
                    entry = table[word] = [None, {}]
                elif entry[1] is None:
                    entry[1] = {}
                table = entry[1]
            entry = table.get(words[-1])
            if entry is None:
                table[words[-1]] = [[key], None]
            elif entry[0] is None:
                entry[0] = [key]
            elif key not in entry[0]:
                entry[0].append(key)

    def build(self) -> PhraseTrie:
        """The trie of all that was added; the builder is spent."""
        names = _names(self._root)
        number = {word: i for i, word in enumerate(names, 1)}
        meanings: dict[tuple[str, ...], int] = {}
        keys: list[int] = []
        numbers, tables = [-1], [self._root]
        for node, table in enumerate(tables):  # which grows
            for word in sorted(table):
                own, following = table[word]
                keys.append(node * (len(names) + 1) + number[word])
                numbers.append(meanings.setdefault(tuple(own), len(meanings)) if own else -1)
                tables.append(following or {})
        return PhraseTrie(names, np.array(keys, np.int64), np.array(numbers, np.int64), list(meanings))


def _names(root: Table) -> list[str]:
    """All words of nested tables, in order."""
    words: set[str] = set()
    tables = [root]
    while tables:
        table = tables.pop()
        words.update(table)
        tables += [following for _, following in table.values() if following]
    return sorted(words)
