"""Baselines that a model's own `metrics.json` holds for the fixed test sets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classifier.learning.figures.measures import TOP
from classifier.learning.figures.names import COUNCIL, TIME_SPLIT

LARGEST = 64 * 2**20
KEYS = {TIME_SPLIT: "time_split", COUNCIL: "council_register"}
GROUPS = {"baselines_same_training": "same training texts", "baselines": "given texts only"}


def read_metrics(folder: Path) -> dict[str, Any]:
    """The figures in a model's folder; empty where there are none."""
    path = folder / "metrics.json"
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def recorded_baselines(metrics: Mapping[str, Any], name: str, unit: str) -> dict[str, Any]:
    """Rung -> its figures on a fixed set as they were measured with the model, null where one was not; `fitted_on` says to what."""
    figures = metrics.get(KEYS.get(name, name))
    if not isinstance(figures, Mapping):
        return {}
    for group, told in GROUPS.items():
        found = {}
        for rung, units in (figures.get(group) or {}).items():
            row = units.get(unit) or {}
            values = {key: row.get(key) for key in ("n", *TOP)}
            intervals = {key: row.get(f"{key}_interval") for key in TOP}
            found[rung] = {**values, "intervals": intervals, "fitted_on": f"recorded: {told}"}
        if found:
            return found
    return {}
