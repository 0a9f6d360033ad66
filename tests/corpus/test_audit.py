"""Confident learning by hand, and an audit that finds labels changed on purpose."""

import random

import numpy as np
import pytest

from classifier.learning.auditing.audit import audit_corpus
from classifier.learning.auditing.confident import find_doubts
from classifier.learning.labelled.row import CorpusError
from tests.corpus.test_labelled_reading import put

PROBABILITIES = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.4, 0.6], [0.1, 0.9], [0.95, 0.05]])
GIVEN = np.array([0, 0, 0, 1, 1, 1])


def test_a_case_worked_by_hand():
    """Thresholds 1.8/3 and 1.55/3; row 2 is confidently 1 though given 0, row 5 the other way round."""
    doubt = find_doubts(GIVEN, PROBABILITIES)
    assert doubt.thresholds == pytest.approx([0.6, 1.55 / 3])
    assert doubt.likely.tolist() == [0, 0, 1, 1, 1, 0]
    assert np.flatnonzero(doubt.doubted).tolist() == [2, 5]
    assert doubt.margin == pytest.approx([0.8, 0.4, -0.6, 0.2, 0.8, -0.9])
    assert doubt.joint == pytest.approx(np.array([[2, 1], [1, 2]]) / 6)
    assert doubt.wrong_share == pytest.approx(1 / 3)


def test_equal_probabilities_doubt_nothing():
    doubt = find_doubts(np.array([0, 1, 0, 1]), np.full((4, 2), 0.5))
    assert doubt.joint.sum() == pytest.approx(1)
    assert np.isfinite(doubt.joint).all()


@pytest.mark.parametrize("given", [np.array([0, 0, 0]), np.array([0, 1]), np.array([0, 1, 2])])
def test_shapes_that_do_not_fit(given):
    with pytest.raises(ValueError, match="do not fit"):
        find_doubts(given, np.full((3, 2), 0.5))


SIDES = {"firm": "deploy ships respond threat deter strike".split(), "calm": "consult talk restrain dialogue monitor calm".split()}


def made_rows(count=120, wrong=6):
    """Sentences of nonsense in two vocabularies, some of them with the other's label; gives rows and ids of the wrong ones."""
    chance = random.Random(4)
    rows = []
    for n in range(count):
        label = ("firm", "calm")[n % 2]
        text = " ".join(chance.choices(SIDES[label], k=4) + chance.choices("the of and to in by".split(), k=5))
        rows.append({"id": f"r{n}", "text": text, "label": label, "group": f"g{n // 3}"})
    changed = chance.sample(range(count), wrong)
    for n in changed:
        rows[n]["label"] = "calm" if rows[n]["label"] == "firm" else "firm"
    return rows, {f"r{n}" for n in changed}


def test_labels_changed_on_purpose_are_doubted_most(tmp_path):
    rows, changed = made_rows()
    path = put(tmp_path / "a.jsonl", *rows)
    before = path.read_bytes()
    audit = audit_corpus(path)
    assert {row.id for row in audit.doubtful[:6]} == changed
    first = audit.doubtful[0]
    assert {first.given, first.predicted} == {"firm", "calm"}
    assert first.predicted_probability > 0.5 > first.given_probability
    assert audit.wrong_share == pytest.approx(0.05, abs=0.03)
    assert audit.accuracy > 0.9
    assert path.read_bytes() == before, "an audit never edits"
    assert audit_corpus(path) == audit, "the same every time"


def test_copies_in_one_group_do_not_vouch_for_each_other(tmp_path):
    """A wrong label with five copies of its text: only a model that saw none of them can doubt it."""
    rows, _ = made_rows(wrong=0)
    wrong = [{"id": f"w{n}", "text": "deploy ships strike deter threat respond", "label": "calm", "group": "w"} for n in range(6)]
    audit = audit_corpus(put(tmp_path / "a.jsonl", *rows, *wrong))
    assert {row.id for row in audit.doubtful} >= {row["id"] for row in wrong}


def test_labels_that_are_no_classes_and_classes_too_small_are_left_out(tmp_path):
    rows, _ = made_rows()
    path = put(tmp_path / "a.jsonl", *rows, {"id": "d", "text": "x y", "label": "disputed"}, {"id": "o", "text": "z", "label": "once"})
    audit = audit_corpus(path, leave_out=["disputed"])
    assert (audit.rows, audit.left_out) == (120, ("once",))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"text": "a", "label": "x"}] * 3, "has 1 class that"),
        ([{"text": "a", "label": "x"}, {"text": "b", "label": "y"}], "has 0 classes that"),
        ([{"text": "a", "label": "x", "group": "g"}, {"text": "b", "label": "x", "group": "g"}], "has 0 classes that"),
        ([{"text": "", "label": "x"}], "line 1 has no text"),
    ],
)
def test_corpora_that_are_too_small(tmp_path, rows, told):
    with pytest.raises(CorpusError, match=told):
        audit_corpus(put(tmp_path / "a.jsonl", *rows))


def test_two_texts_of_each_of_two_classes_are_enough(tmp_path):
    rows = [{"text": text, "label": label} for text, label in [("one two", "x"), ("one two three", "x"), ("four five", "y"), ("four", "y")]]
    assert audit_corpus(put(tmp_path / "a.jsonl", *rows)).folds == 2
