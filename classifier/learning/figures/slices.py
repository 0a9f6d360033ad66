"""The same measures on parts of a corpus: by year, kind, topic and length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classifier.learning.figures.answers import Answers, Ints, Row
from classifier.learning.figures.intervals import FEWER, find_intervals, rounded, rounded_pair
from classifier.learning.figures.measures import Measured

MOST_VALUES = 12
LEAST_ROWS = 5
SHOWN = ("accuracy", "macro_f1", "roc_auc", "brier")
OTHERS = "all others"


def slice_values(rows: Sequence[Row]) -> dict[str, list[str]]:
    """Field -> its value for each row, for the fields of which there are at least two values; "" where it is unknown.

    Length is by thirds of the corpus, in words.
    """
    words = np.array([len(row.text.split()) for row in rows])
    low, high = (int(x) for x in np.quantile(words, [1 / 3, 2 / 3], method="lower")) if len(words) else (0, 0)
    lengths = [f"up to {low} words" if n <= low else f"{low + 1} to {high} words" if n <= high else f"over {high} words" for n in words]
    fields: dict[str, Callable[[Row], str]] = {
        "year": lambda r: r.date[:5] if r.date.endswith("s") else r.date[:4],
        "kind": lambda r: r.kind,
        "topic": lambda r: r.topic,
    }
    found = {name: [value(row) for row in rows] for name, value in fields.items()} | {"length": lengths}
    return {name: values for name, values in found.items() if len(set(values) - {""}) > 1}


def year_of(row: Row) -> str:
    """The year of a date, or a decade such as 1990s as it stands."""
    return row.date[:5] if row.date.endswith("s") else row.date[:4]


def measure_slices(rows: Sequence[Row], truth: Ints, answers: Answers, groups: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Field -> for each of its values `value`, `n`, measures and their `intervals`; the rarest values together."""
    return {field: _measure_field(values, truth, answers, groups) for field, values in slice_values(rows).items()}


def _measure_field(values: Sequence[str], truth: Ints, answers: Answers, groups: Sequence[str]) -> list[dict[str, Any]]:
    members: dict[str, list[int]] = {}
    for number, value in enumerate(values):
        if value:
            members.setdefault(value, []).append(number)
    ranked = sorted(members, key=lambda value: -len(members[value]))
    kept = [value for value in ranked[:MOST_VALUES] if len(members[value]) >= LEAST_ROWS]
    rest = sorted(i for value in ranked if value not in kept for i in members[value])
    parts = [(value, members[value]) for value in sorted(kept, key=_natural)]
    if len(rest) >= LEAST_ROWS:
        parts.append((OTHERS, rest))
    return [{"value": value, **_measure_part(numbers, truth, answers, groups)} for value, numbers in parts]


def _natural(value: str) -> tuple[bool, int, str]:
    """Short texts before long ones."""
    first = next((int(word) for word in value.split() if word.isdigit()), 0)
    return (value.startswith("over "), first if " words" in value and not value.startswith("up ") else 0, value)


def _measure_part(numbers: Sequence[int], truth: Ints, answers: Answers, groups: Sequence[str]) -> dict[str, Any]:
    chosen = np.array(numbers, dtype=np.intp)
    measured = Measured(truth[chosen], answers.take(chosen))
    scalars = measured.scalars(np.ones(len(chosen), dtype=np.intp))
    intervals = find_intervals(measured, [groups[i] for i in numbers], count=FEWER)
    return {
        "n": len(numbers),
        **{name: rounded(scalars[name]) for name in SHOWN},
        "intervals": {name: rounded_pair(intervals[name]) for name in SHOWN},
    }
