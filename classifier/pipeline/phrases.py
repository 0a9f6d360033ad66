"""A trie of phrases over lower-case tokens: finds every wording of the lexicon in one sweep of a text.

spaCy's PhraseMatcher finds the same hits, but wants a Doc made for each of many thousand wordings
at every start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from spacy.tokenizer import Tokenizer

from classifier.pipeline.words import Column, Numbers, Words, WordTable

# Words of letters alone that spaCy's tokenizer parts all the same.
_PARTED = frozenset("cannot gonna gotta wanna gimme lemme dont cant wont im ive ill id hed shed wed theyre youre".split())

Table = dict[str, Any]
_BITS = 2**20


class PhraseTrie:
    """Phrases and what they mean: the keys that each wording stands for.

    Equal sets of keys share one number in `meanings`; a node is `[number or null, words that follow or null]`,
    plain values that JSON keeps as they are.

    Args:
        root: the nodes of first words.
        meanings: keys by number.
    """

    def __init__(self, root: Table, meanings: Sequence[Sequence[str]]) -> None:
        self.root = root
        self.meanings = [tuple(keys) for keys in meanings]
        self._filters: _Filters | None = None

    def find(self, words: Words) -> Iterator[tuple[int, int, int]]:
        """Yields (number of the meaning, start, end) in tokens for every phrase that occurs, overlapping ones too."""
        for start in self._candidates(words):
            for number, end in self.find_at(words, start):
                yield number, start, end

    def find_at(self, words: Words, start: int) -> Iterator[tuple[int, int]]:
        """Yields (number of the meaning, end) for every phrase that begins at token `start`."""
        lowers, count = words.lowers, len(words)
        entry = self.root.get(lowers[start])
        end = start + 1
        while entry is not None:
            number, table = entry
            if number is not None:
                yield number, end
            if table is None or end >= count:
                break
            entry = table.get(lowers[end])
            end += 1

    def _candidates(self, words: Words) -> list[int]:
        """The tokens at which a phrase may begin, judged by two words; few others slip in."""
        filters = self._filters
        if filters is None or filters.table is not words.table:
            filters = self._filters = _Filters(self.root, words.table)
        return filters.candidates(words.numbers)


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
        numbers: dict[tuple[str, ...], int] = {}
        tables = [self._root]
        while tables:
            for entry in tables.pop().values():
                if entry[0] is not None:
                    entry[0] = numbers.setdefault(tuple(entry[0]), len(numbers))
                if entry[1] is not None:
                    tables.append(entry[1])
        return PhraseTrie(self._root, list(numbers))


class _Filters:
    """For each kind of token, which first and which second word of phrases it is; and which two go together.

    Pairs are kept as bits of a hashed number: one that is not there may pass, one that is there always does.
    """

    def __init__(self, root: Table, table: WordTable) -> None:
        self.table = table
        self._firsts = {word: i for i, word in enumerate(root, 1)}
        seconds = {word for entry in root.values() if entry[1] for word in entry[1]}
        self._seconds = {word: i for i, word in enumerate(sorted(seconds), 1)}
        self._alone = np.array([False, *(entry[0] is not None for entry in root.values())])
        pairs = [(self._firsts[a], self._seconds[b]) for a, entry in root.items() for b in entry[1] or ()]
        self._pairs = np.zeros(_BITS, dtype=bool)
        self._pairs[_mix(*np.array(pairs, dtype=np.int64).reshape(-1, 2).T)] = True
        self._first, self._second = Column(np.int32), Column(np.int32)
        self._known = 0

    def candidates(self, kinds: Numbers) -> list[int]:
        """Tokens that may begin a phrase, in order."""
        lowers = self.table.lowers
        while self._known < len(lowers):
            word = lowers[self._known]
            self._first.append(self._firsts.get(word, 0))
            self._second.append(self._seconds.get(word, 0))
            self._known += 1
        first = self._first.values[kinds]
        second = np.zeros(len(kinds), dtype=np.int64)
        second[:-1] = self._second.values[kinds[1:]]
        passed = self._pairs[_mix(first, second)] & (second > 0) | self._alone[first]
        return np.flatnonzero(passed & (first > 0)).tolist()


def _mix(first: Any, second: Any) -> Any:  # noqa: ANN401 - arrays of numbers
    return (first * 40_503 + second * 9_973) & (_BITS - 1)
