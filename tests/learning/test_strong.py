"""`--strong`: likeness to training texts, by rows and by a sentence encoder."""

import math
from collections import defaultdict

import numpy as np
import pytest

from classifier.learning.labelled.row import Fields
from classifier.learning.lessons import gather_lessons
from classifier.learning.texts.train_text import TextTraining, train_text_model
from classifier.scoring.artefact import load_model, read_model
from classifier.scoring.errors import ModelError
from classifier.scoring.statement import score
from classifier.scoring.texts.encoder import FILES, OnnxEncoder, find_installed_encoder, read_encoder
from tests.learning.made_rows import make_rows, write_rows

TEXT = "Good morning, the glass inside is broken. I want my money back."


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    found = find_installed_encoder()
    if found is None:
        pytest.skip("the extra `dense` is not installed: no sentence encoder")
    folder = tmp_path_factory.mktemp("encoder")
    for name, path in found.items():
        (folder / name).symlink_to(path)
    return folder


def train(tmp_path, **settings):
    lessons = gather_lessons(write_rows(tmp_path / "rows.jsonl", make_rows(3, 75)), Fields())
    return train_text_model(lessons, TextTraining(budget=3, folds=2, strong=True, lexicon=False, **settings), tmp_path / "made").model


def check_explanation(model):
    result = score(TEXT, model=model)
    assert result.model["explanation"] == "approximate"
    assert "<likeness>" in {part.feature for part in result.contributions}
    logits = defaultdict(lambda: result.intercept)
    for part in result.contributions:
        logits[part.outcome] += part.value
    total = sum(math.exp(value) for value in logits.values())
    assert {name: math.exp(value) / total for name, value in logits.items()} == pytest.approx(dict(result.probabilities), abs=1e-9)


def test_likeness_by_an_encoder_is_saved_with_its_files_and_scores_the_same(tmp_path, encoder):
    model = train(tmp_path, encoder=encoder)
    assert sorted(path.name for path in (tmp_path / "made" / "encoder").iterdir()) == sorted(FILES)
    assert model.manifest["parts"]["text"]["kernel"]["kind"] == "dense"
    loaded = load_model(tmp_path / "made")
    check_explanation(loaded)
    assert score(TEXT, model=loaded).verdict in ("damage", "refund")


def test_likeness_by_rows_needs_no_encoder(tmp_path, monkeypatch):
    monkeypatch.setattr("classifier.learning.texts.train_text.find_installed_encoder", lambda: None)
    model = train(tmp_path)
    assert model.manifest["parts"]["text"]["kernel"]["kind"] == "sparse"
    assert not (tmp_path / "made" / "encoder").exists()
    check_explanation(load_model(tmp_path / "made"))


def test_landmarks_that_point_outside_are_refused(tmp_path, monkeypatch):
    import json

    from classifier.learning.folder import hash_files, write_arrays

    monkeypatch.setattr("classifier.learning.texts.train_text.find_installed_encoder", lambda: None)
    train(tmp_path)
    folder = tmp_path / "made"
    arrays = dict(np.load(folder / "weights.npz"))
    arrays["text.entries"][1, 0] = 1e9
    write_arrays(folder / "weights.npz", arrays)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"] = hash_files(folder)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="point outside"):
        read_model(folder)


def test_a_vector_depends_on_its_text_alone_and_long_texts_are_taken_in_windows(encoder):
    made, _ = read_encoder(encoder, "test")
    first = made.encode("the box was crushed")
    made.encode("something else in between, and much longer than the first")
    again, _ = read_encoder(encoder, "test")
    assert np.array_equal(again.encode("the box was crushed"), first)
    for text in ("", "word " * 3000):
        vector = made.encode(text)
        assert vector.shape == first.shape
        assert float(vector @ vector) == pytest.approx(1.0)


@pytest.mark.parametrize(("model", "tokenizer"), [(b"no graph", b"{}"), (b"", b"")], ids=["rubbish", "empty"])
def test_what_is_no_encoder_is_refused(model, tokenizer):
    pytest.importorskip("onnxruntime")
    with pytest.raises(ModelError, match="encoder cannot be used"):
        OnnxEncoder(model, tokenizer, "test")
