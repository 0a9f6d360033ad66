"""Many numbers looked up at once: a table of hashes in an array, a few times faster than a search by halves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio (Knuth, vol. 3, 6.4)


class HashTable:
    """Values by key. A key stands in the slot that its hash names, or in the first free one after it.

    Args:
        keys: (m,) not negative, each once.
        values: (m,) of the keys.
    """

    def __init__(self, keys: Numbers, values: Numbers) -> None:
        bits = max(1, (2 * len(keys)).bit_length())
        self._shift = np.uint64(64 - bits)
        # (slots, 2) keys and values, -1 where a slot is free; past the hashes there is room to go on, and a free slot at the end.
        slots = np.full(((1 << bits) + len(keys) + 1, 2), -1, np.int64)
        left, slot = np.arange(len(keys)), self._hash(keys)
        while len(left):
            free = slots[slot, 0] < 0
            slots[slot[free], 0] = keys[left[free]]  # where several want one, the last has it
            placed = slots[slot, 0] == keys[left]
            slots[slot[placed], 1] = values[left[placed]]
            left, slot = left[~placed], slot[~placed] + 1
        past = np.flatnonzero(slots[1 << bits :, 0] >= 0)
        self._slots = slots[: (1 << bits) + 1 + (int(past[-1]) + 1 if len(past) else 0)].copy()

    def find(self, wanted: Numbers) -> Numbers:
        """The values of keys, -1 for those that it does not hold."""
        slot = self._hash(wanted)
        entries = self._slots.take(slot, axis=0)
        hit = entries[:, 0] == wanted
        found = np.where(hit, entries[:, 1], -1)
        open_ = np.flatnonzero(~hit & (entries[:, 0] >= 0))
        slot = slot[open_]
        while len(open_):
            slot = slot + 1
            entries = self._slots.take(slot, axis=0)
            hit = entries[:, 0] == wanted[open_]
            found[open_[hit]] = entries[hit, 1]
            goes_on = ~hit & (entries[:, 0] >= 0)
            open_, slot = open_[goes_on], slot[goes_on]
        return found

    def _hash(self, keys: Numbers) -> Numbers:
        return ((keys.astype(np.uint64) * _MULTIPLIER) >> self._shift).astype(np.int64)
