"""How far a collection has come: a bar on a terminal with rate, what remains, and what was refused."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from scraper.collect.summary import Tally


class CrawlBar:
    """A bar on standard error; it shows nothing unless that is a terminal.

    Args:
        shown: whether the user wants it.
    """

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown and sys.stderr.isatty()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if self._shown:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            words = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}")
            self._bar = Progress(*words, TimeRemainingColumn(), TextColumn("{task.fields[refused]}"), console=Console(stderr=True))
            self._bar.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, tally: Tally) -> None:
        """Shows the counts."""
        if self._bar is None:
            return
        if self._task is None:
            self._task = self._bar.add_task(tally.source, total=None, rate="", refused="")
        speed = self._bar.tasks[0].speed
        rate = "waits" if tally.pause else f"{speed:.1f} pages/s" if speed else ""
        refused = f"{tally.refused.total() + tally.failed.total()} refused"
        total = tally.done + tally.left if tally.left > 0 or tally.done else None
        found = f"{tally.source}: {tally.found} found" if not tally.done else tally.source
        self._bar.update(self._task, description=found, completed=tally.done, total=total, rate=rate, refused=refused)
