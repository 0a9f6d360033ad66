"""What is read can be written again: in its own shape without any loss, in every other with all that a labelled text has."""

import csv
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.learning.labelled.read import read_labelled
from classifier.learning.labelled.row import CorpusError, LabelledText
from classifier.learning.labelled.write import write_labelled
from tests.corpus.test_labelled_reading import chosen, put, task

TARGETS = {
    "jsonl": ".jsonl",
    "csv": ".csv",
    "tsv": ".tsv",
    "parquet": ".parquet",
    "xlsx": ".xlsx",
    "doccano": ".jsonl",
    "label-studio": ".json",
    "prodigy": ".jsonl",
}
letters = st.characters(exclude_categories=("Cs",))
words = st.text(letters, min_size=1, max_size=40).filter(str.strip)
names = st.text(st.characters(categories=("Ll", "Nd"), max_codepoint=0x17F), min_size=1, max_size=8).filter(
    lambda n: n not in ("id", "ids", "count", "agreement")
)
rows = st.builds(
    LabelledText,
    id=words,
    text=words,
    label=words,
    group=st.none() | words,
    date=st.none() | st.dates().map(str),
    split=st.none() | st.sampled_from(["train", "dev", "test"]),
    annotators=st.dictionaries(names, words, max_size=3),
)


def there_and_back(texts, folder, target):
    path = folder / f"there{TARGETS[target]}"
    assert write_labelled(lambda: iter(texts), path, target) == len(texts)
    return list(read_labelled(path, unlabelled="keep"))


@pytest.mark.parametrize("target", TARGETS)
def test_a_labelled_text_survives_every_shape(tmp_path_factory, target):
    folder = tmp_path_factory.mktemp("there")

    @settings(max_examples=60, deadline=None)
    @given(st.lists(rows, min_size=1, max_size=4))
    def survives(texts):
        try:
            found = there_and_back(texts, folder, target)
        except CorpusError as error:
            assert target == "xlsx" and "control character" in error.message
            return
        for row, before in zip(found, texts, strict=True):
            for name in ("id", "text", "label", "group", "date", "split", "annotators"):
                assert getattr(row, name) == getattr(before, name), name

    survives()


RECORDS = {
    "jsonl": [
        {"uid": 5, "Sentence": "A.", "Class": 1, "more": {"deep": [1, None]}, "date": "2021-05-31T10:00"},
        {"uid": 6, "Sentence": "B.", "Class": None, "nothing": None},
    ],
    "doccano": [
        {"id": 1, "text": "A.", "label": ["x"], "Comments": [], "source": "s"},
        {"id": 2, "text": "B.", "label": [], "meta": {"a": [1]}},
    ],
    "label-studio": [
        {**task(chosen("x", 1, lead_time=1.5), chosen("y", 2, was_cancelled=True), source="s"), "meta": {"k": 1}, "total": 2},
        task(chosen(None)),
        task(),
    ],
    "prodigy": [
        {"text": "A.", "options": [{"id": "x", "text": "X"}], "accept": ["x"], "answer": "accept", "_input_hash": -5, "_task_hash": 8},
        {"text": "B.", "label": "x", "answer": "reject", "meta": {"score": 0.5, "source": "s"}, "_timestamp": 1},
        {"text": "C.", "answer": "ignore", "config": {"choice_style": "single"}},
    ],
}


@pytest.mark.parametrize("target", RECORDS)
def test_an_export_is_written_back_as_it_stood(tmp_path, target):
    path = put(tmp_path / "a.jsonl", *RECORDS[target])
    back = tmp_path / f"b{TARGETS[target]}"
    write_labelled(lambda: read_labelled(path, unlabelled="keep", keep=True), back, target)
    text = back.read_text(encoding="utf-8")
    assert (json.loads(text) if back.suffix == ".json" else [json.loads(line) for line in text.splitlines()]) == RECORDS[target]


@pytest.mark.parametrize("first", RECORDS)
@pytest.mark.parametrize("second", TARGETS)
def test_further_fields_go_along_from_tool_to_tool(tmp_path, first, second):
    path = put(tmp_path / "a.jsonl", *RECORDS[first])
    there = tmp_path / f"there{TARGETS[second]}"
    write_labelled(lambda: read_labelled(path, unlabelled="keep", keep=True), there, second)
    before = list(read_labelled(path, unlabelled="keep", keep=True))
    after = list(read_labelled(there, unlabelled="keep", keep=True))
    assert [(r.id, r.text, r.label, r.date, r.annotators) for r in after] == [(r.id, r.text, r.label, r.date, r.annotators) for r in before]
    carried = {name for row in before for name in row.kept.rest}
    assert carried <= {name for row in after for name in row.kept.rest}


def test_a_row_that_was_changed_is_not_written_as_it_stood(tmp_path):
    from dataclasses import replace

    path = put(tmp_path / "a.jsonl", {"id": 1, "text": "A.", "label": ["x"], "source": "s"})
    [row] = read_labelled(path, keep=True)
    [after] = there_and_back([replace(row, label="y")], tmp_path, "doccano")
    assert after.label == "y"


def test_a_broken_run_leaves_the_old_file_and_nothing_else(tmp_path):
    path = put(tmp_path / "a.csv", "old")

    def breaks():
        yield LabelledText("1", "A.", "x")
        raise CorpusError("broken")

    with pytest.raises(CorpusError, match="broken"):
        write_labelled(breaks, path, "csv")
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
    assert path.read_text() == "old\n"


def test_csv_is_what_other_readers_take_it_for(tmp_path):
    text = 'a "quoted", comma\r\nand lines\n'
    write_labelled(lambda: [LabelledText("1", text, "x")], tmp_path / "a.csv", "csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as stream:
        assert list(csv.DictReader(stream)) == [{"id": "1", "text": text, "label": "x"}]


def test_a_cell_of_xlsx_is_never_a_formula_and_never_cut(tmp_path):
    import openpyxl

    write_labelled(lambda: [LabelledText("1", "=1+1", "x")], tmp_path / "a.xlsx", "xlsx")
    cells = list(openpyxl.load_workbook(tmp_path / "a.xlsx").active)[1]
    assert [cell.data_type for cell in cells] == ["s", "s", "s"]
    with pytest.raises(CorpusError, match="longer than a cell"):
        write_labelled(lambda: [LabelledText("1", "x" * 32_768, "x")], tmp_path / "b.xlsx", "xlsx")
