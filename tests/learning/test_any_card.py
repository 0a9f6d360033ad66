"""A card is made from manifest and figures alone, for any model."""

import json
import shutil

import pytest

from classifier.learning.any_card import build_card, write_evaluation
from classifier.learning.figures.assessment import measure_record
from classifier.learning.figures.curves import reliability
from classifier.learning.figures.measures import Measured
from classifier.scoring.places import SHIPPED
from tests.desk.conftest import nac
from tests.learning.test_figures import make

MANIFEST = {
    "name": "topics",
    "version": "2",
    "format": 1,
    "classes": ["a", "b", "c"],
    "corpus": {"file": "rows.csv", "rows": 90, "kept": 88, "classes": {"a": 30, "b": 30, "c": 28}},
    "corpus_sha256": "0" * 64,
    "versions": {"numpy": "9.9", "spacy": "8.8"},
    "seed": 4,
    "split": "by date",
}


@pytest.fixture
def record():
    truth, answers = make(120, 3, 1)
    measured = Measured(truth, answers)
    groups = [str(i) for i in range(120)]
    found = measure_record(measured, groups)
    found["baselines"] = {"majority": dict.fromkeys(("accuracy", "macro_f1", "weighted_f1", "roc_auc", "brier"), 0.3)}
    slices = {"year": [{"value": "2021", "n": 60, "accuracy": 0.5, "intervals": {"accuracy": [0.4, 0.6]}}]}
    ceiling = {"pairs": 50, "percent": 0.92, "kappa": 0.8}
    found["model"] = {"reliability": reliability(measured), "slices": slices, "annotators": ceiling}
    return found


def test_it_tells_all_that_a_card_should(record):
    card = build_card(MANIFEST, {"evaluations": {"held-out part": record}})
    parts = ("Intended use", "Not for", "Data and labels", "Procedure", "Figures: held-out part", "Limits", "Versions", "Citation")
    assert [line[3:] for line in card.splitlines() if line.startswith("## ")] == list(parts)
    low, high = record["intervals"]["macro_f1"]
    assert f"| macro-F1 | {record['macro_f1']:.3f} | {low:.3f} to {high:.3f} |" in card
    for words in ("90 labelled rows, 88 kept", "by date", "majority", "92.0%", "Calibration", "By year", "numpy 9.9, spacy 8.8"):
        assert words in card, words


def test_every_number_is_of_the_figures(record):
    """Other figures, another card: nothing is typed by hand."""
    changed = json.loads(json.dumps(record))
    changed["accuracy"] = 0.123
    assert "0.123" in write_evaluation("x", changed) and "0.123" not in write_evaluation("x", record)


@pytest.mark.parametrize("metrics", [{}, {"evaluations": {}}, {"evaluations": {"x": {"n": 1}}}, {"evaluations": {"x": None}}])
def test_without_figures_it_says_so(metrics):
    card = build_card(MANIFEST, metrics)
    assert "None were measured" in card or "Too few rows" in card


def test_words_of_strangers_do_not_make_markup(record):
    hostile = "x | `y` <script>\n# z [l](javascript:1)"
    card = build_card({**MANIFEST, "classes": [hostile, "b"], "name": hostile}, {"evaluations": {hostile: record}})
    assert "<script>" not in card and "\n# z" not in card and "](j" not in card.replace("\\](", "")


def test_the_shipped_card_is_made_from_its_own_files(tmp_path):
    made = nac("models", "card", "stance-1")
    assert made.exit_code == 0, made.stderr
    figures = json.loads((SHIPPED / "stance-1" / "metrics.json").read_text(encoding="utf-8"))
    assert f"{figures['time_split']['model']['release']['roc_auc']:.3f}" in made.stdout
    assert "## Limits" in made.stdout and "## Versions" in made.stdout
    folder = tmp_path / "weightless"
    shutil.copytree(SHIPPED / "stance-1", folder)
    (folder / "weights.npz").unlink()
    assert nac("models", "card", folder).stdout == made.stdout, "no weights are loaded"
    (folder / "metrics.json").write_text('{"time_split": 1, "council_register": 2}')
    broken = nac("models", "card", folder)
    assert broken.exit_code == 4 and "figures cannot be read" in broken.stderr
