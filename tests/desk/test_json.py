"""Records: what is in them, that they fit their schema, and in which order and shape they come."""

import json
import math

import jsonschema
import pytest

from classifier.desk.record import SCHEMAS, build_record
from classifier.desk.render_json import lay_out
from classifier.scoring.statement import score
from tests.desk.conftest import FIRM, FRENCH, STATEMENT, nac, score_as_json, write_rows
from tests.desk.made import make_scored

SCHEMA = json.loads((SCHEMAS / "score.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def validator():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    return jsonschema.Draft202012Validator(SCHEMA)


def test_a_single_text_is_one_object_that_holds_all_of_its_score(statement, validator):
    record = score_as_json(statement)
    validator.validate(record)
    result = score(STATEMENT)
    assert record["text"] == STATEMENT
    assert (record["verdict"], record["probability"]) == (result.verdict, result.probability)
    assert (record["id"], record["source"]) == ("statement.txt", str(statement))
    assert len(record["provenance"]["raw_sha256"]) == 64
    assert record["date"] is None and record["date_source"] == "none"
    for part in (*record["sentences"], *record["cues"], *record["reasons"]):
        assert part["text"] == STATEMENT[part["start"] : part["end"]]


def test_contributions_and_intercept_add_up_to_the_probability(statement):
    record = score_as_json(statement)
    total = record["intercept"] + sum(part["value"] for part in record["contributions"])
    assert total == pytest.approx(math.log(record["probability"] / (1 - record["probability"])), abs=1e-9)


def test_several_sources_are_a_list_with_failures_in_their_place(tmp_path, statement, validator):
    french = tmp_path / "french.txt"
    french.write_text(FRENCH, encoding="utf-8")
    result = nac("score", statement, french, "no-such.txt", "--text", FIRM, "--format", "json")
    records = json.loads(result.stdout)
    validator.validate(records)
    assert [record["source"] for record in records] == ["--text", str(statement), str(french), "no-such.txt"]
    assert records[2]["error"]["code"] == "not_english"
    assert records[2]["id"] == "french.txt"
    assert records[3] == {
        "source": "no-such.txt",
        "id": None,
        "error": {"code": "no_such_file", "message": "there is no such file", "hint": "check its name and folder"},
    }
    assert result.exit_code == 1


def test_a_list_may_hold_failures_alone(validator):
    result = nac("score", "a.txt", "b.txt", "--format", "json")
    records = json.loads(result.stdout)
    validator.validate(records)
    assert [record["error"]["code"] for record in records] == ["no_such_file"] * 2
    assert result.exit_code == 1


def test_rows_are_a_list_even_if_there_is_one(tmp_path):
    assert len(score_as_json(write_rows(tmp_path / "rows.jsonl", {"text": FIRM}))) == 1


def test_rows_come_one_a_line_in_order_with_bad_ones_in_their_place(tmp_path, validator):
    rows = [{"id": f"r{number}", "text": f"{FIRM} Number {number}."} for number in range(30)]
    path = write_rows(tmp_path / "rows.jsonl", *rows[:10], "{broken", '"text"', {"id": "x"}, {"text": ""}, *rows[10:])
    result = nac("score", path, "--format", "jsonl")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    for record in records:
        validator.validate(record)
    assert [record["id"] for record in records if "error" not in record] == [row["id"] for row in rows]
    failed = [(number, record["source"]) for number, record in enumerate(records) if "error" in record]
    assert failed == [(number, f"{path}:{number + 1}") for number in (10, 11, 12, 13)]
    assert result.exit_code == 5
    assert len(result.stderr.splitlines()) == 4


def test_fields_of_rows_may_be_named(tmp_path):
    path = tmp_path / "rows.tsv"
    path.write_text(f"key\twords\tdate\turl\nk1\t{FIRM}\t2025-09-10\thttps://example.org/a\n", encoding="utf-8")
    (record,) = score_as_json(path, "--text-field", "words", "--id-field", "key")
    assert (record["id"], record["date"], record["date_source"]) == ("k1", "2025-09-10", "row")
    assert record["url"] == "https://example.org/a"


def test_a_single_failure_leaves_standard_output_empty():
    for form in ("json", "jsonl", "csv", "html", "table"):
        assert nac("score", "no-such.txt", "--format", form).stdout == "", form


def test_controls_are_escaped_and_come_back(validator):
    text = "Allies\x9b31m will \u202erespond\u2028 to \x1b[2J any attack \x7f."
    result = nac("score", "--text", text, "--format", "json")
    assert not set("\x9b\u202e\u2028\x1b\x7f") & set(result.stdout)
    record = json.loads(result.stdout)
    validator.validate(record)
    assert record["text"] == text


def test_records_of_made_scores_fit_the_schema(validator):
    for scored in (make_scored("hawkish"), make_scored("no stance"), make_scored("b", classes=("a", "b", "c"))):
        record = build_record(scored)
        validator.validate(record)
        assert json.loads(lay_out(record)) == record


def test_the_schema_names_exactly_the_fields_of_a_record():
    definition = SCHEMA["$defs"]["score"]
    record = build_record(make_scored("hawkish"))
    assert list(record) == definition["required"] == list(definition["properties"])


def test_the_schema_is_printed():
    result = nac("schema", "score")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == SCHEMA
    assert nac("schema", "nothing").exit_code == 2


def test_text_and_file_and_standard_input_agree(statement):
    by_file = score_as_json(statement)
    by_text = score_as_json("--text", STATEMENT)
    by_stdin = score_as_json("-", stdin=STATEMENT.encode())
    for field in ("text", "verdict", "probability", "interval", "sentences", "cues", "signals", "contributions"):
        assert by_file[field] == by_text[field] == by_stdin[field], field
    assert by_stdin["source"] == "-"
    assert by_stdin["id"] == by_text["id"] and by_stdin["id"].startswith("sha256:")
