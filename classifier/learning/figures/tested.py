"""Answers of a model's twin on the fixed test sets, kept in the model's folder as `tested.jsonl`; no text.

The weights that are shipped are fitted on all years, so the model itself has seen the test year. Its twin had not: its
answers, row by row, are what figures and the gate of promotion rest on.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifier.learning.figures.answers import Answers, Row
from classifier.scoring.errors import ModelError

NAME = "tested.jsonl"
LARGEST = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Tested:
    """One answer: which set and unit, which row with its label and slices, what was said, and whether it was decided."""

    set: str
    unit: str
    id: str
    label: str
    group: str
    date: str
    kind: str
    probabilities: Mapping[str, float]
    decided: bool


def write_tested(parts: Iterable[tuple[str, str, Sequence[Row], Answers]]) -> str:
    """The text of `tested.jsonl` from (set, unit, rows, their answers)."""
    lines = []
    for name, unit, rows, answers in parts:
        for row, values, decided in zip(rows, answers.probabilities.tolist(), answers.decided.tolist(), strict=True):
            said = dict(zip(answers.outcomes, (round(value, 6) for value in values), strict=True))
            facts = {"set": name, "unit": unit, "id": row.id, "label": row.label, "group": row.group, "date": row.date, "kind": row.kind}
            record = {**facts, "probabilities": said, "decided": decided}
            lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    return "".join(lines)


def read_tested(folder: Path) -> dict[tuple[str, str], dict[str, Tested]]:
    """(set, unit) -> id -> the answer of the twin; empty where the model has none.

    Raises:
        ModelError: the file cannot be used.
    """
    path = folder / NAME
    if not path.is_file():
        return {}
    found: dict[tuple[str, str], dict[str, Tested]] = {}
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("it is too large")
        for line in path.read_text(encoding="utf-8").splitlines():
            one = _read_line(json.loads(line))
            found.setdefault((one.set, one.unit), {})[one.id] = one
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(f"{path} cannot be read: {str(error)[:200]}", hint="restore the model folder") from error
    return found


def _read_line(record: Mapping[str, Any]) -> Tested:
    probabilities = {str(name): float(value) for name, value in record["probabilities"].items()}
    if not all(math.isfinite(value) for value in probabilities.values()):
        raise ValueError("a probability is no number")
    words = {name: str(record[name]) for name in ("set", "unit", "id", "label", "group", "date", "kind")}
    return Tested(**words, probabilities=probabilities, decided=bool(record["decided"]))


def rows_of(tested: Mapping[str, Tested]) -> list[Row]:
    """The rows that were answered, without their texts."""
    return [Row(one.id, "", one.label, one.group, one.date, one.kind) for one in tested.values()]


def recall(tested: Mapping[str, Tested], rows: Sequence[Row], outcomes: tuple[str, ...]) -> Answers | None:
    """The recorded answers on these rows; null unless there is one for every row, of these outcomes."""
    found = [tested.get(row.id) for row in rows]
    known = [one for one in found if one is not None and set(one.probabilities) == set(outcomes)]
    if len(known) < len(rows):
        return None
    probabilities = np.array([[one.probabilities[name] for name in outcomes] for one in known]).reshape(len(known), len(outcomes))
    return Answers(outcomes, probabilities, np.array([one.decided for one in known], dtype=bool))
