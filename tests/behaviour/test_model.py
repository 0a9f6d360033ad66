"""The shipped model against tables of behaviour (CheckList, Ribeiro et al. 2020, arXiv:2005.04118)."""

import json
from pathlib import Path

import pytest

from classifier import load_model, score
from classifier.learning.promotion.behaviour import TABLES

HERE = Path(__file__).parent


def rows(name):
    """Tables of models are shipped, for the gate of promotion; that of the context rules lies here."""
    folder = HERE if name == "context.jsonl" else TABLES
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def model():
    return load_model()


def mark_gap(case, request):
    """A row that the shipped model is known to miss stays in the table, strictly: mending it must be noticed."""
    if case["id"] in json.loads((HERE / "known_gaps.json").read_text(encoding="utf-8")):
        request.applymarker(pytest.mark.xfail(reason=case["reason"], strict=True))


@pytest.mark.parametrize("case", rows("stance.jsonl"), ids=lambda case: case["id"])
def test_minimum_functionality(case, model, request):
    mark_gap(case, request)
    found = score(case["text"], model=model)
    assert found.verdict == case["expect"], case["reason"]


@pytest.mark.parametrize("case", rows("invariance.jsonl"), ids=lambda case: case["id"])
def test_invariance(case, model, request):
    mark_gap(case, request)
    before, after = score(case["text"], model=model), score(case["changed"], model=model)
    assert after.probability == pytest.approx(before.probability, abs=1e-12), case["reason"]
    assert [(c.entry, c.qualifiers) for c in after.cues] == [(c.entry, c.qualifiers) for c in before.cues], case["reason"]


@pytest.mark.parametrize("case", rows("direction.jsonl"), ids=lambda case: case["id"])
def test_direction(case, model, request):
    mark_gap(case, request)
    before, after = score(case["text"], model=model).probability, score(case["changed"], model=model).probability
    assert (after > before) if case["direction"] == "up" else (after < before), case["reason"]


def test_tables_are_large_enough():
    count = sum(len(rows(name)) for name in ("context.jsonl", "stance.jsonl", "invariance.jsonl", "direction.jsonl"))
    assert count >= 400
    assert len(json.loads((HERE / "known_gaps.json").read_text(encoding="utf-8"))) <= 0.1 * count
