"""Two models on a fixed sample: what moved, by how much, and through which cues."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np

from benchmarks.compare import Move, choose_sample, report
from classifier.scoring.places import SHIPPED
from classifier.scoring.statement import score
from tests.scoring import hostile

ROOT = SHIPPED.parent


def said(verdict, probability, contributions=None, cues=None):
    return {"verdict": verdict, "probability": probability, "contributions": contributions or {}, "cues": cues or {}}


def test_gains_and_losses_are_told_apart():
    moves = [
        Move("a", "hawkish", said("cautious", 0.4, {"cue:x": -0.5, "ship": 0.2}), said("hawkish", 0.7, {"cue:x": 0.7, "ship": 0.2})),
        Move("b", "cautious", said("cautious", 0.1), said("hawkish", 0.6)),
        Move("c", "hawkish", said("hawkish", 0.9, cues={"r.one": 1, "r.two": 3}), said("hawkish", 0.9001, cues={"r.one": 2, "r.two": 1})),
    ]
    lines = report(moves, ("before", "after"))
    assert "3 real releases, 2 moved by 0.005 or more, 2 verdicts changed (1 to their label, 1 away from it)" in lines[0]
    assert [line.split()[0] for line in lines[1:5:2]] == ["b", "a"], "the greatest move first"
    assert lines[4].split() == ["cue:x", "+1.20"], "what did not change is not named"
    assert lines[-2:] == ["  cues gained: r.one 1", "  cues lost: r.two 2"]


def test_the_sample_does_not_depend_on_the_order(tmp_path):
    rows = [{"id": str(i), "label": "none", "text": "x"} for i in range(50)]
    found = []
    for order in (rows, rows[::-1]):
        path = tmp_path / "releases.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in order), encoding="utf-8")
        found.append([row["id"] for row in choose_sample(path, 10)])
    assert found[0] == found[1] and found[0] != [str(i) for i in range(10)]


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.compare", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=dict(os.environ),
        timeout=300,
    )


def test_a_changed_model_is_compared_in_processes_of_their_own(tmp_path):
    texts = ["Allies took note of the report and will consult.", "We will respond with force."]
    rows = [{"id": str(i), "label": "cautious", "text": text} for i, text in enumerate(texts)]
    (tmp_path / "releases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    folder = tmp_path / "shifted"
    shutil.copytree(SHIPPED / "stance-1", folder)
    with zipfile.ZipFile(folder / "weights.npz") as archive:
        bias = np.frombuffer(archive.read("head_bias.npy")[-8:], dtype=np.float64)
    hostile.rewrite(folder, head_bias=hostile.npy(bias + 20))
    from classifier.scoring.artefact import read_model

    golden = hostile.manifest_of(folder)["golden"]
    shifted = read_model(folder)
    hostile.rehash(
        folder, golden=[{"text": g["text"], "probabilities": dict(score(g["text"], model=shifted).probabilities)} for g in golden]
    )
    done = run("stance-1", folder, "--data", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2 real releases, 1 moved" in done.stdout or "2 real releases, 2 moved" in done.stdout
    assert "<intercept> +20.00" in done.stdout


def test_without_the_texts_it_says_so(tmp_path):
    done = run("stance-1", "here", "--data", Path(tmp_path))
    assert done.returncode == 0 and "not on this machine" in done.stdout
