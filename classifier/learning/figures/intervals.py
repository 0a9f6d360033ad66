"""Bootstrap intervals by group (Efron 1979; groups of rows are drawn, as rows of one release are not independent)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from classifier.learning.figures.answers import Floats, Ints
from classifier.learning.figures.measures import PER_CLASS, SCALARS, Measured, per_class

RESAMPLES = 1000
LEVEL = 0.9
SEED = 0
FEWER = 300
"""Resamples for a part of a corpus: there are many parts."""

Interval = tuple[float, float]


def resamples(groups: Sequence[str], *, count: int = RESAMPLES, seed: int = SEED) -> Iterator[Ints]:
    """Yields how often each row stands in each resample; the same groups give the same resamples."""
    names, member = np.unique(np.array(groups), return_inverse=True)
    rng = np.random.default_rng(seed)
    for _ in range(count):
        drawn = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))
        yield drawn[member.ravel()]


def middle(values: Sequence[float] | Floats, level: float = LEVEL) -> Interval | None:
    """The interval that holds the middle `level` of the values, those that have no meaning left out; null without any."""
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if not len(known):
        return None
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def find_intervals(measured: Measured, groups: Sequence[str], *, count: int = RESAMPLES) -> dict[str, Interval | None]:
    """Intervals of the scalars, all null with fewer than two groups. Each is widened, where it must be, to hold its figure."""
    if len(set(groups)) < 2:
        return dict.fromkeys(SCALARS)
    drawn: dict[str, list[float]] = {name: [] for name in SCALARS}
    for counts in resamples(groups, count=count):
        for name, value in measured.scalars(counts).items():
            drawn[name].append(value)
    figures = measured.scalars(np.ones(len(groups), dtype=np.intp))
    return {name: _holding(middle(values), figures[name]) for name, values in drawn.items()}


def find_class_intervals(measured: Measured, groups: Sequence[str]) -> list[dict[str, Interval | None]]:
    """Intervals of precision, recall and F1 of each class; null with fewer than two groups."""
    if len(set(groups)) < 2:
        return [dict.fromkeys(PER_CLASS) for _ in range(measured.k)]
    drawn: dict[str, list[Floats]] = {name: [] for name in PER_CLASS}
    for counts in resamples(groups):
        table = measured.confusion(counts)
        for name, values in per_class(table).items():
            drawn[name].append(np.where(table.sum(axis=1) > 0, values, np.nan))  # a class that was not drawn says nothing
    return [{name: middle([values[c] for values in every]) for name, every in drawn.items()} for c in range(measured.k)]


def _holding(interval: Interval | None, value: float) -> Interval | None:
    """The interval, widened to its figure: resampling raises a calibration error that is near 0."""
    return interval if interval is None or np.isnan(value) else (min(interval[0], value), max(interval[1], value))


def rounded(value: float | None, digits: int = 4) -> float | None:
    """A number for a record: null where it has no meaning."""
    return None if value is None or not np.isfinite(value) else round(float(value), digits)


def rounded_pair(pair: Interval | None) -> list[float | None] | None:
    """An interval for a record."""
    return None if pair is None else [rounded(pair[0]), rounded(pair[1])]


def rounded_all(values: Mapping[str, float]) -> dict[str, float | None]:
    """Numbers for a record."""
    return {name: rounded(value) for name, value in values.items()}
