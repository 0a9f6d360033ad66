"""Tables of texts: every row gives a release or an error, and the run goes on."""

import io
import json

import pytest

from scraper import rows
from scraper.errors import Malformed, ReadError, ScraperError, Unsupported
from scraper.read import read_rows
from scraper.release import Release


def collect(data, **given):
    stream = io.BytesIO(data) if isinstance(data, bytes) else io.StringIO(data)
    return list(read_rows(stream, **given))


def outcomes(data, **given):
    return [got.text if isinstance(got, Release) else type(got).__name__ for got in collect(data, **given)]


class TestJsonLines:
    def test_fields_by_name(self):
        row = {
            "text": "We act.",
            "id": 7,
            "title": "T",
            "date": "2023-05-04",
            "url": "http://nato.int/x?selectedLocale=en",
        }
        (release,) = collect(json.dumps(row).encode())
        assert (release.id, release.text, release.title, release.date) == ("7", "We act.", "T", "2023-05-04")
        assert (release.date_source, release.url) == ("row", "https://www.nato.int/x")
        assert (release.provenance.layout, release.provenance.source) == ("row", "rows:1")

    @pytest.mark.parametrize("name", ["text", "body", "content", "Text", " BODY "])
    def test_names_of_the_text(self, name):
        assert outcomes(json.dumps({name: "We act."})) == ["We act."]

    @pytest.mark.parametrize(("name", "attribute"), [("headline", "title"), ("published", "date"), ("link", "url")])
    def test_other_names(self, name, attribute):
        value = {"title": "T", "date": "2023-05-04", "url": "https://x.example/y"}[attribute]
        (release,) = collect(json.dumps({"text": "We act.", name: value}))
        assert getattr(release, attribute) == value

    def test_given_names_go_first(self):
        row = json.dumps({"text": "No.", "id": "no", "statement": "We act.", "key": "yes"})
        (release,) = collect(row, text_field="statement", id_field="key")
        assert (release.id, release.text) == ("yes", "We act.")

    @pytest.mark.parametrize(
        ("row", "expected"),
        [
            ({"text": "We act."}, "rows:3"),
            ({"text": "We act.", "url": "http://nato.int/x#y"}, "https://www.nato.int/x"),
            ({"text": "We act.", "url": "not an address"}, "not an address"),
            ({"text": "We act.", "id": ""}, "rows:3"),
            ({"text": "We act.", "id": {"a": 1}}, "rows:3"),
        ],
    )
    def test_id_of_a_row_without_one(self, row, expected):
        (release,) = collect("\n\n" + json.dumps(row))
        assert release.id == expected

    @pytest.mark.parametrize(
        ("line", "words", "reason"),
        [
            (b"{broken", "line 2 is no JSON", "cut"),
            (b"[1, 2]", "line 2 is no JSON object", "an array"),
            (b'"words"', "line 2 is no JSON object", "a string"),
            (b'{"a": "b"}', "line 2 has no field text, body or content; it has a", "no text"),
            (b"{}", "it has none", "no field at all"),
            (b'{"text": 3}', "line 2 holds no words as its text but int", "a number"),
            (b'{"text": null}', "line 2 has no field", "null"),
            (b'{"text": "caf\xe9"}', "line 2 is not UTF-8", "Windows-1252"),
            (b'{"text": "We \\ud800 act."}', "lone surrogate", "half of a pair"),
            (b'{"text": "We act.", "id": "\\udfff"}', "of the id is half of a pair", "half of a pair in a name"),
            (b'{"text": "  "}', "no usable text", "blank"),
            (b'{"text": ' + b"[" * 100_000, "line 2 is no JSON that can be read", "nested beyond the parser"),
            (b'{"text": ' + b"1" * 5000 + b"}", "line 2 is no JSON that can be read", "a number beyond the parser"),
        ],
    )
    def test_a_bad_line_gives_one_error_and_the_run_goes_on(self, line, words, reason):
        first, error, last = collect(b'{"text": "One."}\n' + line + b'\n{"text": "Two."}\n')
        assert (first.text, last.text) == ("One.", "Two."), reason
        assert isinstance(error, ReadError)
        assert words in str(error)
        assert error.hint and error.source == "rows:2"

    def test_byte_order_mark_and_carriage_returns(self):
        assert outcomes(b'\xef\xbb\xbf{"text": "One."}\r\n\r\n{"text": "Two."}') == ["One.", "Two."]

    def test_an_array_over_the_whole_file_is_refused_once_with_the_way(self):
        (error,) = collect('[\n{"text": "One."},\n{"text": "Two."}\n]\n')
        assert isinstance(error, Malformed) and "jq" in error.hint

    def test_a_line_too_long_is_passed_over(self, monkeypatch):
        monkeypatch.setattr(rows, "LONGEST_LINE", 40)
        long = json.dumps({"text": "a" * 200})
        assert outcomes(f'{{"text": "One."}}\n{long}\n{{"text": "Two."}}\n') == ["One.", "Malformed", "Two."]

    def test_rows_are_read_as_they_are_asked_for(self):
        def lines():
            yield b'{"text": "One."}\n'
            raise AssertionError("read ahead")

        class Stream:
            def __init__(self):
                self.lines = lines()

            def readline(self, limit):
                return next(self.lines)

        assert next(read_rows(Stream())).text == "One."


class TestCsv:
    def test_quoted_text_over_several_lines(self):
        first, second = collect('id,text\n1,"One,\nand ""on""."\n2,Two.\n')
        assert (first.id, first.text) == ("1", 'One,\nand "on".')
        assert (second.text, second.provenance.source) == ("Two.", "rows:4")

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_separators(self, separator):
        assert outcomes(f"id{separator}text\n1{separator}We act.\n") == ["We act."]

    def test_windows_1252_as_spreadsheets_write_it(self):
        assert outcomes(b"text\nthe Council\x92s caf\xe9\n") == ["the Council’s café"]

    def test_byte_order_mark(self):
        assert outcomes(b"\xef\xbb\xbftext\nWe act.\n") == ["We act."]

    def test_utf16_is_refused_once(self):
        (error,) = collect("text\nWe act.\n".encode("utf-16"))
        assert isinstance(error, Unsupported)

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("1,a,b", "line 2 has 3 values for 2 columns"),
            ("1", "line 2 has 1 values for 2 columns"),
            ('1,"a"b', "line 2 is no row of a table"),
            ("1, ", "no usable text"),
        ],
    )
    def test_a_bad_row_gives_one_error_and_the_run_goes_on(self, line, words):
        error, last = collect(f"id,text\n{line}\n2,Two.\n")
        assert isinstance(error, ReadError) and words in str(error)
        assert last.text == "Two."

    def test_an_open_quotation_does_not_swallow_the_rest_in_silence(self):
        first, error = collect('text\nOne.\n"Two.\nThree.\n')
        assert first.text == "One."
        assert isinstance(error, Malformed) and "line 3" in str(error)

    def test_no_text_column_is_said_once_with_the_columns_there_are(self):
        (error,) = collect("a,b\n1,2\n3,4\n")
        assert "no field text, body or content; it has a, b" in str(error)

    def test_given_field_that_is_not_there(self):
        (error,) = collect("id,text\n1,One.\n", text_field="statement")
        assert "no field 'statement'; it has id, text" in str(error)
        (error,) = collect("id,text\n1,One.\n", id_field="key")
        assert "no field 'key'; it has id, text" in str(error)

    def test_a_large_field_is_read(self):
        text = "word " * 60_000
        assert outcomes(f'text\n"{text}"\n') == [text]

    def test_blank_rows_are_passed_over(self):
        assert outcomes("text\n\nOne.\n\n\nTwo.\n") == ["One.", "Two."]


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.jsonl", '{"text": "We act."}'),
            ("a.ndjson", '{"text": "We act."}'),
            ("a.csv", "text\nWe act."),
            ("a.tsv", "id\ttext\n1\tWe act."),
            ("a.data", "text\nWe act."),
        ],
    )
    def test_file_by_name_or_first_line(self, tmp_path, name, content):
        path = tmp_path / name
        path.write_text(content, "utf-8")
        (release,) = read_rows(path)
        assert release.text == "We act."
        assert release.provenance.source.startswith(f"{path}:")

    def test_missing_file_is_refused_at_once(self, tmp_path):
        with pytest.raises(ReadError, match="no such file"):
            read_rows(tmp_path / "a.csv")

    @pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf", b"id,text\n", b"text"])
    def test_no_rows_is_an_error(self, tmp_path, content):
        path = tmp_path / "a.csv"
        path.write_bytes(content)
        (error,) = read_rows(path)
        assert isinstance(error, ScraperError) and "no rows" in str(error)

    def test_open_file_is_judged_by_its_name(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_text('text\n"{1}"\n"We act."\n', "utf-8")
        with path.open("rb") as stream:
            assert [type(got).__name__ for got in read_rows(stream)] == ["ReadError", "Release"]
