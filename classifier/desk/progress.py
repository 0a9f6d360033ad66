"""How far a long run has come: one line on standard error that rewrites itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

FIRST_SHOWN = 20
"""Texts after which the line appears; a shorter run needs none."""

BETWEEN_LINES = 0.2
"""Seconds from one line to the next."""


class Progress:
    """Counts texts and shows the count on a terminal.

    Args:
        stream: standard error.
        shown: whether to show anything.
        clock: a monotonic clock in seconds.
    """

    def __init__(self, stream: TextIO, *, shown: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._shown = shown
        self._clock = clock
        self._begun = self._last = clock()
        self._done = self._failed = 0
        self._width = 0

    def count(self, *, failed: bool = False) -> None:
        """One more text is done."""
        self._done += 1
        self._failed += failed
        now = self._clock()
        if self._shown and self._done > FIRST_SHOWN and now - self._last >= BETWEEN_LINES:
            self._last = now
            rate = self._done / max(now - self._begun, 0.001)
            self._show(f"{self._done:,} texts, {self._failed:,} failed, {rate:,.0f} a second")

    def clear(self) -> None:
        """Takes the line away, so that something else can be said there."""
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
            self._width = 0

    def _show(self, line: str) -> None:
        self._stream.write("\r" + line.ljust(self._width))
        self._stream.flush()
        self._width = len(line)
