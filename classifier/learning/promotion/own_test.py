"""The test of two models of other classes than the project's: what both answered on the same held-out rows of their corpus."""

from __future__ import annotations

from pathlib import Path

from classifier.learning.figures.answers import truth_of
from classifier.learning.figures.measures import Measured
from classifier.learning.figures.tested import read_tested, recall, rows_of

MEASURES = ("accuracy", "weighted_f1", "log_loss")


def find_shared(champion: Path, challenger: Path, outcomes: tuple[str, ...]) -> dict[str, tuple[Measured, Measured, list[str]]]:
    """Set -> the champion's and the challenger's measures on the rows that both have answered, and the rows' groups.

    Args:
        champion: the folder of the model in use.
        challenger: that of the other.
        outcomes: what a text can be, for both.

    Raises:
        ModelError: recorded answers cannot be read.
    """
    found: dict[str, tuple[Measured, Measured, list[str]]] = {}
    before, after = read_tested(champion), read_tested(challenger)
    for key in before.keys() & after.keys():
        both = {name: one for name, one in before[key].items() if name in after[key] and after[key][name].label == one.label}
        rows = [row for row in rows_of(both) if row.label in outcomes]
        answers = [recall(tested[key], rows, outcomes) for tested in (before, after)]
        if rows and answers[0] is not None and answers[1] is not None:
            truth = truth_of(rows, outcomes)
            found[key[0]] = Measured(truth, answers[0]), Measured(truth, answers[1]), [row.group for row in rows]
    return found
