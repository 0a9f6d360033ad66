"""Rows that are pairs: two phrases at most so many words apart in one clause.

Most halves are common words ("will", "forces"), so what counts first is which sentences hold both halves of a row
at all. Only those halves are put together, and only as far as the row's gap reaches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.pipeline.lexicon import Lexicon
from classifier.pipeline.passages import Passages, Places
from classifier.pipeline.phrases import PhraseTrie
from classifier.pipeline.sentences import Bounds
from classifier.pipeline.spans import Lists, spread_ranges
from classifier.pipeline.words import Column, WordTable

# A pair does not reach across these: they part one clause from the next.
BARRIERS = frozenset({";", ":", "but", "however", "although", "though", "whereas", "unless", "(", ")", "—"})

_MOST_SEEN = 2**22


@dataclass(frozen=True)
class _Halves:
    """Halves of pairs: their tokens, from `firsts` up to `lasts`, and (sentence * number of pairs + number of the pair), `groups`."""

    firsts: Places
    lasts: Places
    groups: Places

    def take(self, which: Places) -> _Halves:
        return _Halves(self.firsts.take(which), self.lasts.take(which), self.groups.take(which))


class PairFinder:
    """Finds the pairs of a lexicon.

    Args:
        lexicon: its rows.
        halves: the wordings of all halves under the keys of `half_keys`.
    """

    def __init__(self, lexicon: Lexicon, halves: PhraseTrie) -> None:
        numbers = [i for i, row in enumerate(lexicon.cues) if not row.phrases]
        rows = [lexicon.cues[i] for i in numbers]
        self._halves = halves
        self._numbers = np.array(numbers, np.int64)
        self._gaps = np.array([row.gap for row in rows], np.int64)
        self._any_order = np.array([row.order == "any" for row in rows], bool)
        sides = _sides_by_key(lexicon)
        # Each half stands for some pairs; side 0 of a pair is its first half, 1 its second.
        self._sides = Lists([sorted({side for key in keys for side in sides[key]}) for keys in halves.meanings])
        self._table: WordTable | None = None
        self._barriers = Column(np.int64)

    def find(self, passages: Passages, bounds: Bounds) -> tuple[Places, Places, Places]:
        """First tokens, past-the-last tokens and numbers of rows of the pairs that occur: each first half with the nearest second one."""
        firsts, seconds = self._meet(passages, bounds)
        if not len(firsts.groups):
            return firsts.groups, firsts.groups, firsts.groups
        numbers, found = [], []
        for number, distance, low, high, place in (
            _ahead(firsts, seconds, self._gaps),
            _behind(firsts, seconds, self._gaps, self._any_order),
        ):
            numbers.append(number)
            found.append(np.stack([distance, place, low, high]))
        number, (distance, place, low, high) = np.concatenate(numbers), np.concatenate(found, axis=1)
        limits = bounds.lasts[firsts.groups // len(self._gaps)]
        whole = np.flatnonzero((high <= limits[number]) & self._are_one_clause(passages, low, high))
        order = whole[np.lexsort((place[whole], distance[whole], number[whole]))]
        nearest = order[np.flatnonzero(np.diff(number[order], prepend=-1))]
        return low[nearest], high[nearest], self._numbers[firsts.groups[number[nearest]] % len(self._gaps)]

    def _meet(self, passages: Passages, bounds: Bounds) -> tuple[_Halves, _Halves]:
        """The first and the second halves in sentences that hold both halves of the pair, at least as hashes say."""
        hits = self._halves.find(passages)
        sides, owners = self._sides.spread(hits.meanings)
        keys = (bounds.numbers.take(hits.firsts) * (2 * len(self._gaps))).take(owners)
        keys += sides
        seen = np.zeros(min(_MOST_SEEN, 1 << (2 * len(self._gaps) * len(bounds.firsts)).bit_length()), bool)
        hashes = keys & (len(seen) - 1)
        seen[hashes] = True
        hashes ^= 1
        both = seen.take(hashes).nonzero()[0]
        owners, keys = owners.take(both), keys.take(both)
        halves = _Halves(hits.firsts.take(owners), hits.lasts.take(owners), keys >> 1)
        second = keys & 1
        return halves.take((second == 0).nonzero()[0]), halves.take(second.nonzero()[0])

    def _are_one_clause(self, passages: Passages, low: Places, high: Places) -> np.ndarray:
        """Whether no barrier stands among the tokens of spans, their last one left aside."""
        if self._table is not passages.table:
            self._table, self._barriers = passages.table, Column(np.int64)
        for word in passages.table.lowers[len(self._barriers) :]:
            self._barriers.append(word in BARRIERS)
        before = np.cumsum(self._barriers.values[passages.kinds])
        return np.asarray(before[high - 2] == before[low - 1])


Pairing = tuple[Places, Places, Places, Places, Places]
"""Number of the first half, words between, first token, past the last, and the place of the second half in order."""


def _ahead(firsts: _Halves, seconds: _Halves, gaps: Places) -> Pairing:
    """Each first half with the second halves that begin after it, within the gap."""
    width = _width(firsts, seconds)
    order = np.argsort(seconds.groups * width + seconds.firsts, kind="stable")
    keys = (seconds.groups * width + seconds.firsts)[order]
    begin = firsts.groups * width + firsts.lasts
    reach = np.minimum(begin + gaps[firsts.groups % len(gaps)], (firsts.groups + 1) * width - 1)
    low = np.searchsorted(keys, begin)
    number, at = spread_ranges(low, np.searchsorted(keys, reach, side="right") - low)
    place = order[at]
    return number, seconds.firsts[place] - firsts.lasts[number], firsts.firsts[number], seconds.lasts[place], place


def _behind(firsts: _Halves, seconds: _Halves, gaps: Places, any_order: np.ndarray) -> Pairing:
    """Each first half of a pair of any order with the second halves that end before it, within the gap."""
    width = _width(firsts, seconds)
    order = np.argsort(seconds.groups * width + seconds.lasts, kind="stable")
    keys = (seconds.groups * width + seconds.lasts)[order]
    own = np.flatnonzero(any_order[firsts.groups % len(gaps)])
    end = firsts.groups[own] * width + firsts.firsts[own]
    reach = np.maximum(end - gaps[firsts.groups[own] % len(gaps)], firsts.groups[own] * width)
    low = np.searchsorted(keys, reach)
    number, at = spread_ranges(low, np.searchsorted(keys, end, side="right") - low)
    number, place = own[number], order[at]
    return number, firsts.firsts[number] - seconds.lasts[place], seconds.firsts[place], firsts.lasts[number], place


def _width(firsts: _Halves, seconds: _Halves) -> int:
    return int(max(firsts.lasts.max(), seconds.lasts.max())) + 1 if len(firsts.lasts) and len(seconds.lasts) else 1


def half_keys(lexicon: Lexicon) -> dict[tuple[str, ...], str]:
    """A key for every list of phrases that is half of a pair; rows that share a list share its key."""
    keys: dict[tuple[str, ...], str] = {}
    for row in lexicon.cues:
        if not row.phrases:
            for phrases in (row.first, row.second):
                keys.setdefault(phrases, f"half:{len(keys)}")
    return keys


def _sides_by_key(lexicon: Lexicon) -> dict[str, list[int]]:
    """For each key of halves, twice the number of each pair that it is the first half of, and that plus one for the second."""
    keys = half_keys(lexicon)
    sides: dict[str, list[int]] = {key: [] for key in keys.values()}
    for number, row in enumerate(row for row in lexicon.cues if not row.phrases):
        sides[keys[row.first]].append(2 * number)
        sides[keys[row.second]].append(2 * number + 1)
    return sides
