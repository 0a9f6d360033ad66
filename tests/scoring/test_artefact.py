"""A model is loaded only as it was made; nothing in a model folder can run code."""

import hashlib
import io
import json
import shutil
import struct
import zipfile

import numpy as np
import pytest

from classifier.scoring import artefact
from classifier.scoring.artefact import load_model, read_model
from classifier.scoring.errors import ModelError
from classifier.scoring.places import find_model, list_models


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(find_model(None), folder)
    return folder


def rehash(folder, change=None):
    """Makes the manifest agree with the files again, as an attacker would."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"] = {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in manifest["files"] if (folder / n).exists()}
    manifest.update(change or {})
    path.write_text(json.dumps(manifest), encoding="utf-8")


def rewrite(folder, **arrays):
    path = folder / "weights.npz"
    with zipfile.ZipFile(path) as old:
        kept = {info.filename: old.read(info) for info in old.infolist()}
    for name, data in arrays.items():
        kept[f"{name}.npy"] = data
    with zipfile.ZipFile(path, "w") as new:
        for name, data in kept.items():
            new.writestr(name, data)


def npy(array, **options):
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


def huge_header():
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1342177280,), }"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header


def test_the_shipped_model_loads():
    assert load_model().poles == ("hawkish", "cautious")
    assert find_model(None).name in list_models()


def test_a_model_is_found_by_name_and_by_folder(copy):
    assert load_model(copy).name == load_model(find_model(None).name).name


def add_outside_file(folder):
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    rehash(folder, {"files": {"../../outside": "0" * 64, **files}})


DAMAGE = [
    (lambda f: (f / "manifest.json").unlink(), "no manifest.json", "no manifest"),
    (lambda f: (f / "manifest.json").write_text("{"), "cannot be read", "broken manifest"),
    (lambda f: (f / "ngrams.txt").unlink(), "is missing", "a file is gone"),
    (lambda f: (f / "ngrams.txt").write_text("x\n"), "was changed", "a file was edited"),
    (lambda f: (f / "lexicon" / "cues.jsonl").write_text(""), "was changed", "the lexicon was edited"),
    (lambda f: rehash(f, {"format": 99}), "format 99", "another format"),
    (lambda f: (rewrite(f, bias=npy(np.array([np.nan, 0, 0]))), rehash(f)), "not finite", "NaN weights"),
    (lambda f: (rewrite(f, bias=npy(np.zeros(7))), rehash(f)), "shape", "wrong shape"),
    (lambda f: (rewrite(f, bias=npy(np.array([object()]), allow_pickle=True)), rehash(f)), "plain float64", "a pickle inside"),
    (lambda f: (rewrite(f, bias=huge_header()), rehash(f)), "not what its header says", "a header of 10 GB"),
    (lambda f: (rewrite(f, evil=npy(np.zeros(3))), rehash(f)), "unexpected array", "an array nobody asked for"),
    (lambda f: add_outside_file(f), "outside its folder", "path traversal"),
    (lambda f: ((f / "weights.npz").write_bytes(b"no zip"), rehash(f)), "cannot be read", "no zip file"),
    (lambda f: (f / "manifest.json").write_text(json.dumps({"format": 1})), "cannot be read", "fields missing"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "words", "reason"), DAMAGE, ids=[row[2] for row in DAMAGE])
def test_damaged_and_hostile_models_are_refused(copy, damage, words, reason):
    damage(copy)
    with pytest.raises(ModelError, match=words):
        read_model(copy)


def test_a_large_file_is_refused_unread(copy, monkeypatch):
    monkeypatch.setattr(artefact, "LARGEST_FILE", 1000)
    with pytest.raises(ModelError, match="more than a model file may"):
        read_model(copy)


def test_other_predictions_are_refused_with_the_versions(copy):
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    manifest["golden"][0]["probabilities"]["hawkish"] += 1e-6
    manifest["versions"]["numpy"] = "0.0.1"
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ModelError, match=r"numpy 0\.0\.1.*here.*numpy"):
        load_model(copy)


def test_a_missing_model_names_those_there_are():
    with pytest.raises(ModelError) as caught:
        load_model("no-such-model")
    assert "stance-1" in caught.value.hint
