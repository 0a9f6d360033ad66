"""Whatever stands in a file, the reader gives rows, names the bad ones, or refuses the file: never another error."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier.learning.labelled.read import iterate_rows
from classifier.learning.labelled.row import BadRow, CorpusError, LabelledText

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    ["id", "text", "label", "labels", "data", "annotations", "answer", "accept", "meta", "date", "split", "annotator", "spans"]
)


def read_all(path):
    try:
        return list(iterate_rows(path, keep=True))
    except CorpusError as error:
        assert str(path) in error.message and error.hint
        return []


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".csv", ".tsv", ".parquet", ".xlsx", ".txt"])
def test_any_bytes(tmp_path_factory, suffix):
    path = tmp_path_factory.mktemp("bytes") / f"a{suffix}"

    @settings(max_examples=80, deadline=None)
    @given(st.binary(max_size=200) | st.text('[]{}:,"\\\n\t; abtextlabel01', max_size=80).map(str.encode))
    @example(b"PAR1" + bytes(40) + b"PAR1")
    @example(b"PK\x03\x04" + bytes(40))
    @example(b"\xff\xfea\x00")
    @example(b"\xff\xfe\x00")
    @example(b'{"a":' * 3_000)
    @example(b"[" * 100_000)
    @example(b'text,label\n"a')
    @example(b"text,label\n\x00,x\n")
    def holds(content):
        path.write_bytes(content)
        assert all(isinstance(row, LabelledText | BadRow) for row in read_all(path))

    holds()


def test_any_records_in_any_shape(tmp_path_factory):
    path = tmp_path_factory.mktemp("records") / "a.jsonl"

    @settings(max_examples=300, deadline=None)
    @given(st.lists(st.dictionaries(NAMES, JSON, max_size=6), min_size=1, max_size=3))
    @example([{"data": {"text": "a"}, "annotations": [{"result": [{"type": "choices", "value": None}]}]}])
    @example([{"text": "a", "answer": "accept", "accept": {"x": 1}}])
    @example([{"text": "a", "answer": "accept", "accept": [], "meta": {"annotators": {"a": None}}}])
    @example([{"text": "a", "label": ["x"], "meta": {"date": []}}])
    def holds(records):
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        rows = read_all(path)
        assert len(rows) == len(records), "each record is a row or a bad row"
        for row in rows:
            if isinstance(row, LabelledText):
                assert all(isinstance(value, str) for value in (row.id, row.text, row.label, *row.annotators.values()))

    holds()
