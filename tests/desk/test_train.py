"""`nac train` on the command line: what it refuses, what it says, and how it ends."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desk.conftest import nac
from tests.learning.made_rows import make_rows, write_rows

NAC = str(Path(sys.executable).parent / "nac")
QUICK = ("--budget", "2", "--folds", "2", "--no-lexicon")


def test_a_model_is_trained_and_scores(tmp_path, monkeypatch):
    monkeypatch.setenv("NAC_HOME", str(tmp_path / "home"))
    rows = write_rows(tmp_path / "rows.jsonl", make_rows(3, 90))
    result = nac("train", str(rows), "--name", "mine", *QUICK)
    assert result.exit_code == 0, result.stderr
    folder = tmp_path / "home" / "models" / "mine"
    assert result.stdout == f"{folder}\n"
    assert "trial 2 of 2" in result.stderr
    assert "weighted F1" in (folder / "README.md").read_text()
    scored = nac("score", "--model", "mine", "--text", "The lid came cracked and the box was crushed.", "--format", "json")
    record = json.loads(scored.stdout)
    assert record["verdict"] == "damage"
    assert {part["class"] for part in record["contributions"]} == {"damage", "delay", "refund"}
    assert record["model"]["explanation"] == "exact"
    again = nac("train", "--recipe", str(folder / "recipe.toml"), "--data", str(tmp_path), "--out", str(tmp_path / "again"), "-q")
    assert again.exit_code == 0, again.stderr
    assert (tmp_path / "again" / "weights.npz").read_bytes() == (folder / "weights.npz").read_bytes()
    assert again.stderr == ""


ONE, TWO = {"text": "a text", "label": "x"}, {"text": "another text", "label": "y"}


@pytest.mark.parametrize(
    ("rows", "options", "code", "told"),
    [
        ([ONE, TWO, ONE], (), 5, "holds 3 labelled rows; 10 are needed"),
        ([ONE] * 20, (), 5, "holds one class, 'x'"),
        ([ONE, TWO] * 8 + [{"text": "a third", "label": "z"}], (), 5, "'z' has one row only"),
        ([ONE, TWO] * 8 + [{"text": "a third", "label": "nan"}] * 2, (), 5, "line 17: the label is 'nan'"),
        ([ONE, TWO] * 8 + [{"text": None, "label": "x"}], (), 5, "line 17"),
        ([ONE, TWO] * 8 + [{"text": "a third", "label": float("nan")}], (), 5, "line 17"),
        ([{"text": f"text {i}", "label": f"{i}"} for i in range(30)], (), 5, "30 classes in 30 rows"),
        ([{"text": f"text {i}", "label": "xy"[i % 2], "group": "one"} for i in range(30)], (), 5, "all rows are of one group"),
        ([ONE, TWO] * 8, ("--label-field", "verdict"), 5, "verdict"),
        ([ONE, TWO] * 8, ("--poles", "x"), 2, "not two"),
        ([ONE, TWO] * 8, ("--poles", "x,w"), 2, "no class 'w'"),
        ([ONE, TWO] * 8, ("--neutral", "x"), 2, "nothing without --poles"),
        ([ONE, TWO] * 8, ("--budget", "0"), 2, "--budget: 0"),
        ([ONE, TWO] * 8, ("--encoder", "/nowhere"), 2, "nothing without --strong"),
        ([ONE, TWO] * 8, ("--strong", "--encoder", "/nowhere"), 4, "is no encoder"),
        ([ONE, TWO] * 8, ("--test-since", "2024"), 5, "has no date"),
        ([ONE, TWO] * 8, ("--name", "other"), 2, "both say where"),
        ([ONE, TWO] * 8, ("--recipe", "recipe.toml"), 2, "says all by itself"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_in_one_line(tmp_path, rows, options, code, told):
    result = nac("train", str(write_rows(tmp_path / "rows.jsonl", rows)), "--out", str(tmp_path / "out"), *QUICK, *options)
    assert result.exit_code == code, result.stderr
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("nac: ")
    assert told in last
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_no_model_is_not_replaced(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("dear")
    result = nac("train", str(write_rows(tmp_path / "rows.jsonl", make_rows(2, 40))), "--out", str(tmp_path / "out"), *QUICK)
    assert result.exit_code == 2
    assert "is no model" in result.stderr
    assert (tmp_path / "out" / "letter.txt").read_text() == "dear"


def test_a_recipe_of_other_texts_is_refused(tmp_path):
    rows = write_rows(tmp_path / "rows.jsonl", make_rows(2, 40))
    assert nac("train", str(rows), "--out", str(tmp_path / "made"), *QUICK).exit_code == 0
    write_rows(rows, make_rows(2, 40, seed=1))
    result = nac("train", "--recipe", str(tmp_path / "made" / "recipe.toml"), "--data", str(tmp_path), "--out", str(tmp_path / "again"))
    assert result.exit_code == 5
    assert "is not the corpus of the recipe" in result.stderr


def test_an_interrupt_leaves_nothing(tmp_path):
    rows = write_rows(tmp_path / "rows.jsonl", make_rows(4, 400))
    command = [NAC, "train", str(rows), "--out", str(tmp_path / "models" / "made"), "--budget", "5000", "--no-lexicon"]
    child = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "NO_COLOR": "1"})
    for line in child.stderr:
        if "trial 1 of" in line:
            child.send_signal(signal.SIGINT)
            break
    out, err = child.communicate(timeout=120)
    assert child.returncode == 130, err
    assert err.strip().splitlines()[-1] == "nac: interrupted; nothing was saved."
    assert out == ""
    assert not (tmp_path / "models").exists() or not list((tmp_path / "models").iterdir())
