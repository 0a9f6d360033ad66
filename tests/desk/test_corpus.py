"""`nac corpus check`, `audit` and `convert` on the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.corpus.test_audit import made_rows
from tests.corpus.test_check import change, good
from tests.desk.conftest import nac, write_rows

ROOT = Path(__file__).parents[2]


def test_a_sound_corpus(tmp_path):
    path = write_rows(tmp_path / "a.jsonl", *good())
    result = nac("corpus", "check", path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "40 rows" in result.stdout and result.stdout.endswith("nothing to object to\n")


def test_warnings_end_with_0_and_refusals_with_5(tmp_path):
    path = write_rows(tmp_path / "a.jsonl", *change(good(), 3, text=good()[5]["text"]))
    result = nac("corpus", "check", path)
    assert result.exit_code == 0
    assert "warning: 1 row with a text that stands before (lines 6)" in result.stdout
    path = write_rows(tmp_path / "b.jsonl", *change(good(), 3, id="4"), "{")
    result = nac("corpus", "check", path)
    assert result.exit_code == 5
    assert "refused: 1 row cannot be read; line 41 is no JSON" in result.stdout
    assert result.stderr.startswith(f"nac: {path}: refused: ") and result.stderr.count("\n") == 1


def test_json(tmp_path):
    rows = [row | {"annotator_a": row["label"], "annotator_b": "firm"} for row in good()]
    result = nac("corpus", "check", write_rows(tmp_path / "a.jsonl", *rows), "--format", "json")
    told = json.loads(result.stdout)
    assert told["classes"] == {"firm": 20, "calm": 20}
    assert told["refused"] is False
    pair = told["agreement"]["pairs"][0]
    assert pair["percent"]["value"] == 0.5 and pair["kappa"]["value"] == 0.0


def test_fields_are_named_with_options(tmp_path):
    rows = [{"no": row["id"], "Satz": row["text"], "Klasse": row["label"], "Anna": row["label"], "Ben": "firm"} for row in good()]
    path = write_rows(tmp_path / "a.jsonl", *rows)
    assert nac("corpus", "check", path).exit_code == 5
    options = ["--text-field", "Satz", "--label-field", "Klasse", "--id-field", "no", "--annotators", "Anna,Ben"]
    result = nac("corpus", "check", path, *options)
    assert result.exit_code == 0
    assert "Anna and Ben: 40 texts, percent 0.500" in result.stdout


@pytest.mark.parametrize("command", ["check", "audit", "convert"])
@pytest.mark.parametrize(
    ("name", "content", "code", "told"),
    [
        ("none.jsonl", None, 1, "there is no such file"),
        ("a.jsonl", "", 5, ""),
        ("a.bin", "\0", 5, "its kind is not known"),
        ("a.csv", "text\nA\n", 5, ""),
    ],
)
def test_what_is_no_corpus(tmp_path, command, name, content, code, told):
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    result = nac("corpus", command, path, *(["--to", "csv", "--out", tmp_path / "out.csv"] if command == "convert" else []))
    if command == "convert" and name in ("a.jsonl", "a.csv"):
        assert result.exit_code == 0, "what has no labels yet can be carried to where it gets them"
        return
    assert result.exit_code == code
    assert told in result.stderr and result.stderr.count("\n") == 1 and "Traceback" not in result.stderr


def test_an_encoding_that_nobody_knows(tmp_path):
    result = nac("corpus", "check", write_rows(tmp_path / "a.jsonl", *good()), "--encoding", "none")
    assert (result.exit_code, "--encoding: none" in result.stderr) == (2, True)


def test_an_audit_names_rows_and_what_it_is_worth(tmp_path):
    rows, changed = made_rows()
    path = write_rows(tmp_path / "a.jsonl", *rows)
    result = nac("corpus", "audit", path, "--limit", "3")
    assert result.exit_code == 0
    assert result.stdout.count(": given ") == 3
    assert "120 labels judged in 5 folds" in result.stderr
    result = nac("corpus", "audit", path, "--format", "json", "--limit", "6")
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["id"] for row in told} == changed
    assert set(told[0]) == {"id", "line", "text", "given", "predicted", "given_probability", "predicted_probability"}


def test_words_of_strangers_do_not_act_on_the_terminal(tmp_path):
    rows = [row | {"label": row["label"] + "\x1b[31m"} for row in good()]
    result = nac("corpus", "check", write_rows(tmp_path / "a.jsonl", *rows))
    assert "\x1b" not in result.stdout and "\\x1b" in result.stdout


def test_to_a_tool_and_back(tmp_path):
    rows = [row | {"source": "made up", "group": f"g{row['id']}"} for row in good()]
    path = write_rows(tmp_path / "a.jsonl", *rows)
    for shape, name in (
        ("label-studio", "b.json"),
        ("doccano", "c.jsonl"),
        ("prodigy", "d.jsonl"),
        ("xlsx", "e.xlsx"),
        ("parquet", "f.parquet"),
    ):
        result = nac("corpus", "convert", path, "--to", shape, "--out", tmp_path / name)
        assert (result.exit_code, result.stdout) == (0, ""), result.stderr
        assert "40 rows written" in result.stderr
        path = tmp_path / name
    assert nac("corpus", "convert", path, "--to", "jsonl", "--out", tmp_path / "z.jsonl").exit_code == 0
    back = [json.loads(line) for line in (tmp_path / "z.jsonl").read_text().splitlines()]
    assert back == [{name: row[name] for name in ("id", "text", "label", "group", "source")} for row in rows]


def test_a_row_that_cannot_be_carried_leaves_nothing_behind(tmp_path):
    path = write_rows(tmp_path / "a.jsonl", *good(), "{")
    result = nac("corpus", "convert", path, "--to", "csv", "--out", tmp_path / "b.csv")
    assert result.exit_code == 5 and "line 41 is no JSON" in result.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["a.jsonl"]
    result = nac("corpus", "convert", path, "--to", "csv", "--out", tmp_path / "no" / "b.csv")
    assert result.exit_code == 1


def test_a_reader_that_goes_away(tmp_path):
    path = write_rows(tmp_path / "a.jsonl", *made_rows(300, 60)[0])
    code = "from classifier.desk.entry import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "corpus", "audit", str(path), "--limit", "100"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ),
    )  # fmt: skip
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 1
    assert "closed by its reader" in told and "Traceback" not in told


@pytest.mark.parametrize("command", ["check", "audit", "convert"])
def test_an_interrupt_is_one_line_and_130(tmp_path, monkeypatch, command):
    import signal

    from classifier.learning.labelled import tables

    given = tables.line_records

    def interrupted(*arguments):
        yield next(given(*arguments))
        signal.raise_signal(signal.SIGINT)  # as Ctrl-C in the middle of the file
        raise AssertionError("went on")

    monkeypatch.setattr(tables, "line_records", interrupted)
    path = write_rows(tmp_path / "a.jsonl", *good())
    result = nac("corpus", command, path, *(["--to", "csv", "--out", tmp_path / "out.csv"] if command == "convert" else []))
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr.strip() == "nac: interrupted."
    assert [p.name for p in tmp_path.iterdir()] == ["a.jsonl"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_since_it_can_be_read_only_once(tmp_path):
    os.mkfifo(tmp_path / "a.jsonl")
    result = nac("corpus", "check", tmp_path / "a.jsonl")
    assert result.exit_code == 1
    assert "is no regular file" in result.stderr
