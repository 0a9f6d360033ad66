"""What a row holds: the same as `nac score`, in the columns that the schema names."""

import csv
import io
import json
from types import SimpleNamespace

import jsonschema
import pyarrow.parquet
import pytest

from classifier import load_model, score, score_many
from classifier.batch.rows import RowMaker, class_columns
from classifier.desk.batch.formats import encode_csv
from classifier.desk.record import SCHEMAS
from tests.batch.conftest import CALM, DRY, FIRM, batch, make_rows, nac, read_jsonl, text_of, write_rows
from tests.desk.made import make_scored

COLUMNS = [
    *("id", "date", "unit", "start", "end", "verdict", "stance", "probability", "interval_low", "interval_high", "index"),
    *("hawkish", "cautious", "neutral", "n_sentences", "top_cues", "signals", "model", "error"),
]
CUELESS = SimpleNamespace(names=(), weights=(), scale=())  # the part of a model of texts that knows no cue
VALID = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "batch.json").read_text(encoding="utf-8")))


def test_a_release_has_the_score_of_nac_score_to_the_last_bit():
    texts = [text_of(i) for i in range(8)]
    for text, row in zip(texts, score_many(texts), strict=True):
        alone = score(text)
        assert list(row) == COLUMNS
        assert (row["verdict"], row["probability"], row["index"]) == (alone.verdict, alone.probability, alone.index)
        assert (row["interval_low"], row["interval_high"]) == alone.interval
        assert {name: row[name] for name in alone.probabilities} == alone.probabilities
        assert row["neutral"] == 1 - alone.stance_probability
        assert (row["start"], row["end"], row["n_sentences"]) == (0, len(text), len(alone.sentences))


def test_sentences_and_paragraphs_are_those_of_the_score():
    text = f"{FIRM} {CALM}\n\n{DRY}"
    alone = score(text)
    sentences = list(score_many([text], unit="sentence"))
    assert [(r["start"], r["end"], r["stance"]) for r in sentences] == [(s.start, s.end, s.stance) for s in alone.sentences]
    assert [{c: r[c] for c in ("hawkish", "cautious", "neutral")} for r in sentences] == [dict(s.probabilities) for s in alone.sentences]
    paragraphs = list(score_many([text], unit="paragraph"))
    assert [(r["start"], r["end"], r["probability"]) for r in paragraphs] == [(p.start, p.end, p.probability) for p in alone.paragraphs]
    assert [r["n_sentences"] for r in paragraphs] == [2, 1]
    for row in sentences + paragraphs:
        assert row["interval_low"] is None
    for row in sentences:
        assert row["verdict"] == ("no stance" if row["stance"] == "neutral" else row["stance"])


def test_cues_and_signals_are_those_of_the_unit():
    rows = list(score_many([f"{FIRM} {CALM}"], unit="sentence"))
    whole = next(iter(score_many([f"{FIRM} {CALM}"])))
    assert set(whole["top_cues"]) <= set(rows[0]["top_cues"]) | set(rows[1]["top_cues"])
    assert len(whole["top_cues"]) == 5
    assert not set(rows[0]["top_cues"]) & set(rows[1]["top_cues"])
    assert "contact" in rows[1]["signals"]
    assert "contact" not in rows[0]["signals"]


@pytest.mark.parametrize("unit", ["release", "paragraph", "sentence"])
def test_every_row_keeps_to_the_schema(tmp_path, unit):
    given = write_rows(
        tmp_path / "in.jsonl", *make_rows(6), "{broken", {"text": ""}, {"id": "x", "text": "Bonjour à tous et à toutes " * 9}
    )
    out = tmp_path / "out.jsonl"
    batch(given, "--out", out, "--unit", unit, "--keep", "country", code=1)
    rows = read_jsonl(out)
    for row in rows:
        VALID.validate(row)
        assert list(row) == [*COLUMNS, "country"]
    assert [row["error"].split(":")[0] for row in rows if row["error"]] == ["malformed", "unreadable", "not_english"]


def test_the_schema_refuses_what_no_row_may_be():
    row = next(iter(score_many([FIRM])))
    for wrong in ({"probability": 2}, {"unit": "page"}, {"error": "it failed"}, {"verdict": None}, {"start": -1}):
        assert list(VALID.iter_errors(row | wrong)), wrong


def test_the_schema_can_be_asked_for():
    assert json.loads(nac("schema", "batch").stdout)["title"].startswith("A row of `nac batch`")


def test_all_formats_say_the_same(tmp_path):
    given = write_rows(tmp_path / "in.jsonl", *make_rows(7), "{broken")
    outs = [tmp_path / f"out{suffix}" for suffix in (".jsonl", ".csv", ".parquet")]
    for out in outs:
        batch(given, "--out", out, "--keep", "country", "--chunk-mb", "0.001", code=1)
    rows = read_jsonl(outs[0])
    cells = list(csv.DictReader(io.StringIO(outs[1].read_text(encoding="utf-8"))))
    columns = pyarrow.parquet.read_table(outs[2]).to_pylist()
    for row, cell, column in zip(rows, cells, columns, strict=True):
        assert {**column, "signals": dict(column["signals"])} == row
        assert list(cell) == list(row)
        assert cell["probability"] == ("" if row["probability"] is None else repr(row["probability"]))
        assert cell["top_cues"] == "; ".join(row["top_cues"])


@pytest.mark.parametrize(
    ("id", "cell", "why"),
    [
        ("=1+1", "'=1+1", "a formula"),
        ("@SUM(A1)", "'@SUM(A1)", "a formula of another program"),
        ("-2", "'-2", "text of others that begins like one"),
        ("a\x00b", "ab", "NUL would cut the cell off"),
        ('a,b\n"c"', 'a,b\n"c"', "separators are quoted"),
    ],
)
def test_cells_are_no_formulas(id, cell, why):
    line = encode_csv([{"id": id, "index": -0.5}]).decode()
    assert next(csv.reader(io.StringIO(line))) == [cell, "-0.5"], why


def test_classes_name_their_columns_and_none_is_lost():
    assert list(class_columns(("cautious", "hawkish", "neutral"), ("hawkish", "cautious"))) == ["hawkish", "cautious", "neutral"]
    assert class_columns(("up", "model", "error"), None) == {"up": "up", "model": "class_model", "error": "class_error"}
    assert load_model().classes  # the shipped one has classes of its own


@pytest.mark.parametrize("unit", ["release", "paragraph", "sentence"])
def test_a_model_of_other_classes_has_columns_of_its_own(unit):
    classes = ("buy", "hold", "model")
    model = SimpleNamespace(name="other", version="2", classes=classes, poles=None, neutral=None, text=CUELESS)
    scored = make_scored("buy", classes=classes)
    rows = list(RowMaker(model, unit).scored(scored.release, scored.result, ()))
    assert len(rows) == (1 if unit == "release" else 2)
    for row in rows:
        VALID.validate(row)
        assert [row[name] for name in ("buy", "hold", "class_model")] == [1 / 3] * 3
        assert (row["probability"], row["index"], row["interval_low"]) == (None, None, None)
        assert row["verdict"] in classes


def test_a_model_may_give_sentences_classes_that_texts_do_not_have():
    part = SimpleNamespace(classes=("firm", "calm"))
    model = SimpleNamespace(
        name="other", version="2", classes=("up", "down"), poles=("up", "down"), neutral=None, sentence=part, text=CUELESS
    )
    scored = make_scored("up", classes=("firm", "calm"))
    columns = RowMaker(model, "sentence").columns
    assert columns[columns.index("index") + 1 : columns.index("n_sentences")] == ("up", "down", "firm", "calm")
    row = next(RowMaker(model, "sentence").scored(scored.release, scored.result, ()))
    assert (row["up"], row["firm"], row["probability"], row["index"]) == (None, 0.87, None, None)
