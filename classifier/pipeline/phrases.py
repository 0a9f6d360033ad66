"""A trie of phrases over lower-case tokens: finds every wording of the lexicon in one sweep of a text.

spaCy's PhraseMatcher finds the same hits, but wants a Doc made for each of many thousand wordings
at every start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from spacy.language import Language

# Words of letters alone that spaCy's tokenizer parts all the same.
_PARTED = frozenset("cannot gonna gotta wanna gimme lemme dont cant wont im ive ill id hed shed wed theyre youre".split())

# A node is [keys that end here or null, words that follow or null]; a list, for speed.
Table = dict[str, Any]


class PhraseTrie:
    """Phrases and the keys they stand for.

    Args:
        nlp: its tokenizer parts phrases as it will part the text.
    """

    def __init__(self, nlp: Language) -> None:
        self._root: Table = {}
        self._tokenizer = nlp.tokenizer

    @lru_cache(maxsize=20_000)  # noqa: B019 - the trie lives as long as its pipeline
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

    def find(self, words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """Yields (key, start, end) in tokens for every phrase that occurs, overlapping ones too."""
        root, count = self._root, len(words)
        for start, word in enumerate(words):
            entry = root.get(word)
            end = start + 1
            while entry is not None:
                keys, table = entry
                if keys is not None:
                    for key in keys:
                        yield key, start, end
                if table is None or end >= count:
                    break
                entry = table.get(words[end])
                end += 1
