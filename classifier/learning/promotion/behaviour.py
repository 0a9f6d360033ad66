"""Tables of behaviour (CheckList, Ribeiro et al. 2020, arXiv:2005.04118): what a model must say, whatever its figures are.

`stance`: the verdict on a text. `invariance`: a change that must not move the score. `direction`: a change that must move it
one way. They are shipped, so that a promotion on any machine can be held to them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from classifier.scoring.artefact import AnyModel
from classifier.scoring.statement import score

TABLES = Path(__file__).parent / "tables"
NAMES = ("stance", "invariance", "direction")
SAME = 1e-12

Case = dict[str, Any]


@cache
def read_table(name: str) -> tuple[Case, ...]:
    """The rows of a table: `id`, `text`, what is expected, and a `reason`."""
    return tuple(json.loads(line) for line in (TABLES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())


def passes(name: str, case: Case, model: AnyModel) -> bool:
    """Whether a two-pole model does on one row as the table wants."""
    before = score(case["text"], model=model)
    if name == "stance":
        return bool(before.verdict == case["expect"])
    after = score(case["changed"], model=model)
    if before.probability is None or after.probability is None:
        return False
    if name == "direction":
        return (after.probability > before.probability) if case["direction"] == "up" else (after.probability < before.probability)
    cues = [[(cue.entry, cue.qualifiers) for cue in found.cues] for found in (before, after)]
    return abs(after.probability - before.probability) <= SAME and cues[0] == cues[1]


def passed(name: str, model: AnyModel) -> set[str]:
    """Ids of the rows of a table that a model passes."""
    return {case["id"] for case in read_table(name) if passes(name, case, model)}
