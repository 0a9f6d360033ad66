"""What came of a collection, counted while it runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Ending = Literal["done", "waiting", "budget"]


@dataclass(slots=True)
class Tally:
    """Counts of one collection so far, for those who watch it.

    `skipped` counts by code what discovery left out, `refused` what was had but is no release, `failed` what could
    not be had.
    """

    source: str
    found: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    left: int = 0
    pause: float = 0.0

    @property
    def done(self) -> int:
        """Pages that are finished with."""
        return self.outcomes.total() + self.refused.total() + self.failed.total()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What came of a collection.

    `added` are documents not met before, `changed` such as have new words at an address, `unchanged` are pages as they
    were, `duplicates` further addresses, captures and translations of known documents. `refused` (had, but no release
    that was asked for), `failed` (not had) and `skipped` (left out by discovery) count by code. `waiting` pages are to
    be tried again later. `ended` is `done`, `waiting` (something is left for later) or `budget` (no more requests
    allowed). `requests` counts all that were made. `resumed` if an unfinished collection was taken up.
    """

    source: str
    ended: Ending
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    duplicates: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    waiting: int = 0
    requests: int = 0
    resumed: bool = False
    exit_code: int = 0


def sum_up(tally: Tally, *, ended: Ending, waiting: int, requests: int, resumed: bool, failures: frozenset[int]) -> Summary:
    """The summary of a tally.

    Args:
        tally: all counts.
        ended: how the collection ended.
        waiting: pages left for later.
        requests: made in all.
        resumed: whether it was taken up.
        failures: exit codes of what could not be had.
    """
    outcomes = tally.outcomes
    return Summary(
        source=tally.source,
        ended=ended,
        added=outcomes["added"],
        changed=outcomes["changed"],
        unchanged=outcomes["unchanged"],
        duplicates=outcomes["duplicate"],
        refused=dict(sorted(tally.refused.items())),
        failed=dict(sorted(tally.failed.items())),
        skipped=dict(sorted(tally.skipped.items())),
        waiting=waiting,
        requests=requests,
        resumed=resumed,
        exit_code=_choose_exit_code(tally, ended, failures),
    )


def _choose_exit_code(tally: Tally, ended: Ending, failures: frozenset[int]) -> int:
    if ended == "budget" or len(failures) > 1:
        return 1
    if failures:
        return next(iter(failures))
    if ended == "waiting":
        return 1
    return 5 if tally.refused and not tally.outcomes else 0
