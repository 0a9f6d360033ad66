"""The record that a model keeps of its own test: figures, calibration and slices, for its card; no text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from classifier.learning.figures.answers import Row
from classifier.learning.figures.assessment import measure_record
from classifier.learning.figures.ceiling import find_ceiling
from classifier.learning.figures.curves import reliability, risk_coverage
from classifier.learning.figures.measures import Measured
from classifier.learning.figures.slices import measure_slices


def keep_record(measured: Measured, rows: Sequence[Row]) -> dict[str, Any]:
    """The figures of `nac evaluate` without the worst errors, whose texts belong to the corpus."""
    groups = [row.group for row in rows]
    record = measure_record(measured, groups)
    record["model"] = {
        "groups": len(set(groups)),
        "annotators": find_ceiling(rows, measured.answers.outcomes),
        "reliability": reliability(measured),
        "risk_coverage": risk_coverage(measured),
        "slices": measure_slices(rows, measured.truth, measured.answers, groups),
    }
    return record
