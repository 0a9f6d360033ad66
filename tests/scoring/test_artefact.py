"""A model is found, and loaded only as it was made."""

import json
import shutil

import pytest

from classifier.scoring import manifest as manifest_room
from classifier.scoring.artefact import load_model, read_model
from classifier.scoring.errors import ModelError
from classifier.scoring.places import SHIPPED, find_model, list_models


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(find_model(None), folder)
    return folder


def test_the_shipped_model_loads():
    assert load_model().poles == ("hawkish", "cautious")
    assert find_model(None).name in list_models()


def test_a_model_is_found_by_name_and_by_folder(copy):
    assert load_model(copy).name == load_model(find_model(None).name).name


def test_a_large_file_is_refused_unread(copy, monkeypatch):
    monkeypatch.setattr(manifest_room, "LARGEST_FILE", 1000)
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


def own(tmp_path, monkeypatch, name="mine", current=None):
    home = tmp_path / "home"
    shutil.copytree(SHIPPED / "stance-1", home / "models" / name)
    if current is not None:
        (home / "models" / "CURRENT").write_text(current, encoding="utf-8")
    monkeypatch.setenv("NAC_HOME", str(home))
    return home


def test_another_home_and_another_current_are_seen_in_one_process(tmp_path, monkeypatch):
    monkeypatch.setenv("NAC_HOME", str(tmp_path / "empty"))
    assert load_model().folder.parent == SHIPPED
    home = own(tmp_path, monkeypatch, current="mine\n")
    assert load_model().folder == home / "models" / "mine"
    (home / "models" / "CURRENT").unlink()
    assert load_model().folder.parent == SHIPPED


def test_a_model_that_was_replaced_is_read_again_and_an_unchanged_one_is_not(tmp_path, monkeypatch):
    home = own(tmp_path, monkeypatch, current="mine")
    first = load_model()
    assert load_model() is first
    path = home / "models" / "mine" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(manifest | {"version": "9.9"}), encoding="utf-8")
    assert load_model().version == "9.9"


CURRENTS = [
    ("../../elsewhere", "no name of a model", "a path is no name"),
    ("/etc", "no name of a model", "nor is an absolute one"),
    ("", "no name of a model", "an empty file"),
    ("a\nb", "no name of a model", "two lines"),
    ("gone", "is not there", "a model that was deleted"),
    ("x" * 5000, "no name of a model", "too long"),
]


@pytest.mark.parametrize(("current", "words", "reason"), CURRENTS, ids=[row[2] for row in CURRENTS])
def test_a_wrong_current_is_named(tmp_path, monkeypatch, current, words, reason):
    home = own(tmp_path, monkeypatch, current=current)
    with pytest.raises(ModelError, match=words) as caught:
        load_model()
    assert str(home / "models" / "CURRENT") in caught.value.message
    assert "nac models" in caught.value.hint


def test_a_folder_of_that_name_where_one_stands_is_not_taken_for_the_model_in_use(tmp_path, monkeypatch):
    own(tmp_path, monkeypatch, current="mine")
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SHIPPED / "stance-1", tmp_path / "mine")
    assert load_model().folder.parent.parent == tmp_path / "home"


def test_a_model_without_golden_texts_proves_nothing(copy):
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    (copy / "manifest.json").write_text(json.dumps(manifest | {"golden": []}), encoding="utf-8")
    with pytest.raises(ModelError, match="no golden texts"):
        load_model(copy)


def test_other_versions_that_predict_the_same_are_taken(copy):
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    manifest["versions"] = dict.fromkeys(manifest["versions"], "0.0.1")
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert load_model(copy).manifest["versions"]["numpy"] == "0.0.1"
