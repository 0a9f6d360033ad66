"""Which rows a labelled corpus gives, and which rows are refused, with their lines."""

import json
from datetime import date

import openpyxl
import pyarrow
import pyarrow.parquet as parquet
import pytest

from classifier.learning.labelled.read import iterate_rows, read_labelled, read_shape
from classifier.learning.labelled.row import BadRow, CorpusError, Fields

FULL = {"id": "r1", "text": "Allies will respond.", "label": "firm", "release": "g1", "date": "2021-05-31", "split": "Training"}


def put(path, *rows):
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), encoding="utf-8")
    return path


def the_row(row):
    return (row.id, row.text, row.label, row.group, row.date, row.split)


EXPECTED = ("r1", "Allies will respond.", "firm", "g1", "2021-05-31", "train")


def write_sheet(path, columns, *rows):
    book = openpyxl.Workbook()
    for values in (columns, *rows):
        book.active.append(list(values))
    book.save(path)


def test_every_form_of_table_gives_the_same_row(tmp_path):
    put(tmp_path / "a.jsonl", FULL)
    (tmp_path / "a.json").write_text(json.dumps([FULL], indent=2))
    (tmp_path / "b.json").write_text(json.dumps(FULL, indent=2))
    (tmp_path / "a.csv").write_text(",".join(FULL) + "\n" + ",".join(FULL.values()) + "\n")
    (tmp_path / "b.csv").write_bytes(b"\xef\xbb\xbf" + (";".join(FULL) + "\r\n" + ";".join(FULL.values()) + "\r\n").encode())
    (tmp_path / "c.csv").write_text(",".join(FULL) + "\n" + ",".join(FULL.values()) + "\n", encoding="utf-16")
    (tmp_path / "a.tsv").write_text("\t".join(FULL) + "\n" + "\t".join(FULL.values()) + "\n")
    parquet.write_table(pyarrow.table({k: [date(2021, 5, 31) if k == "date" else v] for k, v in FULL.items()}), tmp_path / "a.parquet")
    write_sheet(tmp_path / "a.xlsx", FULL, [date(2021, 5, 31) if k == "date" else v for k, v in FULL.items()])
    for path in sorted(tmp_path.iterdir()):
        assert [the_row(row) for row in read_labelled(path)] == [EXPECTED], path.name


@pytest.mark.parametrize(
    ("record", "fields", "expected", "reason"),
    [
        ({"Sentence": "A.", "Class": "x"}, Fields(), ("row-1", "A.", "x", None, None, None), "usual names, case apart"),
        ({"t": "A.", "y": 1, "text": "no"}, Fields(text="t", label="y"), ("row-1", "A.", "1", None, None, None), "named fields come first"),
        ({"text": "A.", "label": 2.0}, Fields(), ("row-1", "A.", "2", None, None, None), "spreadsheets turn whole numbers into floats"),
        ({"text": "A.", "label": True, "id": 7}, Fields(), ("7", "A.", "true", None, None, None), "truth values are classes"),
        ({"text": "A.", "label": " x "}, Fields(), ("row-1", "A.", " x ", None, None, None), "blanks are kept for the check to find"),
        ({"text": "A.", "label": "x", "year": 2021}, Fields(), ("row-1", "A.", "x", None, "2021", None), "a year is a date"),
        ({"text": "A.", "label": "x", "date": "2021-05-31T10:00:00Z"}, Fields(), ("row-1", "A.", "x", None, "2021-05-31", None), "a time"),
        ({"text": "A.", "label": "x", "split": "validation"}, Fields(), ("row-1", "A.", "x", None, None, "dev"), "names of one split"),
        ({"text": "A.", "label": "x", "group": ""}, Fields(), ("row-1", "A.", "x", None, None, None), "an empty group is none"),
    ],
)
def test_fields(tmp_path, record, fields, expected, reason):
    assert [the_row(row) for row in read_labelled(put(tmp_path / "a.jsonl", record), fields)] == [expected], reason


@pytest.mark.parametrize(
    ("record", "fields", "told"),
    [
        ("{", Fields(), "is no JSON"),
        ("[1]", Fields(), "is no JSON object"),
        ('{"text": "A.", "label": NaN}', Fields(), "has nan as its label"),
        ({"text": 5, "label": "x"}, Fields(), "holds no words as its text but int"),
        ({"label": "x"}, Fields(), "has no field 'text'; it has label"),
        ({"text": "A."}, Fields(label="stance"), "has no field 'stance'; it has text"),
        ({"text": "A.", "label": {"a": 1}}, Fields(), "holds dict as its label"),
        ({"text": "A.", "label": "x", "date": "31.5.2021"}, Fields(), "has '31.5.2021' as its date"),
        ({"text": "A.", "label": "x", "date": "2021-02-30"}, Fields(), "which no calendar has"),
        ('{"text": "\\ud800", "label": "x"}', Fields(), "half a character"),
        ({"text": "A.", "label": ""}, Fields(), "has no label"),
        ({"text": "A."}, Fields(), "has no label"),
        ({"text": " ", "label": "x"}, Fields(), "has no text"),
    ],
)
def test_bad_rows_are_refused_with_file_and_line(tmp_path, record, fields, told):
    good = {"text": "Good.", "label": "x", "stance": "x"}
    path = put(tmp_path / "a.jsonl", good, "", record)
    with pytest.raises(CorpusError) as caught:
        list(read_labelled(path, fields))
    assert caught.value.message.startswith(f"{path}: line 3 ")
    assert told in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code == 5


def test_bytes_of_another_encoding_cost_one_row_and_not_the_file(tmp_path):
    for name, rows in {
        "a.jsonl": [b'{"text": "A", "label": "x"}', '{"text": "café", "label": "x"}'.encode("latin-1"), b'{"text": "B", "label": "x"}'],
        "a.csv": [b"text,label", b"A,x", "café,x".encode("latin-1"), b"B,x"],
    }.items():
        path = tmp_path / name
        path.write_bytes(b"\n".join(rows))
        found = list(iterate_rows(path))
        assert [type(row) is BadRow for row in found] == [False, True, False], name
        assert found[1].line == len(rows) - 1
        assert "UTF-8" in found[1].problem
        assert [row.text for row in read_labelled(path, Fields(encoding="latin-1"))] == ["A", "café", "B"]


def test_rows_of_csv_with_too_few_values_and_texts_over_several_lines(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('text,label\n"one\ntwo",x\nalone\nthree,x\n')
    found = list(iterate_rows(path))
    assert [row.line for row in found] == [2, 4, 5]
    assert found[0].text == "one\ntwo"
    assert found[1].problem == "has 1 values for 2 columns"


@pytest.mark.parametrize(
    ("name", "content", "told", "code"),
    [
        ("none.csv", None, "there is no such file", 1),
        ("a.bin", b"\x00\x01", "its kind is not known", 5),
        ("a.parquet", b"PAR1 and no more", "is a broken Parquet file", 5),
        ("a.xlsx", b"PK\x03\x04 and no more", "is no XLSX file that can be read", 5),
        ("b.xlsx", b"text,label\n", "is no XLSX file", 5),
        ("a.json", b'[{"text": "A", "label": "x"}', "ends too early", 5),
        ("b.json", b'[{"text": "A", "label": "x"} {"text"', "a comma or ] is missing", 5),
        ("a.jsonl", b"", "holds no rows", 5),
        ("a.csv", b"text,label\n", "holds no rows", 5),
        ("b.csv", b"text,label,text\nA,x,B\n", "names the column 'text' twice", 5),
    ],
)
def test_files_that_are_no_corpus(tmp_path, name, content, told, code):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CorpusError) as caught:
        list(read_labelled(path))
    assert str(path) in caught.value.message
    assert told in caught.value.message
    assert caught.value.exit_code == code


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read(tmp_path, monkeypatch):
    import zipfile

    monkeypatch.setattr("classifier.learning.labelled.sheet.LARGEST_BOOK", 20_000_000)

    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
        for _ in range(21):
            part.write(bytes(1_000_000))
    assert path.stat().st_size < 50_000
    with pytest.raises(CorpusError, match="unpacks to more than"):
        list(read_labelled(path))


def task(*annotations, **data):
    return {"id": 9, "data": {"text": "A.", **data}, "annotations": list(annotations), "predictions": []}


def chosen(label, by=1, **more):
    result = [{"type": "choices", "from_name": "s", "to_name": "t", "value": {"choices": [label]}}] if label else []
    return {"id": 5, "completed_by": by, "result": result, **more}


@pytest.mark.parametrize(
    ("record", "shape", "label", "annotators", "reason"),
    [
        ({"id": 1, "text": "A.", "label": ["x"]}, "doccano", "x", {}, "doccano's list of one"),
        ({"id": 1, "text": "A.", "label": []}, "doccano", None, {}, "not labelled yet"),
        ({"id": 1, "text": "A.", "labels": ["x"], "meta": {"date": "2021-01-01"}}, "doccano", "x", {}, "older exports"),
        (task(chosen("x")), "label-studio", "x", {"1": "x"}, "one annotator"),
        (task(chosen("x", 1), chosen("y", 2), chosen("x", 3)), "label-studio", "x", {"1": "x", "2": "y", "3": "x"}, "most of them"),
        (task(chosen("x", 1), chosen("y", 2)), "label-studio", None, {"1": "x", "2": "y"}, "a tie is no label"),
        (task(chosen("x", 1), chosen("y", 2), chosen("y", None, ground_truth=True)), "label-studio", "y", {"1": "x", "2": "y"}, "truth"),
        (task(chosen("x", 1), chosen("y", 2, was_cancelled=True)), "label-studio", "x", {"1": "x"}, "skipped by an annotator"),
        (task(chosen("x", {"id": 3, "email": "a@example.org"})), "label-studio", "x", {"a@example.org": "x"}, "named by mail"),
        (task(), "label-studio", None, {}, "not labelled yet"),
        ({"text": "A.", "label": "x", "answer": "accept", "_input_hash": 4}, "prodigy", "x", {}, "one label, accepted"),
        ({"text": "A.", "label": "x", "answer": "reject"}, "prodigy", None, {}, "rejected: which class it is remains unknown"),
        ({"text": "A.", "options": [{"id": "x"}], "accept": ["x"], "answer": "accept"}, "prodigy", "x", {}, "an accepted option"),
        ({"text": "A.", "options": [], "accept": [], "answer": "ignore"}, "prodigy", None, {}, "ignored"),
        ({"text": "A.", "label": "x", "answer": "accept", "_annotator_id": "d-ann"}, "prodigy", "x", {"d-ann": "x"}, "a session"),
        (
            {"text": "A.", "label": "x", "annotator_a": "x", "rater_2": "y", "annotator_id": 5},
            "plain",
            "x",
            {"a": "x", "rater_2": "y"},
            "columns",
        ),
    ],
)
def test_exports_are_recognised_by_their_shape(tmp_path, record, shape, label, annotators, reason):
    path = put(tmp_path / "a.jsonl", record)
    assert read_shape(path).name == shape
    [row] = read_labelled(path, unlabelled="keep")
    assert (row.label or None, dict(row.annotators)) == (label, annotators), reason
    assert len(list(read_labelled(path))) == (label is not None), "what nobody has labelled yet is passed over"


@pytest.mark.parametrize(
    ("first", "record", "told"),
    [
        ({"text": "A.", "label": ["x"]}, {"text": "A.", "label": ["x", "y"]}, "has 2 labels"),
        ({"text": "A.", "label": ["x"]}, {"text": "A.", "label": [[0, 1, "x"]]}, "labels parts of its text"),
        ({"text": "A.", "label": ["x"]}, {"text": "A.", "label": "x"}, "no list of labels"),
        (task(chosen("x")), {"data": 5}, "no data and annotations"),
        (task(chosen("x")), task({"result": [{"type": "labels", "value": {}}]}), "labels parts of its text"),
        (task(chosen("x")), task({"result": ["x"]}), "is no row of label-studio"),
        ({"text": "A.", "answer": "ignore"}, {"text": "A.", "answer": "accept", "accept": ["x", "y"]}, "2 accepted options"),
        ({"text": "A.", "answer": "ignore"}, {"text": "A."}, "has no answer"),
    ],
)
def test_rows_that_do_not_fit_their_export(tmp_path, first, record, told):
    path = put(tmp_path / "a.jsonl", first, record)
    assert told in list(iterate_rows(path))[1].problem


def test_a_long_array_is_read_in_pieces_with_the_right_lines(tmp_path):
    rows = [{"text": "é" * 40_000 + str(n), "label": "x"} for n in range(12)]
    path = tmp_path / "a.json"
    path.write_text("[" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]", encoding="utf-8")
    found = list(read_labelled(path))
    assert [row.text for row in found] == [row["text"] for row in rows]
    assert [row.line for row in found] == list(range(1, 13))


def test_the_given_data_are_read(given_data):
    rows = list(read_labelled(given_data / "sentences.jsonl"))
    assert len(rows) == 3560
    assert rows[0].group == rows[0].id.rpartition("-")[0]
    assert set(rows[0].annotators) == {"a", "b"}
