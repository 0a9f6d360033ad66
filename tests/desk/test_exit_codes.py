"""What the command answers with and says, for every way in which a source can fail."""

import os
from pathlib import Path

import pytest

from tests.desk.conftest import FRENCH, STATEMENT, nac, write_rows

SOURCES = [
    # name, content, exit code, words on standard error, why
    ("good.txt", STATEMENT.encode(), 0, "", "a statement"),
    ("one.txt", b"Allies will respond.", 0, "", "a single sentence is a text"),
    ("latin.txt", "Allies condemned the attack on the caf\xe9.".encode("latin-1"), 0, "", "not UTF-8, but text"),
    ("utf16.txt", STATEMENT.encode("utf-16"), 0, "", "UTF-16 with its mark"),
    ("crlf.txt", STATEMENT.replace("\n", "\r\n").encode(), 0, "", "line ends of another system"),
    ("notes.md", b"# Statement\n\n- Allies will respond to any attack.\n", 0, "", "Markdown"),
    ("empty.txt", b"", 5, "no usable text", "nothing in it"),
    ("blank.txt", b" \n\t\n", 5, "no usable text", "white space alone"),
    ("marks.txt", b"--- *** ...", 5, "no usable text", "no letter in it"),
    ("picture.txt", bytes(range(256)) * 20, 5, "no text", "binary"),
    ("page.pdf", b"%PDF-1.7 ...", 5, "PDF", "a PDF, with what to do"),
    ("letter.docx", b"PK\x03\x04....", 5, "DOCX", "an archive, with what to do"),
    ("french.txt", FRENCH.encode(), 5, "the text is in French", "not English, and the language named"),
    ("feed.xml", b"<?xml version='1.0'?><rss><channel/></rss>", 5, "feed", "a list of pages is none"),
    ("empty.html", b"", 5, "page is empty", "a page without anything"),
    ("table.csv", b"id,words\n1,Allies will respond.\n", 5, "no field text, body or content", "no column of texts"),
    ("rows.jsonl", b"", 5, "holds no rows", "no row at all"),
    ("broken.jsonl", b'{"text": "Allies', 5, "line 1 is no JSON", "a malformed row"),
    ("array.json", b'[{"text": "Allies will respond."}]', 5, "jq -c", "one value over the whole file"),
    ("much.txt", b"Allies will respond. " * 1_000_000, 5, "more than 20 MB", "above the cap"),
]


@pytest.mark.parametrize(("name", "content", "code", "words", "why"), SOURCES, ids=[row[0] for row in SOURCES])
def test_each_kind_of_source_has_its_exit_code(tmp_path, name, content, code, words, why):
    path = tmp_path / name
    path.write_bytes(content)
    result = nac("score", path, "--format", "csv")
    assert result.exit_code == code, (why, result.stderr)
    assert words in result.stderr, why
    lines = result.stderr.splitlines()
    if not code:
        assert (lines, result.stdout.count("\n")) == ([], 2), why
        return
    assert len(lines) == 1, why
    assert lines[0].startswith(f"nac: {path}"), why
    assert lines[0].endswith("."), "message and hint are sentences"
    assert "Traceback" not in result.stderr
    if not name.endswith(("jsonl", "csv", "json")):
        assert result.stdout == "", "a single source that fails leaves standard output empty"


USAGE = [
    # arguments, exit code, words on standard error, why
    ((), 2, "no source given", "nothing to score"),
    (("-", "-"), 2, "only once", "standard input ends after the first time"),
    (("x.txt", "--pace", "-1"), 2, "--pace", "time does not run backwards"),
    (("x.txt", "--pace", "nan"), 2, "--pace", "no number"),
    (("x.txt", "--pace", "inf"), 2, "--pace", "for ever"),
    (("x.txt", "--frmat", "csv"), 2, "--frmat", "unknown option"),
    (("x.txt", "--format", "xml"), 2, "xml", "unknown format"),
    (("no-such-file.txt",), 1, "there is no such file. Check its name", "a missing file"),
    (("www.nato.int/statement",), 1, "An address begins with https://", "an address without its scheme"),
    (("Allies will respond.",), 1, "A text is given with --text", "a text in place of a source"),
    (("a" * 5000,), 1, "cannot be read (File name too long)", "a name the system refuses"),
    (("--text", ""), 5, "no usable text", "an empty text"),
    (("--text", "Allies \udcff respond"), 5, "half of a pair", "an argument that is no UTF-8"),
    (("--text", "Allies will respond.", "--model", "no-such-model"), 4, "there is no model", "an unknown model"),
    (("--text", "Allies will respond.", "--model", "/no/such/folder"), 4, "there is no model", "an unknown folder"),
    (("--text", "Allies will respond."), 0, "", "a text alone"),
]


@pytest.mark.parametrize(("arguments", "code", "words", "why"), USAGE)
def test_arguments_have_their_exit_code(arguments, code, words, why):
    result = nac("score", *arguments)
    assert result.exit_code == code, (why, result.stderr)
    assert words in result.stderr, why
    assert "Traceback" not in result.stderr


def test_a_folder_is_refused(tmp_path):
    result = nac("score", tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"nac: {tmp_path}: this is a folder. Give the files in it, for example with FOLDER/*.txt.\n"


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    path = tmp_path / "secret.txt"
    path.write_text(STATEMENT)
    opened = Path.open

    def refuse(self, *arguments, **options):
        if self == path:
            raise PermissionError(13, os.strerror(13))
        return opened(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)  # permissions do not bind the administrator who may run this
    result = nac("score", path)
    assert result.exit_code == 1
    assert result.stderr == f"nac: {path}: cannot be read (Permission denied). Check its name and permissions.\n"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens and cannot be read")
def test_a_file_that_fails_while_it_is_read_is_named():
    result = nac("score", "/proc/self/mem")
    assert result.exit_code == 1
    assert "/proc/self/mem: cannot be read (Input/output error)" in result.stderr


def test_a_run_goes_on_after_a_failure_and_answers_with_its_code(tmp_path, statement):
    empty = tmp_path / "empty.txt"
    empty.touch()
    result = nac("score", empty, statement, "--format", "csv")
    assert result.exit_code == 5, "one kind of failure: its own code"
    assert [line.split(",")[0] for line in result.stdout.splitlines()[1:]] == [str(empty), str(statement)]


def test_failures_of_several_kinds_answer_with_1_and_are_all_named(tmp_path, statement):
    empty = tmp_path / "empty.txt"
    empty.touch()
    result = nac("score", empty, "http://127.0.0.1/", statement)
    assert result.exit_code == 1
    assert [line.split(":")[1].strip() for line in result.stderr.splitlines()] == [str(empty), "http"]


def test_fail_fast_ends_at_the_first_failure(tmp_path, statement):
    rows = write_rows(tmp_path / "rows.jsonl", {"text": "Allies met."}, "{broken", {"text": "Allies spoke."})
    result = nac("score", rows, statement, "--format", "jsonl", "--fail-fast")
    assert result.exit_code == 5
    assert len(result.stdout.splitlines()) == 2, "the row before it, and the failure"
    assert len(result.stderr.splitlines()) == 1


def test_messages_do_not_obey_escapes_in_names(tmp_path):
    result = nac("score", tmp_path / "a\x1b[31m\u202eb\nc.txt")
    assert result.exit_code == 1
    assert r"a\x1b[31m\u202eb c.txt: there is no such file" in result.stderr
    assert "\x1b" not in result.stderr


def test_credentials_in_an_address_are_not_repeated():
    result = nac("score", "https://user:secret@example.org/statement")
    assert result.exit_code == 3
    assert "secret" not in result.stderr
    assert "https://example.org/statement" in result.stderr
