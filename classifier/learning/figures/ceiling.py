"""How far annotators agree: no model can be told to be better than that."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Any

from classifier.learning.figures.answers import Row
from classifier.learning.figures.intervals import rounded


def find_ceiling(rows: Sequence[Row], labels: Collection[str]) -> dict[str, Any] | None:
    """Agreement over all pairs of annotators on rows where both chose one of `labels`; null where there are no two.

    Returns:
        `pairs` of labels compared, `percent` agreeing in [0, 1], `kappa` (Cohen 1960, over the pooled pairs).
    """
    known = set(labels)
    given = [[row.annotators[name] for name in sorted(row.annotators)] for row in rows]
    pairs = [(a, b) for labelled in given for a, b in combinations(labelled, 2) if {a, b} <= known]
    if not pairs:
        return None
    n = len(pairs)
    same = sum(a == b for a, b in pairs) / n
    chance = sum(sum(a == name for a, _ in pairs) * sum(b == name for _, b in pairs) for name in labels) / n**2
    return {"pairs": n, "percent": rounded(same), "kappa": rounded((same - chance) / (1 - chance)) if chance < 1 else None}
