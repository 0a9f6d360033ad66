"""Rows that are pairs: two phrases at most so many words apart in one clause.

Most halves are common words ("will", "forces"). So what begins with a word is kept by that word and the next,
and the halves of a sentence say by two sets of bits which pairs may be there at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from classifier.pipeline.lexicon import CueRow, Lexicon
from classifier.pipeline.phrases import PhraseTrie
from classifier.pipeline.words import Words, WordTable

# A pair does not reach across these: they part one clause from the next.
BARRIERS = frozenset({";", ":", "but", "however", "although", "though", "whereas", "unless", "(", ")", "—"})

Bits = tuple[int, int]
"""Pairs of which something is the first half, and those of which it is the second, as bits by number of the pair."""
Span = tuple[int, int, int]
Half = tuple[int, int, int, int]
"""Start and end in tokens, and the two sets of bits."""

_LONGER: Sequence[Span] = ((0, 0, 0),)


class PairFinder:
    """Finds the pairs of a lexicon.

    Args:
        lexicon: its rows.
        halves: the wordings of all halves under the keys of `half_keys`.
    """

    def __init__(self, lexicon: Lexicon, halves: PhraseTrie) -> None:
        self._rows = [row for row in lexicon.cues if not row.phrases]
        self._halves = halves
        keys = _number_halves(lexicon)
        self._meanings = [_union(keys[key] for key in own) for own in halves.meanings]
        self._table: WordTable | None = None
        self._following: list[dict[int, Sequence[Span]] | None] = []

    def find(self, words: Words, bounds: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, CueRow]]:
        """Yields (start, end, row) in tokens; `bounds` are first and past-the-last token of each sentence."""
        if self._table is not words.table:
            self._table, self._following = words.table, []
        if len(self._following) < len(words.table.lowers):
            root = self._halves.root
            self._following += [{} if word in root else None for word in words.table.lowers[len(self._following) :]]
        following, kinds = self._following, words.kinds
        nexts = [*kinds[1:], -1]
        for start, end in bounds:
            halves: list[Half] = []
            firsts = seconds = 0
            for i in range(start, end):
                known = following[kinds[i]]
                if known is None:
                    continue
                own = known.get(nexts[i])
                if own is None:
                    own = known[nexts[i]] = self._look_ahead(words, i)
                for length, first, second in own if own is not _LONGER else self._look(words, i):
                    halves.append((i, i + length, first, second))
                    firsts |= first
                    seconds |= second
            if whole := firsts & seconds:
                yield from self._join_all(halves, words, end, whole)

    def _join_all(self, halves: Sequence[Half], words: Words, limit: int, whole: int) -> Iterator[tuple[int, int, CueRow]]:
        """The pairs among those in `whole` that the halves of one sentence, which ends at `limit`, make."""
        some = [half for half in halves if (half[2] | half[3]) & whole]
        while whole:
            bit = whole & -whole
            whole ^= bit
            row = self._rows[bit.bit_length() - 1]
            firsts = [half for half in some if half[2] & bit]
            seconds = [half for half in some if half[3] & bit]
            for low, high in _join(row, firsts, seconds, words.lowers, limit):
                yield low, high, row

    def _look(self, words: Words, i: int) -> list[Span]:
        return [(end - i, *self._meanings[number]) for number, end in self._halves.find_at(words, i)]

    def _look_ahead(self, words: Words, i: int) -> Sequence[Span]:
        """The halves that begin at token `i`, or that a third word is needed to tell."""
        entry, lowers = self._halves.root[words.lowers[i]], words.lowers
        following = entry[1].get(lowers[i + 1]) if entry[1] and i + 1 < len(lowers) else None
        return _LONGER if following and following[1] else self._look(words, i)


def half_keys(lexicon: Lexicon) -> dict[tuple[str, ...], str]:
    """A key for every list of phrases that is half of a pair; rows that share a list share its key."""
    keys: dict[tuple[str, ...], str] = {}
    for row in lexicon.cues:
        if not row.phrases:
            for phrases in (row.first, row.second):
                keys.setdefault(phrases, f"half:{len(keys)}")
    return keys


def _number_halves(lexicon: Lexicon) -> dict[str, Bits]:
    keys = half_keys(lexicon)
    halves = dict.fromkeys(keys.values(), (0, 0))
    for number, row in enumerate(row for row in lexicon.cues if not row.phrases):
        for key, own in ((keys[row.first], (1 << number, 0)), (keys[row.second], (0, 1 << number))):
            halves[key] = _union((halves[key], own))
    return halves


def _union(parts: Iterable[Bits]) -> Bits:
    first = second = 0
    for a, b in parts:
        first, second = first | a, second | b
    return first, second


def _join(row: CueRow, firsts: Sequence[Half], seconds: Sequence[Half], words: Sequence[str], limit: int) -> Iterator[tuple[int, int]]:
    """Joins each first half to the nearest second half in its clause, at most `gap` words off."""
    for a, b, *_ in firsts:
        best: tuple[int, int, int] | None = None
        for c, d, *_ in seconds:
            if c >= b:
                distance, span = c - b, (a, d)
            elif row.order == "any" and d <= a:
                distance, span = a - d, (c, b)
            else:
                continue
            nearer = distance <= row.gap and (best is None or distance < best[0])
            if nearer and _is_one_clause(words, *span, limit):
                best = (distance, *span)
        if best is not None:
            yield best[1:]


def _is_one_clause(words: Sequence[str], start: int, end: int, limit: int) -> bool:
    """Whether the tokens from `start` to `end` stand in a sentence that ends at `limit`, and no barrier parts them."""
    return end <= limit and BARRIERS.isdisjoint(words[start : end - 1])
