"""Rows for spreadsheets: one a text, failures with their error, and no cell that is a formula."""

import csv
import io

import pytest

from classifier.desk.guard import guard_cell
from classifier.desk.render_csv import COLUMNS
from tests.desk.conftest import CALM, FIRM, nac, write_rows


def read_csv(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_each_text_is_a_row_with_its_verdict_and_cues(tmp_path):
    path = write_rows(tmp_path / "rows.jsonl", {"id": "a", "text": FIRM, "title": "T, 1", "date": "2025-09-10"}, {"text": CALM})
    result = nac("score", path, "--format", "csv")
    assert result.exit_code == 0, result.stderr
    rows = read_csv(result.stdout)
    assert tuple(rows[0]) == COLUMNS
    first = rows[0]
    assert (first["source"], first["id"], first["title"], first["date"]) == (f"{path}:1", "a", "T, 1", "2025-09-10")
    assert first["verdict"] in ("hawkish", "cautious", "no stance")
    assert float(first["interval_low"]) <= float(first["probability"]) <= float(first["interval_high"])
    assert first["n_sentences"] == "1" and first["error"] == ""
    assert "any further incursion will be met" in first["top_cues"]
    assert first["model"].startswith("stance-1 ")
    assert rows[1]["id"] == "rows.jsonl:2"


def test_a_failed_row_says_why(tmp_path):
    path = write_rows(tmp_path / "rows.jsonl", {"text": FIRM}, "{broken")
    rows = read_csv(nac("score", path, "--format", "csv").stdout)
    assert rows[1]["source"] == f"{path}:2"
    assert rows[1]["error"].startswith("malformed: line 2 is no JSON")
    assert rows[1]["verdict"] == rows[1]["probability"] == ""


CELLS = [
    # cell, guarded, why
    ("=cmd|' /C calc'!A0", True, "a formula"),
    ("+1", True, "a formula"),
    ("-1+1", True, "a formula"),
    ("@SUM(A1)", True, "a formula"),
    ("\t=1", True, "a tab is dropped by spreadsheets"),
    ("\r=1", True, "so is a carriage return"),
    ("\n=1", True, "and a line feed"),
    ("＝1+1", True, "full-width, which some take for the sign itself"),
    ("Statement = agreed", False, "a sign inside"),
    ("", False, "nothing"),
]


@pytest.mark.parametrize(("cell", "guarded", "why"), CELLS)
def test_cells_that_begin_like_a_formula_are_guarded(cell, guarded, why):
    assert guard_cell(cell) == ("'" + cell if guarded else cell), why


@pytest.mark.parametrize("sign", "=+-@\t\r")
def test_what_a_row_brings_along_is_guarded(tmp_path, sign):
    row = {"id": f"{sign}id", "title": f"{sign}HYPERLINK()", "text": FIRM}
    (first,) = read_csv(nac("score", write_rows(tmp_path / "rows.jsonl", row), "--format", "csv").stdout)
    for cell in (first["id"], first["title"]):
        assert not cell.startswith(tuple("=+-@\t\r"))


def test_standard_input_is_no_formula_and_a_negative_index_stays_a_number():
    (row,) = read_csv(nac("score", "-", "--format", "csv", stdin=CALM).stdout)
    assert row["source"] == "'-"
    float(row["index"])
