"""Whether one of two models is better on the same texts, or whether it may be chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import binomtest

from classifier.learning.figures.intervals import LEVEL, RESAMPLES, middle, resamples, rounded, rounded_pair
from classifier.learning.figures.measures import HIGHER_IS_BETTER, Measured

COMPARED = ("accuracy", "macro_f1", "roc_auc", "brier")


def compare_pair(first: Measured, second: Measured, groups: Sequence[str], measures: Sequence[str] = COMPARED) -> dict[str, Any]:
    """The second beside the first: McNemar's exact test, and paired bootstrap differences by group.

    A difference is the second's measure less the first's. `worse` is the share of resamples in which the second is worse.
    """
    right_first = first.answers.chosen == first.truth
    right_second = second.answers.chosen == second.truth
    only_first, only_second = int((right_first & ~right_second).sum()), int((~right_first & right_second).sum())
    differing = only_first + only_second
    return {
        "mcnemar": {
            "only_first_right": only_first,
            "only_second_right": only_second,
            "p": rounded(binomtest(only_second, differing).pvalue if differing else 1.0, 6),
        },
        "differences": paired_differences(first, second, groups, measures),
        "level": LEVEL,
        "resamples": RESAMPLES,
    }


def paired_differences(first: Measured, second: Measured, groups: Sequence[str], measures: Sequence[str]) -> dict[str, Any]:
    """Measure -> `value` of the difference, `interval`, and `worse`; the same rows are drawn for both."""
    whole = np.ones(len(first.truth), dtype=np.intp)
    before, after = first.scalars(whole), second.scalars(whole)
    drawn: dict[str, list[float]] = {name: [] for name in measures}
    if len(set(groups)) > 1:
        for counts in resamples(groups):
            a, b = first.scalars(counts), second.scalars(counts)
            for name in measures:
                drawn[name].append(b[name] - a[name])
    return {
        name: {
            "value": rounded(after[name] - before[name]),
            "interval": rounded_pair(middle(drawn[name])),
            "worse": rounded(_share_worse(drawn[name], higher=HIGHER_IS_BETTER[name])),
        }
        for name in measures
    }


def _share_worse(differences: Sequence[float], *, higher: bool) -> float:
    known = np.array([d for d in differences if not np.isnan(d)])
    return float((known < 0 if higher else known > 0).mean()) if len(known) else float("nan")
