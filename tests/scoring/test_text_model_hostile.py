"""Text models from strangers: what a manifest claims is checked before anything is used."""

import json

import pytest

from classifier.learning.folder import hash_files, write_arrays
from classifier.learning.labelled.row import Fields
from classifier.learning.lessons import gather_lessons
from classifier.learning.texts.train_text import TextTraining, train_text_model
from classifier.scoring.artefact import load_model, read_model
from classifier.scoring.errors import ModelError
from tests.learning.made_rows import make_rows, write_rows


@pytest.fixture
def folder(tmp_path):
    lessons = gather_lessons(write_rows(tmp_path / "rows.jsonl", make_rows(2, 40)), Fields())
    train_text_model(lessons, TextTraining(budget=1, folds=2, lexicon=False), tmp_path / "made")
    return tmp_path / "made"


def change(folder, **parts):
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest.update(parts)
    manifest["files"] = hash_files(folder)
    (folder / "manifest.json").write_text(json.dumps(manifest))


def with_text(folder, **changes):
    part = json.loads((folder / "manifest.json").read_text())["parts"]["text"]
    return {"parts": {"text": part | changes}}


def block(size):
    return {"kind": "words", "longest": 1, "weight": 1.0, "size": size}


def kernel(kind, gamma, landmarks):
    return {"kind": kind, "gamma": gamma, "landmarks": landmarks, "width": 3, "entries": 3}


@pytest.mark.parametrize(
    ("changes", "told", "reason"),
    [
        (lambda f: {"parts": None}, "does not tell its parts", "no parts"),
        (lambda f: {"parts": {"other": {}}}, "does not tell its parts", "a part of another name"),
        (lambda f: {"parts": {"text": []}}, "its view is not told", "a list for a part"),
        (lambda f: with_text(f, view="upside-down"), "its view is not told", "an unknown view"),
        (lambda f: with_text(f, classes=["one"]), "its classes are not told", "one class"),
        (lambda f: with_text(f, classes=["a", "b"]), "name other classes", "other classes than the manifest's"),
        (lambda f: with_text(f, blocks=[]), "its blocks are not told", "no blocks"),
        (lambda f: with_text(f, blocks=[block(10**12)]), "a block is not", "a huge block"),
        (
            lambda f: with_text(f, blocks=[block(3)]),
            "has .* lines, expected 3",
            "a small block",
        ),
        (
            lambda f: with_text(f, kernel=kernel("dense", 1.0, 10**9)),
            "its kernel is not",
            "a huge kernel",
        ),
        (
            lambda f: with_text(f, kernel=kernel("dense", 1.0, 2)),
            "weights.npz lacks|encoder",
            "no landmarks",
        ),
        (
            lambda f: with_text(f, kernel=kernel("sparse", "x", 2)),
            "its kernel is not",
            "a word for a number",
        ),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(folder, changes, told, reason):
    change(folder, **changes(folder))
    with pytest.raises(ModelError, match=told):
        read_model(folder)


def test_numbers_that_are_none_and_other_shapes_are_refused(folder):
    import numpy as np

    arrays = dict(np.load(folder / "weights.npz"))
    for key, broken in (("text.bias", np.array([np.nan, 0.0])), ("text.bias", np.zeros(3)), ("text.weights", np.zeros((1, 2)))):
        write_arrays(folder / "weights.npz", arrays | {key: broken})
        change(folder)
        with pytest.raises(ModelError, match="finite|shape"):
            read_model(folder)


def test_weights_of_another_model_are_caught_by_the_golden_texts(folder):
    import numpy as np

    arrays = dict(np.load(folder / "weights.npz"))
    write_arrays(folder / "weights.npz", arrays | {"text.weights": -arrays["text.weights"]})
    change(folder)
    with pytest.raises(ModelError, match="does not predict here"):
        load_model(folder)
