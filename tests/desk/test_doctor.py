"""The doctor: a line for each thing looked at, and what to do where one is not well."""

import json
import shutil

import pytest

from classifier.desk import doctor
from classifier.scoring.places import find_model
from tests.desk.conftest import FIRM, nac


@pytest.fixture
def own_model(tmp_path, monkeypatch):
    """A copy of the model in use among the user's own, where it comes first."""
    name = find_model(None)
    folder = tmp_path / "home" / "models" / "mine"
    shutil.copytree(name, folder)
    (folder.parent / "CURRENT").write_text("mine\n", encoding="utf-8")
    monkeypatch.setenv("NAC_HOME", str(tmp_path / "home"))
    return folder


def test_a_sound_installation_is_found_well():
    result = nac("doctor")
    assert result.exit_code == 0, result.stdout
    lines = result.stdout.splitlines()
    assert all(line.startswith("ok ") for line in lines)
    for part in ("Python 3", "nac-stance ", "spacy 3", "scikit-learn", "files unchanged", "golden texts", "data folder"):
        assert any(part in line for line in lines), part


def damage_weights(folder):
    (folder / "weights.npz").write_bytes((folder / "weights.npz").read_bytes()[:-1] + b"!")


def remove_vocabulary(folder):
    (folder / "ngrams.txt").unlink()


def edit_lexicon(folder):
    path = folder / "lexicon" / "cues.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("ceasefire", "cease-fire"), encoding="utf-8")


def change_golden(folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for golden in manifest["golden"]:
        golden["probabilities"] = dict.fromkeys(golden["probabilities"], 0.5)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def raise_format(folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | {"format": 99}), encoding="utf-8")


def break_manifest(folder):
    (folder / "manifest.json").write_text("{", encoding="utf-8")


DAMAGES = [
    (damage_weights, "weights.npz was changed"),
    (remove_vocabulary, "ngrams.txt is missing"),
    (edit_lexicon, "cues.jsonl was changed"),
    (change_golden, "does not predict here what it did"),
    (raise_format, "has format 99"),
    (break_manifest, "manifest.json cannot be read"),
]


@pytest.mark.parametrize(("damage", "words"), DAMAGES, ids=[damage.__name__ for damage, _ in DAMAGES])
def test_a_damaged_model_is_named_and_not_used(own_model, damage, words):
    damage(own_model)
    result = nac("doctor")
    assert result.exit_code == 4
    (failed,) = [line for line in result.stdout.splitlines() if line.startswith("fail")]
    assert words in failed
    assert ": " in failed, "with what to do"
    scored = nac("score", "--text", FIRM)
    assert (scored.exit_code, scored.stdout) == (4, "")
    assert scored.stderr.startswith("nac: ") and scored.stderr.count("\n") == 1
    assert words in scored.stderr


def test_an_unknown_model_is_named():
    result = nac("doctor", "--model", "nobody")
    assert result.exit_code == 4
    assert "there is no model 'nobody'" in result.stdout


def test_an_old_or_missing_package_is_named(monkeypatch):
    found = doctor.version

    def fake(name):
        if name == "rich":
            raise doctor.PackageNotFoundError(name)
        return "1.0" if name == "spacy" else found(name)

    monkeypatch.setattr(doctor, "version", fake)
    lines = [check.line for check in doctor.examine() if not check.well]
    assert lines[0].startswith("fail rich is missing: pip install 'rich") or lines[1].startswith("fail rich is missing")
    assert any(line.startswith("fail spacy 1.0 (needs ") for line in lines)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        monkeypatch.setenv("NAC_HOME", str(place))
        check = doctor.examine("stance-1")[-1]
        assert not check.well
        assert "set NAC_HOME" in check.line


def test_a_data_folder_that_is_not_there_yet_is_no_fault(tmp_path, monkeypatch):
    monkeypatch.setenv("NAC_HOME", str(tmp_path / "later"))
    check = doctor.examine("stance-1")[-1]
    assert check.well and "can be made when needed" in check.line
    assert not (tmp_path / "later").exists()


def test_missing_components_and_files_are_named(monkeypatch):
    monkeypatch.setattr(doctor, "COMPONENTS", ("nac_nothing",))
    monkeypatch.setattr(doctor, "DESK_FILES", ("templates/none.html",))
    lines = [check.line for check in doctor.examine() if not check.well]
    assert lines == [
        "fail spaCy does not find nac_nothing: install nac-stance again",
        "fail files of the report are missing: templates/none.html: install nac-stance again",
    ]
