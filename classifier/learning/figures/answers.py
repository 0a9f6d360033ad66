"""What is measured: labelled texts, and what somebody says of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

UNITS = ("release", "sentence")


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text; `group` is what resampling keeps together, `date` ISO or part of it, `annotators` name -> label."""

    id: str
    text: str
    label: str
    group: str
    date: str = ""
    kind: str = ""
    topic: str = ""
    annotators: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """What is said of n texts: (n, K) `probabilities` of the `outcomes`, and (n,) whether it was `decided` (not `no stance`)."""

    outcomes: tuple[str, ...]
    probabilities: Floats
    decided: NDArray[np.bool_]

    def take(self, rows: Sequence[int] | Ints) -> Answers:
        """The answers on some of the texts."""
        chosen = np.asarray(rows, dtype=np.intp)
        return Answers(self.outcomes, self.probabilities[chosen], self.decided[chosen])

    @property
    def chosen(self) -> Ints:
        """(n,) number of the likeliest outcome, also where none was decided on; the first of two that are equal."""
        return np.asarray(self.probabilities.argmax(axis=1), dtype=np.intp)


def truth_of(rows: Sequence[Row], outcomes: Sequence[str]) -> Ints:
    """(n,) numbers of the labels among the outcomes.

    Raises:
        KeyError: a label is none of them.
    """
    number = {name: i for i, name in enumerate(outcomes)}
    return np.array([number[row.label] for row in rows], dtype=np.intp)
