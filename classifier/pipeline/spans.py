"""Spans as rows of numbers: which lie inside which, and ranges end to end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Lists:
    """Lists of numbers end to end, each to be had by its own number."""

    def __init__(self, lists: Sequence[Sequence[int]]) -> None:
        self._counts = np.fromiter(map(len, lists), np.int64, len(lists))
        self._starts = np.cumsum(self._counts) - self._counts
        self._values = np.array([value for own in lists for value in own], np.int64)

    def spread(self, wanted: NDArray[Any]) -> tuple[Numbers, Numbers]:
        """The values of the wanted lists end to end, and for each value the place of its list among the wanted."""
        owners, at = spread_ranges(self._starts.take(wanted), self._counts.take(wanted))
        return self._values.take(at), owners


def spread_ranges(starts: NDArray[Any], counts: NDArray[Any]) -> tuple[Numbers, Numbers]:
    """For ranges that begin at `starts` and hold `counts` numbers: the place of the range of each number, and the numbers."""
    owners = np.arange(len(starts)).repeat(counts)
    numbers = np.arange(len(owners))
    numbers += (starts - (counts.cumsum() - counts)).take(owners)
    return owners, numbers


def find_covered(starts: Numbers, ends: Numbers, takes_in: Callable[[Numbers, Numbers], Flags]) -> Flags:
    """Which spans are taken in by another one that covers them.

    Args:
        starts: where they begin, rising; between equals
        ends: where they end, falling.
        takes_in: of the numbers of spans that cover and of spans that are covered, whether the one takes the other in.
    """
    covered = np.zeros(len(starts), bool)
    furthest = np.maximum.accumulate(ends) if len(ends) else ends
    step, open_ = 1, np.arange(1, len(starts))
    while len(open_ := open_[open_ >= step]) and len(open_ := open_[furthest[open_ - step] >= ends[open_]]):
        earlier = open_ - step
        reaching = ends[earlier] >= ends[open_]
        over, under = earlier[reaching], open_[reaching]
        covered[under[takes_in(over, under)]] = True
        alike = starts[over] == starts[under]
        alike &= ends[over] == ends[under]
        over, under = over[alike], under[alike]
        covered[over[takes_in(under, over)]] = True
        step += 1
    return covered
