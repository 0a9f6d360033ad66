"""Two models of other classes are held against each other on the held-out rows that both have answered."""

import numpy as np
import pytest

from classifier.learning.figures.answers import Answers, Row
from classifier.learning.figures.tested import NAME, write_tested
from classifier.learning.promotion.gate import _hold_own, _knows_sets

OUTCOMES = ("food", "law", "sport")


def record(folder, right, rows=90, shift=0):
    """Answers of a model that is right on a share of the rows, sure of all."""
    folder.mkdir()
    named = [Row(str(i + shift), "", OUTCOMES[i % 3], f"g{i}") for i in range(rows)]
    said = [i % 3 if (i * 7) % 10 < 10 * right else (i + 1) % 3 for i in range(rows)]
    answers = Answers(OUTCOMES, np.eye(3)[said] * 0.94 + 0.02, np.ones(rows, dtype=bool))
    (folder / NAME).write_text(write_tested([("held-out", "release", named, answers)]), encoding="utf-8")
    return folder


CASES = [
    (0.9, 0.9, True, "equal"),
    (0.5, 0.9, True, "better"),
    (0.9, 0.5, False, "worse beyond noise"),
]


@pytest.mark.parametrize(("before", "after", "held", "reason"), CASES, ids=[row[3] for row in CASES])
def test_only_a_worse_challenger_fails(tmp_path, before, after, held, reason):
    findings = _hold_own(record(tmp_path / "a", before), record(tmp_path / "b", after), OUTCOMES, 0.95)
    assert [finding.what for finding in findings] == ["held-out: accuracy", "held-out: weighted_f1", "held-out: log_loss"]
    assert all(finding.held is held and finding.n == 90 for finding in findings), reason


def test_without_rows_in_both_it_fails_and_says_so(tmp_path):
    findings = _hold_own(record(tmp_path / "a", 0.9), record(tmp_path / "b", 0.9, shift=1000), OUTCOMES, 0.95)
    assert [finding.held for finding in findings] == [False]
    assert "no rows that both have answered" in findings[0].told


def test_the_projects_sets_are_for_models_that_know_their_sides():
    assert _knows_sets(("cautious", "hawkish", "neutral"))
    assert not _knows_sets(OUTCOMES)
