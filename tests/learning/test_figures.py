"""The measures beside scikit-learn's, on any resample; intervals, curves, slices, tests of pairs."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from classifier.learning.evaluate import expected_calibration_error
from classifier.learning.figures.answers import Answers, Row
from classifier.learning.figures.assessment import measure_record
from classifier.learning.figures.ceiling import find_ceiling
from classifier.learning.figures.curves import reliability, risk_coverage
from classifier.learning.figures.intervals import find_intervals, middle, resamples
from classifier.learning.figures.kept import keep_record
from classifier.learning.figures.measures import Measured, bin_edges
from classifier.learning.figures.pairs import compare_pair
from classifier.learning.figures.slices import measure_slices


def make(n, k, seed, skill=1.0, ties=False):
    """Truth and answers of a made-up model: the better the greater its skill."""
    rng = np.random.default_rng(seed)
    truth = np.concatenate([np.arange(k), rng.integers(0, k, n - k)])
    logits = rng.normal(size=(n, k)) + skill * np.eye(k)[truth]
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    if ties:
        p = np.round(p, 1) + 0.05
        p /= p.sum(axis=1, keepdims=True)
    return truth, Answers(tuple("abcdefgh"[:k]), p, rng.random(n) < 0.8)


@settings(max_examples=60, deadline=None)
@given(st.integers(12, 80), st.integers(2, 5), st.integers(0, 10**6), st.booleans(), st.booleans())
def test_measures_of_a_resample_are_scikit_learns_on_the_rows_drawn(n, k, seed, ties, drawn):
    truth, answers = make(n, k, seed, ties=ties)
    counts = np.random.default_rng(seed).integers(0, 3, n) if drawn else np.ones(n, dtype=int)
    counts[:k] = 1  # each class is there
    rows = np.repeat(np.arange(n), counts)
    y, p, said = truth[rows], answers.probabilities[rows], answers.chosen[rows]
    found = Measured(truth, answers).scalars(counts)
    auc = metrics.roc_auc_score(y == 0, p[:, 0]) if k == 2 else metrics.roc_auc_score(y, p, multi_class="ovr", labels=range(k))
    brier = metrics.brier_score_loss(y == 0, p[:, 0]) if k == 2 else ((p - np.eye(k)[y]) ** 2).sum(axis=1).mean()
    decided = answers.decided[rows]
    expected = {
        "accuracy": metrics.accuracy_score(y, said),
        "balanced_accuracy": metrics.balanced_accuracy_score(y, said),
        "macro_f1": metrics.f1_score(y, said, average="macro", zero_division=0),
        "weighted_f1": metrics.f1_score(y, said, average="weighted", zero_division=0),
        "roc_auc": auc,
        "brier": brier,
        "log_loss": metrics.log_loss(y, p, labels=range(k)),
        "coverage": decided.mean(),
        "decided_accuracy": (y == said)[decided].mean() if decided.any() else np.nan,
    }
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=1e-9, nan_ok=True), name


@settings(max_examples=40, deadline=None)
@given(st.integers(4, 60), st.integers(0, 10**6))
def test_calibration_error_is_that_of_the_rows_drawn(n, seed):
    truth, answers = make(n, 2, seed)
    counts = np.random.default_rng(seed).integers(0, 3, n)
    counts[0] = 1
    rows = np.repeat(np.arange(n), counts)
    expected = expected_calibration_error(truth[rows] == 0, answers.probabilities[rows, 0])
    assert Measured(truth, answers).scalars(counts)["ece"] == pytest.approx(expected, abs=1e-9)


def test_bins_are_of_equal_count_as_numpy_parts_them():
    for n in (1, 9, 10, 11, 25, 103):
        assert np.diff(bin_edges(n)).tolist() == [len(part) for part in np.array_split(np.arange(n), 10)]


def test_resamples_keep_a_group_together_and_are_the_same_every_time():
    groups = ["x", "x", "y", "z", "y"]
    drawn = list(resamples(groups, count=50))
    assert all(c[0] == c[1] and c[2] == c[4] and c[0] + c[2] + c[3] == 3 for c in drawn)
    assert all(np.array_equal(a, b) for a, b in zip(drawn, resamples(groups, count=50), strict=True))


def test_rows_of_one_group_are_no_independent_evidence():
    """Every row four times over, in its group: the interval must not shrink as if there were four times the texts."""
    truth, answers = make(60, 2, 1)
    single = find_intervals(Measured(truth, answers), [str(i) for i in range(60)])
    four = np.repeat(np.arange(60), 4)
    grouped = find_intervals(Measured(truth[four], answers.take(four)), [str(i) for i in four])
    loose = find_intervals(Measured(truth[four], answers.take(four)), [str(i) for i in range(240)])

    def width(pair):
        return pair[1] - pair[0]

    assert width(grouped["accuracy"]) == pytest.approx(width(single["accuracy"]))
    assert width(loose["accuracy"]) < 0.7 * width(single["accuracy"])


def test_one_group_gives_no_interval():
    truth, answers = make(20, 2, 1)
    record = measure_record(Measured(truth, answers), ["one"] * 20)
    assert set(record["intervals"].values()) == {None}
    assert record["accuracy"] is not None


def test_intervals_hold_the_figure_and_stand_in_the_record():
    truth, answers = make(300, 3, 5)
    record = measure_record(Measured(truth, answers), [str(i // 3) for i in range(300)])
    for name in ("accuracy", "macro_f1", "roc_auc", "brier", "coverage"):
        low, high = record["intervals"][name]
        assert low < record[name] < high, name
    assert sum(map(sum, record["confusion"])) == record["n"] == 300
    assert [record["per_class"][name]["n"] for name in record["classes"]] == [sum(row) for row in record["confusion"]]


def test_middle_leaves_out_what_has_no_meaning():
    assert middle([float("nan")] * 3) is None
    assert middle([float("nan"), 1.0, 1.0]) == (1.0, 1.0)


def test_reliability_counts_every_row_once():
    truth, answers = make(103, 2, 3)
    bins = reliability(Measured(truth, answers))
    assert [b["n"] for b in bins] == [11] * 3 + [10] * 7
    assert all(a["high"] <= b["low"] for a, b in zip(bins, bins[1:], strict=False))
    assert sum(b["n"] * b["frequency"] for b in bins) == pytest.approx((truth == 0).sum(), abs=0.01)


def test_answering_only_the_sure_ones_costs_coverage_and_saves_errors():
    truth, answers = make(400, 2, 3, skill=2.0)
    points = risk_coverage(Measured(truth, answers))
    assert points[-1]["coverage"] == 1.0
    assert points[-1]["risk"] == pytest.approx((answers.chosen != truth).mean(), abs=1e-4)
    assert points[3]["risk"] < points[-1]["risk"]


def row(i, **fields):
    return Row(**({"id": str(i), "text": "word " * (i % 30 + 1), "label": "a", "group": str(i)} | fields))


def test_slices_part_the_rows_and_fields_without_two_values_are_left_out():
    truth, answers = make(90, 2, 3)
    rows = [row(i, date=f"20{20 + i % 3}-01-01", kind="one") for i in range(90)]
    found = measure_slices(rows, truth, answers, [r.group for r in rows])
    assert set(found) == {"year", "length"}
    assert [part["value"] for part in found["year"]] == ["2020", "2021", "2022"]
    assert [part["value"].split()[0] for part in found["length"]] == ["up", "11", "over"]
    assert sum(part["n"] for part in found["length"]) == 90


def test_rare_values_stand_together():
    truth, answers = make(60, 2, 3)
    rows = [row(i, topic="often" if i < 50 else f"rare {i}") for i in range(60)]
    parts = measure_slices(rows, truth, answers, [r.group for r in rows])["topic"]
    assert [(part["value"], part["n"]) for part in parts] == [("often", 50), ("all others", 10)]


def test_a_better_model_is_told_from_chance():
    truth, weak = make(400, 2, 3, skill=0.3)
    _, strong = make(400, 2, 3, skill=3.0)
    groups = [str(i) for i in range(400)]
    found = compare_pair(Measured(truth, weak), Measured(truth, strong), groups)
    assert found["mcnemar"]["p"] < 0.001
    assert found["mcnemar"]["only_second_right"] > found["mcnemar"]["only_first_right"]
    assert found["differences"]["accuracy"]["interval"][0] > 0 and found["differences"]["brier"]["interval"][1] < 0
    assert found["differences"]["accuracy"]["worse"] == 0.0 == found["differences"]["brier"]["worse"]
    same = compare_pair(Measured(truth, weak), Measured(truth, weak), groups)
    assert same["mcnemar"] == {"only_first_right": 0, "only_second_right": 0, "p": 1.0}
    assert same["differences"]["accuracy"] == {"value": 0.0, "interval": [0.0, 0.0], "worse": 0.0}


def test_agreement_of_annotators_is_the_ceiling():
    given_rows = [row(i, annotators={"x": "a", "y": "a" if i % 10 else "b"}) for i in range(100)]
    found = find_ceiling(given_rows, ("a", "b"))
    assert found["pairs"] == 100 and found["percent"] == 0.9
    expected = metrics.cohen_kappa_score([r.annotators["x"] for r in given_rows], [r.annotators["y"] for r in given_rows])
    assert found["kappa"] == pytest.approx(expected, abs=1e-4)
    assert find_ceiling([row(1), row(2, annotators={"x": "a"})], ("a", "b")) is None


def test_what_a_model_keeps_of_its_test_holds_no_text():
    truth, answers = make(60, 3, 5)
    rows = [row(i, text=f"secret words {i}", date=f"20{20 + i % 2}") for i in range(60)]
    record = keep_record(Measured(truth, answers), rows)
    assert "secret" not in json.dumps(record)
    assert set(record["model"]["slices"]) == {"year"} and sum(b["n"] for b in record["model"]["reliability"]) == 60
