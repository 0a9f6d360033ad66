"""The wheel carries the default model, lexicon and templates, and its run-time dependencies are enough."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip(f"no wheel can be built on this machine: {done.stderr.strip().splitlines()[-1]}")
    return next(folder.glob("*.whl"))


def test_it_holds_what_scoring_needs(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    current = (ROOT / "models" / "CURRENT").read_text(encoding="utf-8").strip()
    for name in (
        "models/CURRENT",
        f"models/{current}/manifest.json",
        f"models/{current}/lexicon/cues.jsonl",
        "classifier/pipeline/data/cues.jsonl",
        "classifier/desk/templates/report.html",
        "classifier/desk/schemas/score.json",
        "classifier/desk/schemas/evaluate.json",
        "classifier/desk/templates/evaluation.html",
        "classifier/learning/promotion/gate.toml",
        "classifier/learning/promotion/tables/stance.jsonl",
        "corpus/constructed_test.jsonl",
        "scraper/py.typed",
        "corpus/demo.txt",
    ):
        assert name in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]


def test_installed_alone_it_scores(wheel, tmp_path):
    """Only run-time dependencies, in an empty folder: what a user has after installing."""
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    install = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--constraint", str(ROOT / "constraints.txt"), str(wheel)]
    done = subprocess.run(install, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"run-time dependencies cannot be installed on this machine: {done.stderr.strip().splitlines()[-1]}")
    work = tmp_path / "work"
    work.mkdir()
    (work / "statement.txt").write_text("Allies will send two more frigates to the strait at once.", encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    scored = subprocess.run(
        [str(venv / "bin" / "nac"), "score", "statement.txt", "--format", "json"], cwd=work, env=environment, capture_output=True, text=True
    )
    assert scored.returncode == 0, scored.stderr
    assert '"verdict": "hawkish"' in scored.stdout
