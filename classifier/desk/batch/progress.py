"""How far a batch has come, on standard error, and what came of it at the end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TextIO

BETWEEN_LINES = {True: 0.5, False: 30.0}
"""Seconds from one line to the next, on a terminal and in a log."""


class BatchProgress:
    """Counts records and tells of them.

    Args:
        stream: standard error.
        shown: whether to show anything.
        total: bytes of all inputs; null where nobody knows.
        clock: a monotonic clock in seconds.
    """

    def __init__(self, stream: TextIO, *, shown: bool, total: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._shown, self._total, self._clock = stream, shown, total, clock
        self._terminal = stream.isatty()
        self._begun = self._last = clock()
        self._before = 0
        self._width = 0
        self.records = self.rows = 0
        self.verdicts: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()

    def count(self, records: int, rows: int, verdicts: Mapping[str, int], failures: Mapping[str, int], *, before: bool = False) -> None:
        """A chunk is done, or was done `before` this run began."""
        self.records += records
        self.rows += rows
        self._before += records if before else 0
        self.verdicts.update(verdicts)
        self.failures.update(failures)

    def tell(self, position: int) -> None:
        """Shows how far it has come, unless that was just shown.

        Args:
            position: bytes of the inputs that are done.
        """
        now = self._clock()
        if self._shown and now - self._last >= BETWEEN_LINES[self._terminal]:
            self._last = now
            self._show(self.line(position, now - self._begun))

    def line(self, position: int, seconds: float) -> str:
        """Records, rate, time left and failures in one line."""
        rate = (self.records - self._before) / max(seconds, 0.001)
        parts = [f"{self.records:,} records", f"{rate:,.0f} a second"]
        if self._total and 0 < position < self._total and seconds > 0 and self.records > self._before:
            share = self._before / self.records
            parts.append(f"{tell_time(seconds * (self._total - position) / (position * (1 - share)))} left")
        parts.append(f"{sum(self.failures.values()):,} failed")
        return ", ".join(parts)

    def clear(self) -> None:
        """Takes the line away, so that something else can be said there."""
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
            self._width = 0

    def summary(self) -> str:
        """What came of it: records, verdicts and failures by kind."""
        verdicts = ", ".join(f"{count:,} {name}" for name, count in self.verdicts.most_common()) or "none scored"
        failed = sum(self.failures.values())
        kinds = ", ".join(f"{name} {count:,}" for name, count in self.failures.most_common())
        rows = "" if self.rows == self.records else f" in {self.rows:,} rows"
        records = f"{self.records:,} record" + ("" if self.records == 1 else "s")
        return f"{records}{rows}: {verdicts}; {failed:,} failed" + (f" ({kinds})" if kinds else "")

    def _show(self, line: str) -> None:
        if self._terminal:
            self._stream.write("\r" + line.ljust(self._width))
            self._width = len(line)
        else:
            self._stream.write(f"nac: {line}\n")
        self._stream.flush()


def tell_time(seconds: float) -> str:
    """A duration in the two largest of hours, minutes and seconds."""
    whole = int(seconds + 0.5)
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {whole % 60} s" if minutes else f"{whole} s"
