"""Files, standard input and tables: told apart by what is in them, and never read beyond their cap."""

import json
import os
import threading

import pytest

from classifier.desk import sources
from tests.desk.conftest import FIRM, STATEMENT, nac, score_as_json, write_rows

STREAMS = [
    # standard input, texts, why
    (STATEMENT, 1, "a text"),
    (f'{{"text": "{FIRM}"}}\n{{"text": "{FIRM}"}}\n', 2, "rows of JSON"),
    (f'\ufeff\n {{ "text": "{FIRM}"}}\n', 1, "rows after a mark and a blank line"),
    (f"[Constructed] {FIRM}", 1, "a text that begins with a bracket"),
    (f"{{{FIRM}}}", 1, "a text in braces"),
    (f'"{FIRM}"', 1, "a quotation"),
    (f"<html><body><p>{FIRM} {FIRM} {FIRM}</p></body></html>", 1, "a page"),
]


@pytest.mark.parametrize(("stdin", "texts", "why"), STREAMS)
def test_standard_input_is_a_text_a_page_or_rows(stdin, texts, why):
    result = nac("score", "-", "--format", "jsonl", stdin=stdin)
    assert result.exit_code == 0, (why, result.stderr)
    assert len(result.stdout.splitlines()) == texts, why


def test_rows_on_standard_input_are_named_by_their_line():
    result = nac("score", "-", "--format", "jsonl", stdin=f'{{"text": "{FIRM}"}}\n{{broken\n')
    assert [json.loads(line)["source"] for line in result.stdout.splitlines()] == ["-:1", "-:2"]
    assert result.stderr.startswith("nac: -:2: line 2 is no JSON")
    assert result.exit_code == 5


def test_rows_are_known_by_content_where_the_name_says_nothing(tmp_path):
    path = write_rows(tmp_path / "rows.json", {"id": "a", "text": FIRM}, {"id": "b", "text": FIRM})
    assert [record["id"] for record in score_as_json(path)] == ["a", "b"]


def test_a_pipe_that_is_no_file_is_read(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_text(STATEMENT, encoding="utf-8"))
    writer.start()
    record = score_as_json(path)
    writer.join()
    assert record["text"] == STATEMENT


def test_a_file_whose_name_is_no_utf8_is_scored(tmp_path):
    path = os.fsdecode(bytes(tmp_path) + b"/caf\xe9.txt")
    try:
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(STATEMENT)
    except OSError:
        pytest.skip("this file system refuses such names")
    assert score_as_json(path)["source"].endswith("caf\ufffd.txt")


def test_markdown_keeps_its_title_and_date(tmp_path):
    path = tmp_path / "notes.md"
    path.write_text(f"---\ntitle: On the incident\ndate: 2025-09-12\n---\n\n{FIRM}\n", encoding="utf-8")
    record = score_as_json(path)
    assert (record["title"], record["date"], record["date_source"]) == ("On the incident", "2025-09-12", "page")


def test_the_cap_holds_for_bytes_and_for_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST_TEXT", 1000)
    path = tmp_path / "much.txt"
    path.write_text("a " * 501, encoding="utf-8")
    assert nac("score", path).exit_code == 5
    path.write_text("Allies " * 142, encoding="utf-8")
    assert nac("score", path).exit_code == 0
    rows = write_rows(tmp_path / "rows.jsonl", {"id": "long", "text": "Allies " * 200}, {"text": FIRM})
    result = nac("score", rows, "--format", "jsonl")
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["id"], first["error"]["code"], second["verdict"]) == ("long", "too_large", second["verdict"])


def test_an_endless_stream_is_refused_at_the_cap():
    result = nac("score", "/dev/zero")
    assert result.exit_code == 5
    assert "more than 20 MB" in result.stderr


def test_a_line_of_fifty_megabytes_fails_alone(tmp_path):
    path = tmp_path / "rows.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps({"id": "a", "text": FIRM}) + "\n")
        stream.write('{"id": "b", "text": "' + f"{FIRM} " * (50_000_000 // (len(FIRM) + 1)) + '"}\n')
        stream.write(json.dumps({"id": "c", "text": FIRM}) + "\n")
    result = nac("score", path, "--format", "csv")
    assert result.exit_code == 5
    assert "rows.jsonl:2: more than 20 MB of text" in result.stderr
    assert [line.split(",")[1] for line in result.stdout.splitlines()[1:]] == ["a", "b", "c"]


def test_rows_are_written_as_they_are_read(tmp_path, monkeypatch):
    """Memory stays flat because nothing is gathered: the first row is out before the second is read."""
    written = []
    monkeypatch.setattr("classifier.desk.output.Output.write", lambda _, text: written.append(text))
    seen = []

    def rows(stream, **_):
        for release in read_rows(stream):
            seen.append(len(written))
            yield release

    read_rows = sources.read_rows
    monkeypatch.setattr(sources, "read_rows", rows)
    path = write_rows(tmp_path / "rows.jsonl", *[{"text": FIRM}] * 4)
    for form, before in (("jsonl", 0), ("table", 0), ("csv", 1), ("json", 0)):
        written.clear()
        seen.clear()
        nac("score", path, "--format", form)
        assert seen == [0, *(before + number for number in (1, 2, 3))], form
