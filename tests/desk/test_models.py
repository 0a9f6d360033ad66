"""`nac models`: what is listed and shown, what is promoted and what is not, and the way back."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from classifier.learning.promotion.gate import GATE
from classifier.learning.promotion.ledger import LEDGER, go_back, name_in_use, put_in_use, read_ledger
from classifier.scoring.artefact import load_model
from classifier.scoring.errors import ModelError
from classifier.scoring.places import SHIPPED, find_model
from classifier.scoring.statement import score
from tests.desk.conftest import FIRM, nac
from tests.scoring import hostile

SHIPPED_MODEL = SHIPPED / "stance-1"


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A data folder of one's own; its models are copies of the shipped one."""
    monkeypatch.setenv("NAC_HOME", str(tmp_path / "home"))
    models = tmp_path / "home" / "models"

    def make(name):
        shutil.copytree(SHIPPED_MODEL, models / name)
        return models / name

    make.models = models
    return make


@pytest.fixture
def quick(tmp_path):
    """A gate without tables of behaviour, which take their time."""
    path = tmp_path / "quick.toml"
    path.write_text(
        GATE.read_text(encoding="utf-8").replace('tables = ["stance", "invariance", "direction"]', "tables = []"), encoding="utf-8"
    )
    return ("--gate", path)


def change_answers(folder, change):
    """Rewrites the recorded answers on the test sets, and golden hashes with them."""
    lines = [json.loads(line) for line in (folder / "tested.jsonl").read_text(encoding="utf-8").splitlines()]
    (folder / "tested.jsonl").write_text("".join(json.dumps(change(line)) + "\n" for line in lines), encoding="utf-8")
    hostile.rehash(folder)


def worse(line):
    """Wrong on every third row, sure of it."""
    if int(hashlib.sha256(line["id"].encode()).hexdigest(), 16) % 3 == 0:
        names = list(line["probabilities"])
        line["probabilities"] = dict.fromkeys(names, 0.01) | {next(n for n in names if n != line["label"]): 1 - 0.01 * (len(names) - 1)}
    return line


def test_list_says_whose_and_which_is_in_use(own):
    own("mine")
    own("broken")
    (own.models / "broken" / "manifest.json").write_text("{")
    rows = {row["name"]: row for row in json.loads(nac("models", "list", "--format", "json").stdout)}
    assert list(rows) == ["broken", "mine", "stance-1"], "the user's come first"
    assert rows["stance-1"]["in_use"] and rows["stance-1"]["shipped"] and not rows["mine"]["in_use"]
    assert "cannot be read" in rows["broken"]["problem"]
    table = nac("models", "list").stdout
    assert "* stance-1" in table and "cannot be used" in table


def test_show_prints_facts_and_card_and_never_loads_weights(own):
    folder = own("mine")
    (folder / "weights.npz").unlink()
    shown = json.loads(nac("models", "show", "mine", "--format", "json").stdout)
    assert shown["poles"] == ["hawkish", "cautious"] and "time_split" in shown["metrics"]
    assert shown["card"].startswith("# stance-1")
    assert "Intended use" in nac("models", "show", "mine").stdout


def test_verify_finds_what_is_damaged_and_goes_on(own):
    own("good")
    bad = own("bad")
    (bad / "ngrams.txt").write_text("x\n")
    result = nac("models", "verify")
    assert result.exit_code == 4
    lines = result.stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [["fail", "bad:"], ["ok", "good:"], ["ok", "stance-1:"]]
    assert "was changed" in lines[0] and "numpy" in lines[1]
    assert nac("models", "verify", "good").exit_code == 0


def test_verify_names_both_versions(own):
    folder = own("old")
    versions = hostile.manifest_of(folder)["versions"]
    hostile.rehash(folder, versions=versions | {"numpy": "0.0.1"})
    assert "made with numpy 0.0.1" in nac("models", "verify", "old").stdout
    golden = hostile.manifest_of(folder)["golden"]
    golden[0]["probabilities"]["hawkish"] += 1e-6
    hostile.rehash(folder, golden=golden)
    told = nac("models", "verify", "old")
    assert told.exit_code == 4 and "numpy 0.0.1" in told.stdout and f"here numpy {np.__version__}" in told.stdout


def test_an_equal_model_is_promoted_and_the_way_back_is_one_command(own):
    own("mine")
    done = nac("models", "promote", "mine", "--why", "a trial")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "mine is in use; before it was stance-1"
    assert find_model(None) == own.models / "mine"
    assert json.loads(nac("score", "--text", FIRM, "--format", "json").stdout)["verdict"] == "hawkish"
    entry = read_ledger()[-1]
    assert (entry["action"], entry["to"], entry["why"], entry["forced"], entry["checks"]["held"]) == (
        "promote",
        "mine",
        "a trial",
        False,
        True,
    )
    assert entry["by"] and entry["at"].endswith("+00:00")
    back = nac("models", "rollback")
    assert back.stdout == "back from mine to stance-1 (the shipped one)\n"
    assert find_model(None) == SHIPPED_MODEL
    assert nac("models", "rollback").exit_code == 4


def test_a_worse_model_is_refused_and_nothing_changes(own):
    change_answers(own("worse"), worse)
    refused = nac("models", "promote", "worse")
    assert refused.exit_code == 1
    assert "FAIL time-split releases: accuracy" in refused.stdout and "FAIL council sentences: macro_f1" in refused.stdout
    assert "FAIL time-split releases, kind readout" in refused.stdout, "slices are held too"
    assert "not promoted" in refused.stderr and "--force" in refused.stderr
    assert find_model(None) == SHIPPED_MODEL and read_ledger() == []


def test_force_is_recorded_with_what_failed(own, quick):
    change_answers(own("worse"), worse)
    done = nac("models", "promote", "worse", *quick, "--force", "--why", "an experiment", "--format", "json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["forced"] is True
    entry = read_ledger()[-1]
    assert entry["forced"] and not entry["checks"]["held"] and entry["why"] == "an experiment"
    assert any(not finding["held"] for finding in entry["checks"]["findings"])
    assert name_in_use() == "worse"


def test_noise_is_no_reason_to_refuse(own, quick):
    """A single row answered worse, of hundreds."""
    first = next(line for line in (SHIPPED_MODEL / "tested.jsonl").read_text(encoding="utf-8").splitlines() if '"hawkish"' in line)
    chosen = json.loads(first)["id"]

    def nudge(line):
        if line["id"] == chosen:
            line["probabilities"] = dict(zip(line["probabilities"], reversed(line["probabilities"].values()), strict=True))
        return line

    change_answers(own("nudged"), nudge)
    assert nac("models", "promote", "nudged", *quick).exit_code == 0


def test_one_row_of_behaviour_lost_is_enough(own, tmp_path):
    """Weights that make the model blind to cautious acts: its recorded answers are fine, its behaviour is not."""
    folder = own("blind")
    with zipfile.ZipFile(folder / "weights.npz") as archive:
        data = archive.read("head_bias.npy")
    bias = np.frombuffer(data[-8:], dtype=np.float64) + 4
    hostile.rewrite(folder, head_bias=hostile.npy(bias))
    model = load_model_unproved(folder)
    golden = [
        {"text": g["text"], "probabilities": dict(score(g["text"], model=model).probabilities)}
        for g in hostile.manifest_of(folder)["golden"]
    ]
    hostile.rehash(folder, golden=golden)
    refused = nac("models", "promote", "blind")
    assert refused.exit_code == 1
    assert "FAIL behaviour: stance" in refused.stdout and "lost stance-" in refused.stdout
    assert "ok time-split releases: accuracy" in refused.stdout


def load_model_unproved(folder):
    from classifier.scoring.artefact import read_model

    return read_model(folder)


def test_a_model_without_recorded_answers_needs_the_texts(own, quick, given_data):
    folder = own("plain")
    (folder / "tested.jsonl").unlink()
    hostile.rehash(folder, files={n: d for n, d in hostile.manifest_of(folder)["files"].items() if n != "tested.jsonl"})
    without = nac("models", "promote", "plain", *quick)
    assert without.exit_code == 1 and "--data" in without.stdout
    told = nac("models", "promote", "plain", *quick, "--data", given_data).stdout
    assert "--data" not in told and "time-split releases: accuracy" in told and "council sentences: macro_f1" in told


def test_a_model_of_other_classes_is_no_challenger(own):
    folder = own("other")
    manifest = hostile.manifest_of(folder)
    hostile.rehash(folder, poles=list(reversed(manifest["poles"])))
    refused = nac("models", "promote", "other")
    assert refused.exit_code != 0 and find_model(None) == SHIPPED_MODEL


def test_a_folder_from_elsewhere_is_taken_in(own, quick, tmp_path):
    shutil.copytree(SHIPPED_MODEL, tmp_path / "elsewhere" / "theirs")
    (tmp_path / "elsewhere" / "theirs" / "unlisted.txt").write_text("x")
    assert nac("models", "promote", tmp_path / "elsewhere" / "theirs", *quick).exit_code == 0
    assert find_model(None) == own.models / "theirs"
    assert not (own.models / "theirs" / "unlisted.txt").exists(), "only files that the manifest lists"


REFUSED = [
    (("promote", "stance-1"), 4, "in use already"),
    (("promote", "no-such"), 4, "there are:"),
    (("promote", "mine", "--gate", "/nowhere.toml"), 1, "/nowhere.toml"),
    (("show", "no-such"), 4, "there are:"),
    (("verify", "no-such"), 4, ""),
    (("rollback",), 4, "no promotion to take back"),
    (("export", "mine"), 2, "--joblib"),
    (("export", "mine", "--zip", "/dev/null"), 4, "there already"),
]


@pytest.mark.parametrize(("arguments", "code", "words"), REFUSED, ids=[" ".join(row[0]) for row in REFUSED])
def test_refusals(own, arguments, code, words):
    own("mine")
    result = nac("models", *arguments)
    assert result.exit_code == code, result.stderr
    assert words in result.stderr.lower() and "Traceback" not in result.stderr
    assert find_model(None) == SHIPPED_MODEL


GATES = [
    ("level = 'x'", "no gate"),
    ("level = 0.95\n[[check]]\nset = 'time-split'\nunit = 'release'\nmeasures = ['charm']", "'charm'"),
    ("level = 0.95\n[[check]]\nset = 'moon'\nunit = 'release'\nmeasures = ['brier']", "'moon'"),
    ("level = 0.95\n[behaviour]\ntables = ['../x']", "'../x'"),
    ("level = 0.1", "0.1"),
    ("[[", "no gate"),
]


@pytest.mark.parametrize(("text", "words"), GATES, ids=[row[1] for row in GATES])
def test_a_wrong_gate_is_named(own, tmp_path, text, words):
    own("mine")
    (tmp_path / "gate.toml").write_text(text)
    result = nac("models", "promote", "mine", "--gate", tmp_path / "gate.toml")
    assert result.exit_code == 5 and words in result.stderr


def test_promotions_are_undone_one_after_the_other(own):
    for name in ("a", "b"):
        own(name)
    for name in ("a", "b", "a"):
        put_in_use(name, reason="", forced=False, checks={})
    assert [go_back()["to"] for _ in range(3)] == ["b", "a", None]
    with pytest.raises(ModelError, match="no promotion"):
        go_back()


def test_going_back_to_a_model_that_is_gone_is_refused(own):
    for name in ("a", "b"):
        own(name)
        put_in_use(name, reason="", forced=False, checks={})
    shutil.rmtree(own.models / "a")
    with pytest.raises(ModelError, match="'a', is gone"):
        go_back()
    assert name_in_use() == "b"


def test_a_broken_line_of_the_ledger_is_passed_over(own):
    for name in ("a", "b"):
        own(name)
        put_in_use(name, reason="", forced=False, checks={})
        with (own.models / LEDGER).open("ab") as stream:
            stream.write(b'{"action": "promote"}\n[1]\nnull\n{"action": "promo')
    assert go_back()["to"] == "a" and name_in_use() == "a"


KILLED = """
import os, signal, sys
from classifier.learning.promotion import ledger
step = int(sys.argv[1]); count = 0
def guard(name):
    real = getattr(os, name)
    def wrapped(*args, **kwargs):
        global count
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(*args, **kwargs)
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    setattr(os, name, wrapped)
for name in ("fsync", "replace"):
    guard(name)
sys.argv[2] == "promote" and ledger.put_in_use("b", reason="", forced=False, checks={})
sys.argv[2] == "rollback" and ledger.go_back()
"""


@pytest.mark.parametrize("action", ["promote", "rollback"])
@pytest.mark.parametrize("step", range(1, 9))
def test_killed_at_any_step_the_old_model_or_the_new_one_is_in_use(own, action, step):
    for name in ("a", "b"):
        own(name)
    put_in_use("a", reason="", forced=False, checks={})
    if action == "rollback":
        put_in_use("b", reason="", forced=False, checks={})
    child = subprocess.run([sys.executable, "-c", KILLED, str(step), action], capture_output=True, env=dict(os.environ), timeout=120)
    assert child.returncode in (0, -signal.SIGKILL), child.stderr
    assert name_in_use() in ("a", "b")
    assert load_model().folder.name == name_in_use()
    put_in_use("a" if name_in_use() == "b" else "b", reason="", forced=False, checks={})
    assert go_back()["to"] in ("a", "b"), "the ledger is in order again"


def test_two_processes_promote_at_once(own):
    for name in ("a", "b"):
        own(name)
    code = (
        "import sys; from classifier.learning.promotion.ledger import put_in_use\n"
        "for i in range(20): put_in_use(sys.argv[1], reason='', forced=False, checks={})"
    )
    children = [subprocess.Popen([sys.executable, "-c", code, name], env=dict(os.environ)) for name in ("a", "b")]
    assert [child.wait(120) for child in children] == [0, 0]
    entries = read_ledger()
    assert len(entries) == 40
    assert all(before["to"] == after["from"] for before, after in zip(entries, entries[1:], strict=False)), "no change is lost"


def test_nothing_is_written_into_the_installation(own, quick):
    before = {path: path.stat().st_mtime_ns for path in SHIPPED.rglob("*") if "__pycache__" not in path.parts}
    own("mine")
    assert nac("models", "promote", "mine", *quick).exit_code == 0
    nac("models", "rollback")
    assert before == {path: path.stat().st_mtime_ns for path in SHIPPED.rglob("*") if "__pycache__" not in path.parts}


def test_the_installation_is_no_data_folder(monkeypatch, tmp_path):
    shutil.copytree(SHIPPED_MODEL, tmp_path / "elsewhere" / "theirs")
    monkeypatch.setenv("NAC_HOME", str(SHIPPED.parent))
    result = nac("models", "promote", tmp_path / "elsewhere" / "theirs", "--force")
    assert result.exit_code == 4 and "belongs to the installation" in result.stderr
    assert not (SHIPPED / "theirs").exists()


TEXTS = ["Allies will send two frigates at once.", "The parties remain in close contact.", "The library was opened.", ""]


def test_exports_predict_the_same_elsewhere(own, tmp_path):
    nac("models", "export", "stance-1", "--dir", tmp_path / "out" / "copy")
    nac("models", "export", "stance-1", "--zip", tmp_path / "out" / "copy.zip")
    assert nac("models", "export", "stance-1", "--joblib", tmp_path / "out" / "copy.joblib").exit_code == 0
    with zipfile.ZipFile(tmp_path / "out" / "copy.zip") as archive:
        archive.extractall(tmp_path / "unzipped")
    expected = [dict(score(text).probabilities) for text in TEXTS]
    for folder in (tmp_path / "out" / "copy", tmp_path / "unzipped" / "stance-1"):
        assert [dict(score(text, model=folder).probabilities) for text in TEXTS] == expected
    code = (
        "import json, sys, joblib; m = joblib.load(sys.argv[1]); t = json.loads(sys.argv[2]); p = m.predict_proba(t)\n"
        "assert list(m.predict(t)) == [m.classes_[i] for i in p.argmax(axis=1)]\n"
        "print(json.dumps([dict(zip(m.classes_, row)) for row in p.tolist()]))"
    )
    run = [sys.executable, "-c", code, str(tmp_path / "out" / "copy.joblib"), json.dumps(TEXTS)]
    done = subprocess.run(run, capture_output=True, text=True, env=dict(os.environ), timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == expected


def test_the_same_model_makes_the_same_zip(own, tmp_path):
    for name in ("one.zip", "two.zip"):
        nac("models", "export", "stance-1", "--zip", tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_failed_export_leaves_nothing(own, tmp_path):
    folder = own("bad")
    (folder / "pieces.txt").unlink()
    assert nac("models", "export", "bad", "--dir", tmp_path / "out").exit_code == 4
    assert not Path(tmp_path / "out").exists()
