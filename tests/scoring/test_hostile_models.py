"""A hostile model folder is refused: nothing in it runs, and reading it takes no more memory than a sound one."""

import json
import pickle
import shutil
import tracemalloc

import numpy as np
import pytest

from classifier.scoring.artefact import load_model, read_model
from classifier.scoring.errors import ModelError
from classifier.scoring.places import SHIPPED
from tests.scoring import hostile as h

MEMORY = 120 * 2**20
"""Bytes; a sound model takes less than half of it."""


class Trap:
    """Pickled, it runs a command when it is read."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        import pathlib

        return (pathlib.Path.touch, (pathlib.Path(self.path),))


TRAP = "/tmp/nac-test-model-ran-code"
KINDS = len(load_model().evidence)
PHRASES = '{"id": "x", "category": "posture_action", "stance": "hawkish", "strength": 1, "examples": [], "counterexamples": [], "source": "", "added": "", "phrases": [%s]}'  # noqa: E501

READ = [
    (lambda f: (f / "manifest.json").unlink(), "no manifest.json", "no manifest"),
    (lambda f: (f / "manifest.json").write_text("{"), "cannot be read", "broken manifest"),
    (lambda f: (f / "manifest.json").write_text("[]"), "cannot be read", "a manifest that is a list"),
    (lambda f: (f / "manifest.json").write_text('{"format": 1}'), "no field 'name'", "fields missing"),
    (lambda f: (f / "manifest.json").write_bytes(b"\xff\xfe{"), "cannot be read", "a manifest in no UTF-8"),
    (lambda f: (f / "manifest.json").write_text("[" * 100_000), "cannot be read", "nested too deep"),
    (lambda f: (f / "manifest.json").write_text(" " * (9 * 2**20)), "more than a manifest", "huge JSON"),
    (lambda f: (f / "manifest.json").write_text('{"format": 1, "format": 1}'), "twice", "a field twice"),
    (lambda f: h.make_pipe(f, "manifest.json"), "no plain file", "a pipe for a manifest: reading it would wait for ever"),
    (lambda f: h.rehash(f, format=99), "format 99", "another format"),
    (lambda f: h.rehash(f, format="x" * 10**6), "format x{20};", "a format of a million letters is not told in full"),
    (lambda f: h.rehash(f, name="../../x"), "'name'", "a name that is a path"),
    (lambda f: h.rehash(f, name="a\x1b[2J"), "'name'", "a name that clears the terminal"),
    (lambda f: h.rehash(f, version=["1"]), "'version'", "a version that is a list"),
    (lambda f: h.rehash(f, classes=["a"]), "'classes'", "one class"),
    (lambda f: h.rehash(f, classes=["a", "a"]), "'classes'", "a class twice"),
    (lambda f: h.rehash(f, classes="ab"), "'classes'", "classes that are a word"),
    (lambda f: h.rehash(f, classes=["a", 1]), "'classes'", "a class that is a number"),
    (lambda f: h.rehash(f, poles=["hawkish", "x"]), "'poles'", "a pole that is no class"),
    (lambda f: h.rehash(f, neutral="x"), "'neutral'", "a neutral class that is none"),
    (lambda f: h.rehash(f, evidence=[["H1", "hawkish"]]), "'evidence'", "classes without any kind of evidence"),
    (lambda f: h.rehash(f, evidence=[[f"X{i}", "dovish"] for i in range(KINDS)]), "'evidence'", "kinds of a class that is none"),
    (lambda f: h.rehash(f, evidence=["H1"] * KINDS), "'evidence'", "kinds without their class"),
    (lambda f: h.rehash(f, evidence=None), "shape", "as many weights as kinds that are not named"),
    (lambda f: h.rehash(f, presence_bias=None), "'presence_bias'", "a number is missing"),
    (lambda f: h.rehash(f, presence_bias=float("nan")), "NaN", "NaN in the manifest"),
    (lambda f: h.rehash(f, least_presence=float("inf")), "Infinity", "infinity in the manifest"),
    (lambda f: h.rehash(f, least_presence="0"), "'least_presence'", "a number that is a word"),
    (lambda f: h.rehash(f, lexicon_sha256="0"), "'lexicon_sha256'", "a hash that is none"),
    (lambda f: h.rehash(f, golden=[{"text": 1, "probabilities": {}}]), "'golden'", "a golden text that is a number"),
    (lambda f: h.rehash(f, golden=[{"text": "x", "probabilities": {"y": 1}}]), "'golden'", "a golden class that is none"),
    (lambda f: h.rehash(f, files={}), "does not list", "no files listed: nothing would be checked"),
    (lambda f: h.rehash(f, files=["weights.npz"]), "'files'", "files without hashes"),
    (lambda f: h.relist(f, **{f"a{i}": "0" * 64 for i in range(300)}), "'files'", "very many files"),
    (lambda f: h.relist(f, **{"..__..__outside": "0" * 64}), "outside its folder", "path traversal"),
    (lambda f: h.relist(f, **{"__etc__passwd": "0" * 64}), "outside its folder", "an absolute path"),
    (lambda f: h.relist(f, **{"a\0b": "0" * 64}), "cannot be read", "a NUL in a path"),
    (lambda f: h.relist(f, lexicon="0" * 64), "no plain file", "a folder listed as a file"),
    (lambda f: (f / "ngrams.txt").unlink(), "is missing", "a file is gone"),
    (lambda f: (f / "ngrams.txt").write_text("x\n"), "was changed", "a file was edited"),
    (lambda f: (f / "lexicon" / "cues.jsonl").write_text(""), "was changed", "the lexicon was edited"),
    (lambda f: h.link_out(f, "known.txt", "/etc/hostname"), "outside its folder", "a link out of the folder"),
    (lambda f: ((f / "known.txt").unlink(), (f / "known.txt").symlink_to("/dev/zero")), "outside", "a link to a device"),
    (lambda f: ((f / "known.txt").unlink(), (f / "known.txt").symlink_to("known.txt")), "cannot be read", "a link to itself"),
    (lambda f: h.make_pipe(f, "known.txt"), "no plain file", "a pipe for a file: reading it would wait for ever"),
    (lambda f: h.write_text(f, "ngrams.txt", b"\xff\xfe\n"), "ngrams.txt cannot be read", "text in no UTF-8"),
    (lambda f: h.write_text(f, "ngrams.txt", "a b\na\n"), "before its prefix", "n-grams out of order"),
    (lambda f: h.write_text(f, "ngrams.txt", "a\n"), "shape", "fewer n-grams than weights"),
    (lambda f: h.write_text(f, "weights.npz", b"no zip"), "cannot be read", "no zip file"),
    (lambda f: h.write_text(f, "weights.npz", pickle.dumps(Trap(TRAP))), "cannot be read", "a pickle in the place of the archive"),
    (lambda f: h.rewrite(f, bias=pickle.dumps(Trap(TRAP))), "cannot be read", "a pickle in the place of an array"),
    (lambda f: h.rewrite(f, bias=h.npy(np.array([Trap(TRAP)] * KINDS), allow_pickle=True)), "plain float64", "a pickle inside an array"),
    (lambda f: h.rewrite(f, bias=h.npy(np.array([np.nan] * KINDS))), "not finite", "NaN weights"),
    (lambda f: h.rewrite(f, bias=h.npy(np.array([np.inf] * KINDS))), "not finite", "infinite weights"),
    (lambda f: h.rewrite(f, bias=h.npy(np.zeros(KINDS + 1))), "shape", "wrong shape"),
    (lambda f: h.rewrite(f, bias=h.npy(np.zeros((KINDS, 1)))), "shape", "one dimension too many"),
    (lambda f: h.rewrite(f, bias=h.npy(np.zeros(KINDS, dtype=np.float32))), "plain float64", "half the digits"),
    (lambda f: h.rewrite(f, bias=h.npy(np.zeros(KINDS, dtype=">f8"))), "plain float64", "bytes the other way round"),
    (lambda f: h.rewrite(f, scale=h.npy(np.zeros((1, 85214))[:, ::-1].T.copy(order="F"))), "shape|plain", "the other order"),
    (lambda f: h.rewrite(f, bias=h.header("(1342177280,)")), "shape", "a header of 10 GB"),
    (lambda f: h.rewrite(f, background=h.header(f"(90000, {KINDS + 1})")), "not what its header says", "a header that promises too much"),
    (lambda f: h.rewrite(f, background=h.header(f"(335544320, {KINDS + 1})")), "shape", "a header of 10 GB where the length is free"),
    (lambda f: h.rewrite(f, background=h.npy(np.zeros((0, KINDS + 1)))), "background is empty", "nothing to draw intervals from"),
    (lambda f: h.rewrite(f, bias=h.header("(-1,)")), "shape", "a negative shape"),
    (lambda f: h.rewrite(f, bias=h.header(f"({KINDS},)", "__import__('os')")), "cannot be read", "code in a header"),
    (lambda f: h.rewrite(f, bias=h.npy(np.zeros(KINDS)) + b"\0" * 300_000_000), "not what its header says", "a zip bomb behind an array"),
    (lambda f: h.rewrite(f, evil=b"\0" * 300_000_000), "more members", "a zip bomb of its own"),
    (lambda f: h.rewrite(f, evil=h.npy(np.zeros(KINDS))), "more members", "an array nobody asked for"),
    (lambda f: (h.leave_out(f, "bias"), h.rewrite(f, evil=h.npy(np.zeros(KINDS)))), "unexpected array", "an array in the place of another"),
    (lambda f: h.leave_out(f, "bias"), "lacks bias", "an array is missing"),
    (lambda f: (h.leave_out(f, "head"), h.put_twice(f)), "stands twice", "an array twice: which would be read?"),
    (lambda f: h.put_many(f, 60_000), "more members", "very many members"),
    (lambda f: h.set_flag(f, 0, 1), "encrypted", "an encrypted member"),
    (lambda f: h.set_flag(f, 2, 14), "packed in a way", "a packing that costs memory (LZMA)"),
    (lambda f: h.spoil_stream(f), "cannot be read", "a broken stream"),
]  # fmt: skip


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(SHIPPED / "stance-1", folder)
    return folder


@pytest.mark.parametrize(("damage", "words", "reason"), READ, ids=[row[2] for row in READ])
def test_refused_when_read(copy, tmp_path, damage, words, reason):
    damage(copy)
    tracemalloc.start()
    try:
        with pytest.raises(ModelError, match=words) as caught:
            read_model(copy)
        assert tracemalloc.get_traced_memory()[1] < MEMORY, reason
    finally:
        tracemalloc.stop()
    assert len(caught.value.message) < 1000
    assert not __import__("os").path.exists(TRAP), "nothing in a model runs"


def test_a_sound_copy_is_read_within_the_memory(copy):
    tracemalloc.start()
    try:
        assert read_model(copy).name == "stance-1"
        assert tracemalloc.get_traced_memory()[1] < MEMORY / 2
    finally:
        tracemalloc.stop()


SCORED = [
    (lambda f: h.write_text(f, "lexicon/cues.jsonl", "{"), "the lexicon is no JSON"),
    (lambda f: h.add_to_lexicon(f, '{"id": "x"}'), "a cue row lacks its fields"),
    (lambda f: h.add_to_lexicon(f, PHRASES % '"{no_such_class}"'), "a phrase names a class that is not there"),
    (lambda f: h.add_to_lexicon(f, PHRASES % ('"' + " ".join(["(a|b|c|d|e|f|g|h|i|j)"] * 12) + '"')), "a phrase of 10^12 wordings"),
    (lambda f: h.write_text(f, "lexicon/classes.jsonl", '{"id": "deploy", "forms": ["{deploy} {deploy}"]}'), "a class made of itself"),
    (lambda f: h.rewrite(f, bias=h.npy(np.full(KINDS, 1e308))), "weights too large to be added"),
    (lambda f: h.rehash(f, golden=[{"text": "Allies met.", "probabilities": {"hawkish": 0.5}}]), "golden outcomes left out"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "reason"), SCORED, ids=[row[1] for row in SCORED])
def test_refused_when_proved_on_its_golden_texts(copy, damage, reason):
    damage(copy)
    tracemalloc.start()
    try:
        with pytest.raises(ModelError):
            load_model(copy)
        assert tracemalloc.get_traced_memory()[1] < 2 * MEMORY, reason
    finally:
        tracemalloc.stop()


def test_a_member_of_the_manifest_that_scoring_does_not_read_is_still_checked(copy):
    (copy / "metrics.json").write_text(json.dumps({"accuracy": 1.0}), encoding="utf-8")
    with pytest.raises(ModelError, match=r"metrics\.json was changed"):
        read_model(copy)
