"""Training on corpora of any classes: what is saved, what it says, and that the same gives the same."""

import hashlib
import math
from collections import defaultdict

import pytest

from classifier.learning.labelled.row import CorpusError, Fields
from classifier.learning.lessons import gather_lessons
from classifier.learning.texts.train_text import TextTraining, train_text_model
from classifier.scoring.artefact import load_model
from classifier.scoring.statement import score
from tests.learning.made_rows import make_rows, write_rows

QUICK = {"budget": 3, "folds": 3}
TEXT = "Good morning, the box was crushed and wet. I want my money back. Thank you for the quick work!"


def train(tmp_path, rows, name="made", **settings):
    lessons = gather_lessons(write_rows(tmp_path / "rows.jsonl", rows), Fields())
    return train_text_model(lessons, TextTraining(**(QUICK | settings)), tmp_path / name)


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_a_model_of_any_classes_scores_and_explains_exactly(tmp_path, classes):
    trained = train(tmp_path, make_rows(classes, 40 * classes))
    model = load_model(tmp_path / "made")
    result = score(TEXT, model=model)
    assert set(result.probabilities) == set(model.classes)
    assert sum(result.probabilities.values()) == pytest.approx(1, abs=1e-12)
    assert result.verdict == max(result.probabilities, key=result.probabilities.get)
    assert (result.probability, result.index, result.interval, result.stance_probability) == (None, None, None, None)
    logits = defaultdict(lambda: result.intercept)
    for part in result.contributions:
        logits[part.outcome] += part.value
    assert set(logits) == set(model.classes)
    total = sum(math.exp(value) for value in logits.values())
    for name, value in logits.items():
        assert math.exp(value) / total == pytest.approx(result.probabilities[name], abs=1e-9)
    assert trained.metrics["evaluations"]["held-out part of rows.jsonl"]["weighted_f1"] > 0.8
    assert {sentence.stance for sentence in result.sentences} <= set(model.classes)


def test_with_poles_it_gives_a_probability_that_its_contributions_add_up_to(tmp_path):
    train(tmp_path, make_rows(3, 150), poles=("delay", "damage"), neutral="refund")
    result = score("Hello, my parcel is late. The lid came cracked.", model=tmp_path / "made")
    assert set(result.probabilities) == {"delay", "damage"}
    low, high = result.interval
    assert 0 <= low <= result.probability <= high <= 1
    log_odds = result.intercept + sum(part.value for part in result.contributions)
    assert log_odds == pytest.approx(math.log(result.probability / (1 - result.probability)), abs=1e-9)
    assert all(part.outcome is None for part in result.contributions)
    assert result.index is not None
    assert -1 <= result.index <= 1
    assert score("I want my money back, please refund the payment.", model=tmp_path / "made").verdict == "no stance"


def test_the_same_corpus_options_and_versions_give_the_same_bytes(tmp_path):
    rows = make_rows(3, 120)
    for name in ("first", "second"):
        train(tmp_path, rows, name=name)
    digests = {hashlib.sha256((tmp_path / name / "weights.npz").read_bytes()).hexdigest() for name in ("first", "second")}
    assert len(digests) == 1


def test_another_seed_is_another_split(tmp_path):
    rows = make_rows(2, 80)
    first = train(tmp_path, rows, name="first").model.manifest["split"]
    assert train(tmp_path, rows, name="second", seed=5).model.manifest["split"] != first


def test_sentences_of_their_own_decide_what_sentences_are(tmp_path):
    texts = gather_lessons(write_rows(tmp_path / "texts.jsonl", make_rows(2, 80)), Fields())
    sentences = gather_lessons(write_rows(tmp_path / "sentences.jsonl", make_rows(4, 160, seed=3)), Fields())
    train_text_model(texts, TextTraining(**QUICK), tmp_path / "made", sentences=sentences)
    model = load_model(tmp_path / "made")
    result = score("I want my money back. The courier was kind.", model=model)
    assert set(result.probabilities) == {"damage", "delay"}
    assert set(result.sentences[0].probabilities) == {"damage", "delay", "praise", "refund"}
    assert [sentence.stance for sentence in result.sentences] == ["refund", "praise"]


@pytest.mark.parametrize(
    ("settings", "told", "reason"),
    [
        ({"poles": ("delay", "theft")}, "no class 'theft'", "a pole that is no class"),
        ({"poles": ("delay", "damage")}, "class 'refund' is neither", "a class without a place"),
        ({"poles": ("delay", "delay"), "neutral": "refund"}, "named twice", "one class as both poles"),
        ({"neutral": "refund"}, "nothing without --poles", "neutral alone"),
        ({"test_since": "2031-01-01"}, "no date", "a date split of rows whose dates are not found"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, settings, told, reason):
    with pytest.raises(CorpusError, match=told):
        train(tmp_path, [{key: row[key] for key in ("id", "text", "label")} for row in make_rows(3, 60)], **settings)
    assert not (tmp_path / "made").exists(), reason


def test_rows_since_a_date_are_never_fitted(tmp_path):
    rows = make_rows(2, 120)
    for row in rows[-30:]:
        row["text"] += " zanzibar"
    lessons = gather_lessons(write_rows(tmp_path / "rows.jsonl", rows), Fields(date="day", group="author"))
    trained = train_text_model(lessons, TextTraining(test_since="2023-01-01", by_column=False, **QUICK), tmp_path / "made")
    assert trained.model.manifest["fitted_on"] == sum(row["day"] < "2023" for row in rows)
    assert "zanzibar" not in (tmp_path / "made" / "text-terms.txt").read_text().split("\n")
