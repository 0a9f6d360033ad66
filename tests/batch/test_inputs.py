"""Everything that can be given to the command, and everything that can be wrong with it."""

import csv
import datetime
import io
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.desk.batch.walk import Walk
from scraper.parquet_rows import read_parquet_rows
from scraper.rows import FieldNames
from tests.batch.conftest import CALM, DRY, FIRM, FRENCH, batch, make_rows, nac, read_jsonl, write_rows


def rows_of(*arguments, code=0, stdin=None):
    return [json.loads(line) for line in batch(*arguments, code=code, stdin=stdin).stdout.splitlines()]


def errors(rows):
    return [row["error"] and row["error"].split(":")[0] for row in rows]


@pytest.fixture
def folder(tmp_path):
    """A folder of everything: kinds that are read, kinds that are not, links that lead in circles, a hidden file."""
    root = tmp_path / "statements"
    (root / "b" / "deep").mkdir(parents=True)
    (root / "a.txt").write_text(FIRM, encoding="utf-8")
    (root / "b" / "note.md").write_text(f"# A heading\n\n{CALM}", encoding="utf-8")
    (root / "b" / "deep" / "rows.jsonl").write_text(json.dumps({"id": "deep", "text": DRY}) + "\n", encoding="utf-8")
    (root / "b" / "rows.csv").write_text(f'id,text\ncsv,"{CALM}"\n', encoding="utf-8")
    (root / "b" / "rows.tsv").write_text(f"id\ttext\ntsv\t{CALM}\n", encoding="utf-8")
    pq.write_table(pa.table({"id": ["parquet"], "text": [FIRM]}), root / "b" / "rows.parquet")
    paragraphs = "".join(f"<p>{FIRM} {CALM} {DRY}</p>" for _ in range(4))
    (root / "c.html").write_text(f"<html><head><title>T</title></head><body><main><h1>A statement</h1>{paragraphs}</main></body></html>")
    (root / "d.pdf").write_bytes(b"%PDF-1.7")
    (root / ".hidden.txt").write_text(FIRM, encoding="utf-8")
    (root / "b" / "deep" / "up").symlink_to(root, target_is_directory=True)
    (root / "b" / "self").symlink_to(root / "b", target_is_directory=True)
    (root / "gone.txt").symlink_to(root / "nowhere.txt")
    os.mkfifo(root / "pipe.txt")
    return root


def test_a_folder_is_read_once_whatever_leads_where(folder):
    result = batch(folder, code=1)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["a.txt", "deep", "b/note.md", "csv", "parquet", "tsv", "c.html", "gone.txt"]
    assert errors(rows) == [None] * 7 + ["no_such_file"]
    assert "1 files of other kinds were passed over (.pdf 1)" in result.stderr


def test_the_output_in_its_own_input_folder_is_no_input(folder):
    (folder / "gone.txt").unlink()
    out = folder / "scores.jsonl"
    batch(folder, "--out", out)
    first = out.read_bytes()
    batch(folder, "--out", out, "--overwrite")
    assert out.read_bytes() == first


def test_several_inputs_come_in_their_order(folder, tmp_path):
    table = write_rows(tmp_path / "rows.jsonl", *make_rows(2))
    rows = rows_of(table, folder / "a.txt", "-", stdin=json.dumps({"id": "piped", "text": CALM}))
    assert [row["id"] for row in rows] == ["r0", "r1", "a.txt", "piped"]


@pytest.mark.parametrize("stdin", [json.dumps({"id": "x", "text": FIRM}) + "\n", f"id,text\nx,{FIRM}\n"], ids=["jsonl", "csv"])
def test_a_pipe_says_itself_what_it_holds(stdin):
    assert [row["id"] for row in rows_of("-", stdin=stdin)] == ["x"]


def test_a_named_pipe_is_read_as_one(tmp_path):
    import threading

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(json.dumps({"id": "x", "text": FIRM}) + "\n"))
    writer.start()
    assert [row["id"] for row in rows_of(pipe)] == ["x"]
    writer.join()


BAD_ROWS = [
    (b"{broken", "malformed", "no JSON"),
    (b'["a list"]', "malformed", "no object"),
    (b'{"id": "n", "text": null}', "malformed", "no text"),
    (b'{"id": "n", "text": 7}', "malformed", "a number"),
    (b'{"id": "n", "body_text": "x"}', "malformed", "no field of a known name"),
    (b'{"id": "n", "text": "\\ud800 stands alone"}', "malformed", "a lone surrogate"),
    (b'{"id": "n\\udfff", "text": "fine"}', "malformed", "a lone surrogate in the id"),
    (b'{"id": "n", "text": "caf\xe9"}', "malformed", "no UTF-8"),
    (b'{"id": "n", "text": ""}', "unreadable", "empty"),
    (b'{"id": "n", "text": " \\u0000\\n"}', "unreadable", "NUL alone"),
    (json.dumps({"id": "n", "text": FRENCH}).encode(), "not_english", "French"),
    (b'{"a":' * 5000, "malformed", "nested deeper than anything is read"),
    (b'{"n": ' + b"9" * 5000 + b', "text": "x"}', "malformed", "a number beyond measure"),
]


@pytest.mark.parametrize(("line", "code", "why"), BAD_ROWS, ids=[row[2] for row in BAD_ROWS])
def test_a_bad_row_is_one_row_and_can_be_given_again(tmp_path, line, code, why):
    given = write_rows(tmp_path / "in.jsonl", {"id": "a", "text": FIRM}, line, {"id": "b", "text": CALM})
    out = tmp_path / "out.jsonl"
    batch(given, "--out", out, code=1)
    rows = read_jsonl(out)
    assert errors(rows) == [None, code, None], why
    failed = tmp_path / "out.failed.jsonl"
    again = tmp_path / "again.jsonl"
    batch(failed, "--out", again, code=1)
    assert errors(read_jsonl(again)) == [code]


def test_nul_bytes_in_a_text_cost_nothing(tmp_path):
    given = write_rows(tmp_path / "in.jsonl", {"id": "nul", "text": f"{FIRM}\x00 {CALM}"})
    table = tmp_path / "in.csv"
    table.write_bytes(f'id,text\nnul,"{FIRM}\x00 {CALM}"\n'.encode())
    for suffix in (".jsonl", ".csv", ".parquet"):
        batch(given, table, "--out", tmp_path / f"out{suffix}")
    assert len({row["probability"] for row in read_jsonl(tmp_path / "out.jsonl")}) == 1


def test_a_line_of_fifty_megabytes_is_one_failed_row(tmp_path):
    given = tmp_path / "in.jsonl"
    with given.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps({"id": "a", "text": FIRM}) + "\n")
        stream.write('{"id": "long", "text": "' + "Allies agreed. " * (50_000_000 // 15) + '"}\n')
        stream.write(json.dumps({"id": "b", "text": CALM}) + "\n")
    out = tmp_path / "out.jsonl"
    batch(given, "--out", out, code=1)
    assert errors(read_jsonl(out)) == [None, "too_large", None]
    assert [row["id"] for row in read_jsonl(out)] == ["a", "long", "b"]
    assert (tmp_path / "out.failed.jsonl").stat().st_size > 50_000_000


def test_a_file_that_is_too_large_is_one_failed_row(tmp_path):
    path = tmp_path / "large.txt"
    path.write_bytes(b"Allies agreed. " * 1_400_000)
    assert errors(rows_of(path, code=1)) == ["too_large"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.jsonl", b"", "unreadable"),
        ("empty.txt", b"", "unreadable"),
        ("empty.csv", b"\n\n", "unreadable"),
        ("empty.parquet", b"", "malformed"),
        ("heading.csv", b"id,text\n", "unreadable"),
        ("columns.csv", b"id,words\n1,x\n", "malformed"),
        ("binary.txt", bytes(range(256)) * 20, "unsupported"),
        ("page.html", b"<html><body><div></div></body></html>", "not_a_statement"),
        ("letter.txt", b"%PDF-1.7 and so on", "unsupported"),
        ("wide.jsonl", '{"text": "x"}'.encode("utf-16"), "unsupported"),
        ("array.jsonl", b'[{"text": "x"}]', "malformed"),
    ],
)
def test_a_file_that_holds_nothing_is_one_failed_row(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    rows = rows_of(path, code=1)
    assert errors(rows) == [code]
    assert rows[0]["id"].startswith(name)


def parquet(tmp_path, *arrays, names=("id", "text")):
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table(list(arrays), names=list(names)), path)
    return path


IDS = pa.array(["a", "b"])
TEXTS = [FIRM, CALM]


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        (pa.array(TEXTS), [None, None], "string"),
        (pa.array(TEXTS, pa.large_string()), [None, None], "large_string"),
        (pa.array(TEXTS).dictionary_encode(), [None, None], "dictionary"),
        (pa.array([t.encode() for t in TEXTS]), [None, None], "binary that is text"),
        (pa.array([TEXTS[0], None]), [None, "malformed"], "a null"),
        (pa.array([TEXTS[0].encode(), b"\xff\xfe\xfa"]), [None, "malformed"], "binary that is none"),
        (pa.nulls(2), ["malformed", "malformed"], "nulls alone"),
        (pa.array([[t] for t in TEXTS]), ["malformed"], "lists"),
        (pa.array([{"words": t} for t in TEXTS]), ["malformed"], "structs"),
        (pa.array([1, 2]), ["malformed"], "numbers"),
        (pa.array(["", FIRM]), ["unreadable", None], "an empty text"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_parquet_of_any_type(tmp_path, text, expected, why):
    assert errors(rows_of(parquet(tmp_path, IDS, text), code=int(any(expected)))) == expected, why


def test_what_parquet_hands_on_is_plain(tmp_path):
    odd = {
        "when": pa.array([datetime.datetime(2024, 1, 2, 3), None]),
        "where": pa.array([{"city": "Brussels", "at": [1, 2]}, None]),
        "many": pa.array([[1, 2], []]),
        "raw": pa.array([b"\xff", b"text"]),
        "share": pa.array([float("nan"), 0.5]),
    }
    path = parquet(
        tmp_path,
        pa.array([7, 8]),
        pa.array(TEXTS),
        pa.array([datetime.date(2024, 5, 6)] * 2),
        *odd.values(),
        names=("id", "text", "date", *odd),
    )
    keep = [item for name in odd for item in ("--keep", name)]
    rows = rows_of(path, *keep)
    assert [(row["id"], row["date"]) for row in rows] == [("7", "2024-05-06"), ("8", "2024-05-06")]
    assert [rows[0][name] for name in odd] == ["2024-01-02T03:00:00", {"city": "Brussels", "at": [1, 2]}, [1, 2], None, None]
    for suffix in (".csv", ".parquet"):
        batch(path, *keep, "--out", tmp_path / f"out{suffix}")
    cells = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"))))
    assert json.loads(cells[0]["where"]) == {"city": "Brussels", "at": [1, 2]}
    assert pq.read_table(tmp_path / "out.parquet")["raw"].to_pylist() == [None, "text"]


def test_parquet_that_is_cut_off_says_where(tmp_path):
    path = parquet(tmp_path, IDS, pa.array(TEXTS))
    path.write_bytes(path.read_bytes()[:-20])
    rows = rows_of(path, code=1)
    assert errors(rows) == ["malformed"]
    assert "no Parquet file that can be read" in rows[0]["error"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=300))
def test_parquet_rows_come_as_they_were_written(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("parquet") / "t.parquet"
    pq.write_table(pa.table({"text": pa.array(texts, pa.string())}), path, row_group_size=70)
    rows = list(read_parquet_rows(path, source="t.parquet", names=FieldNames()))
    assert [row.text for row in rows if texts] == texts
    assert [row.line for row in rows if texts] == list(range(1, len(texts) + 1))


def test_fields_can_be_named(tmp_path):
    row = {"key": 5, "body": "not this", "statement": FIRM, "day": "3 March 2024", "nation": {"a": 1}}
    given = write_rows(tmp_path / "in.jsonl", row)
    named = ("--text-field", "statement", "--id-field", "key", "--date-field", "day", "--keep", "nation")
    got = rows_of(given, *named)[0]
    assert (got["id"], got["date"], got["end"], got["nation"]) == ("5", "2024-03-03", len(FIRM), {"a": 1})


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_field_to_keep_that_no_row_has_is_told_at_once(tmp_path, suffix):
    path = tmp_path / f"in.{suffix}"
    if suffix == "csv":
        path.write_text(f"id,text\n1,{FIRM}\n", encoding="utf-8")
    else:
        parquet(tmp_path, IDS, pa.array(TEXTS))
    assert "has no field 'nation' to keep; it has id, text" in rows_of(path, "--keep", "nation", code=1)[0]["error"]


USAGE = [
    ((), "no input given"),
    (("-", "-"), "can be read only once"),
    (("x", "--jobs", "0"), "--jobs: 0"),
    (("x", "--chunk-mb", "0"), "--chunk-mb: 0"),
    (("x", "--chunk-mb", "nan"), "--chunk-mb: nan"),
    (("x", "--out", "scores.xlsx"), "no format goes with"),
    (("x", "--out", "scores"), "no format goes with"),
    (("x", "--out", "nowhere/scores.csv"), "there is no folder nowhere"),
    (("x", "--resume"), "cannot be gone on with"),
    (("x", "--out", "s.csv", "--resume", "--overwrite"), "exclude each other"),
    (("x", "--address", "tcp://h:1"), "loky runs on this machine"),
    (("x", "--keep", "verdict"), "is the name of a column"),
    (("x", "--keep", "a", "--keep", "a"), "is named twice"),
    (("s.csv", "--out", "s.csv"), "is an input and would be written over"),
    (("s.failed.jsonl", "--out", "s.csv"), "is an input and would be written over"),
    (("x", "--out", "s.jsonl", "--failed-file", "s.jsonl"), "cannot go to one file"),
]


@pytest.mark.parametrize(("arguments", "told"), USAGE, ids=[told for _, told in USAGE])
def test_what_cannot_be_asked_is_refused(tmp_path, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    result = batch(*arguments, code=2)
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_model_that_is_not_there_ends_with_4(tmp_path):
    assert "there is no model" in batch(tmp_path, "--model", "none", code=4).stderr


def test_a_failed_file_can_be_named_and_is_not_written_over(tmp_path):
    given = write_rows(tmp_path / "in.jsonl", {"id": "a", "text": FIRM}, "{broken")
    failed = tmp_path / "f.jsonl"
    batch(given, "--failed-file", failed, code=1)
    assert failed.read_bytes() == b"{broken\n"
    assert "is there already" in batch(given, "--failed-file", failed, code=2).stderr


def test_a_run_without_failures_leaves_no_failed_file(tmp_path, table):
    out = tmp_path / "out.jsonl"
    (tmp_path / "out.failed.jsonl").write_text("of a run before\n", encoding="utf-8")
    batch(table, "--out", out, "--overwrite")
    assert not (tmp_path / "out.failed.jsonl").exists()


def test_many_failures_are_not_told_one_by_one(tmp_path):
    given = write_rows(tmp_path / "in.jsonl", *["{broken"] * 25)
    told = batch(given, "--out", tmp_path / "out.jsonl", code=1).stderr.splitlines()
    assert len(told) == 12
    assert told[10] == "nac: further failures are not told one by one."
    assert told[11].startswith("nac: 25 records: none scored; 25 failed (malformed 25); rows are in ")


def test_the_summary_counts_and_quiet_leaves_it_out(tmp_path, table):
    told = batch(table, "--out", tmp_path / "a.jsonl").stderr
    verdicts = [row["verdict"] for row in read_jsonl(tmp_path / "a.jsonl")]
    assert told.startswith("nac: 30 records: ")
    for verdict in set(verdicts):
        assert f"{verdicts.count(verdict)} {verdict}" in told
    assert batch(table, "--out", tmp_path / "b.jsonl", "--quiet").stderr == ""


def test_hidden_links_and_loops_end(folder):
    assert len(list(Walk([str(folder), str(folder)]).files())) == 16


def test_help_has_examples_and_exit_codes():
    told = nac("batch", "--help").stdout
    assert "nac batch releases.jsonl --out scores.jsonl --resume" in told
    assert "Exit codes:" in told
