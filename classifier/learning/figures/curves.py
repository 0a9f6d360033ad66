"""Whether probabilities mean what they say, and what is gained by answering only where one is sure."""

from __future__ import annotations

from typing import Any

import numpy as np

from classifier.learning.figures.intervals import rounded
from classifier.learning.figures.measures import Measured

STEPS = 20


def reliability(measured: Measured) -> list[dict[str, Any]]:
    """Bins of equal count: `n`, lowest and highest probability, their mean, and how often it came so (`frequency`)."""
    p, event = measured.confidence, measured.event
    return [
        {
            "n": len(rows),
            "low": rounded(p[rows].min()),
            "high": rounded(p[rows].max()),
            "probability": rounded(p[rows].mean()),
            "frequency": rounded(event[rows].mean()),
        }
        for rows in measured.bins()
    ]


def risk_coverage(measured: Measured) -> list[dict[str, Any]]:
    """Share of wrong answers among the surest texts, for 5 %, 10 % ... 100 % of them (El-Yaniv and Wiener 2010).

    Sure is the probability of the likeliest outcome. `probability` is the least one that is still answered.
    """
    sure = measured.answers.probabilities.max(axis=1)
    order = np.argsort(-sure, kind="stable")
    wrong = np.cumsum(measured.answers.chosen[order] != measured.truth[order])
    points: dict[int, dict[str, Any]] = {}
    for step in range(1, STEPS + 1):
        n = max(1, round(len(order) * step / STEPS))
        points[n] = {
            "coverage": rounded(n / len(order)),
            "n": n,
            "risk": rounded(wrong[n - 1] / n),
            "probability": rounded(sure[order[n - 1]]),
        }
    return list(points.values())
