"""The commands that read the store: lists, one release, exports, search, copies, checks."""

import csv
import io
import json

import pytest

from scraper.store.opening import open_store
from tests.desk.conftest import STATEMENT, nac
from tests.scraper.store.made import make_release, words_of

EDIT = words_of(1).replace("harbour", "port")
ROWS = [
    # address, text, what else is known
    ("https://example.org/a", words_of(1), {"date": "2022-02-24", "title": '=HYPERLINK("http://x")', "number": "(2022) 061"}),
    ("https://example.org/b", STATEMENT, {"date": "2024-05-17", "title": "Statement\x1b[31m red"}),
    ("https://example.org/c", "@SUM(A1) said the Council \x00 and left.", {"date": None, "date_source": "none", "title": None}),
    ("https://example.org/a", EDIT, {"date": "2022-02-24", "title": '=HYPERLINK("http://x")', "number": "(2022) 061"}),
]


@pytest.fixture
def db(tmp_path):
    path = tmp_path / "store.db"
    with open_store(path) as store:
        for number, (address, text, known) in enumerate(ROWS):
            store.library.add(make_release(address, text, **known), kind="nac" if number else "speech", source="made")
    return path


def run(*arguments, code=0):
    result = nac(*arguments)
    assert result.exit_code == code, (result.stdout, result.stderr)
    assert "Traceback" not in result.stderr
    return result


FILTERS = [
    ([], "abc", "all, by day, undated ones last"),
    (["--since", "2024-01-01"], "b", "from a day"),
    (["--until", "2022-02-24"], "a", "to a day"),
    (["--kind", "speech"], "a", "of a kind"),
    (["--source", "made", "--limit", 2], "ab", "the first two"),
    (["--language", "EN"], "abc", "in a language"),
    (["--language", "fr"], "", "in one that is not there"),
]


@pytest.mark.parametrize(("options", "found", "why"), FILTERS, ids=[row[2] for row in FILTERS])
def test_lists_and_exports_are_filtered_alike(db, options, found, why):
    for command in ("list", "export"):
        result = run("releases", command, *options, "--format", "jsonl", "--db", db)
        records = [json.loads(line) for line in result.stdout.splitlines()]
        assert "".join(record["id"][-1] for record in records) == found, why
        assert all(("text" in record) == (command == "export") for record in records)
        if command == "list":
            assert bool(result.stderr) == (not found), "nothing found is said, not written"


def test_a_list_on_a_terminal_obeys_nothing(db):
    told = run("releases", "list", "--db", db).stdout
    assert len(told.splitlines()) == 3
    assert "2 versions" in told.splitlines()[0] and "\x1b" not in told and "(no title)" in told


@pytest.mark.parametrize("command", ["list", "export"])
def test_csv_holds_no_formula(db, command):
    rows = list(csv.DictReader(io.StringIO(run("releases", command, "--format", "csv", "--db", db).stdout)))
    assert [row["title"] for row in rows][0] == '\'=HYPERLINK("http://x")'
    assert rows[0]["addresses"] == "https://example.org/a" and rows[0]["versions"] == "2" and rows[2]["date"] == ""
    for row in rows:
        assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in row.values())
    if command == "export":
        assert rows[1]["text"] == STATEMENT and rows[2]["text"] == "'@SUM(A1) said the Council  and left."


def test_an_export_can_be_scored(db, tmp_path):
    run("releases", "export", "--db", db, "--since", "2024-01-01", "--output", tmp_path / "out.jsonl")
    scored = json.loads(run("score", tmp_path / "out.jsonl", "--format", "jsonl").stdout)
    assert scored["id"] == "https://example.org/b"


def test_parquet_holds_the_same(db, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    run("releases", "export", "--db", db, "--format", "parquet", "--output", tmp_path / "out.parquet")
    table = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    lines = [json.loads(line) for line in run("releases", "export", "--db", db).stdout.splitlines()]
    assert table == lines and table[2]["text"] == ROWS[2][1]
    run("releases", "export", "--db", db, "--format", "parquet", "--language", "fr", "--output", tmp_path / "none.parquet")
    assert parquet.read_table(tmp_path / "none.parquet").num_rows == 0


def test_an_output_that_cannot_be_written_says_so(db, tmp_path):
    result = run("releases", "export", "--db", db, "--output", tmp_path / "none" / "out.jsonl", code=1)
    assert "cannot be written" in result.stderr and len(result.stderr.splitlines()) == 1
    assert "--output" in run("releases", "export", "--db", db, "--format", "parquet", code=2).stderr


def test_one_release_with_its_wordings(db):
    told = run("releases", "show", "https://example.org/a", "--db", db).stdout
    assert "current" in told and "earlier" in told and EDIT.split()[0] in told and "(2022) 061" in told
    record = json.loads(run("releases", "show", "HTTPS://EXAMPLE.org/a#top", "--format", "json", "--db", db).stdout)
    assert record["text"] == EDIT and [one["current"] for one in record["wordings"]] == [False, True]
    old = record["wordings"][0]["version"]
    record = json.loads(run("releases", "show", "https://example.org/a", "--version", old[:8], "-f", "json", "--db", db).stdout)
    assert record["text"] == words_of(1)


WRONG = [
    (["releases", "show", "https://example.org/none"], 1, "there is no such release", "an unknown address"),
    (["releases", "show", "https://example.org/a", "--language", "fr"], 1, "in language fr", "a translation that is not there"),
    (["releases", "show", "https://example.org/a", "--version", "zzz"], 2, "names no wordings", "a wording that is not there"),
    (["releases", "show", "https://example.org/a", "--version", ""], 2, "names several wordings", "every wording"),
    (["releases", "list", "--since", "yesterday"], 2, "--since: 'yesterday' is no day", "no day"),
    (["releases", "list", "--until", "2024-02-31"], 2, "is no day", "a day that no year has"),
    (["releases", "list", "--limit", "0"], 2, "--limit", "none at all"),
    (["find", "-air"], 2, "names no word to look for", "only what must not occur"),
    (["find", '"'], 2, "names no word to look for", "half a phrase"),
    (["find", "air", "--limt", "3"], 2, "--limt: there is no such option", "a mistyped option"),
    (["store", "check", "--db", "mysql://x/y"], 1, "a store cannot lie in", "a database of another kind"),
]


@pytest.mark.parametrize(("arguments", "code", "words", "why"), WRONG, ids=[row[3] for row in WRONG])
def test_what_goes_wrong_is_said_in_one_line(db, arguments, code, words, why):
    result = run(*arguments, *([] if "--db" in arguments else ["--db", db]), code=code)
    assert words in result.stderr, why
    assert result.stdout == ""


NO_STORE = [
    ["releases", "list"],
    ["releases", "show", "x"],
    ["releases", "export"],
    ["find", "x"],
    ["store", "check"],
    ["store", "backup", "y"],
]


@pytest.mark.parametrize("arguments", NO_STORE, ids=" ".join)
def test_without_a_store_nothing_is_made(tmp_path, arguments):
    result = run(*arguments, "--db", tmp_path / "none.db", code=1)
    assert result.stderr.startswith(f"nac: there is no store at {tmp_path / 'none.db'}") and "nac collect" in result.stderr
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "text.db").write_text("The Council met. " * 50)
    assert "is not a database" in run(*arguments, "--db", tmp_path / "text.db", code=1).stderr


def test_find(db):
    told = run("find", "batteries", "--db", db).stdout
    assert "https://example.org/b" in told and "two air defence batteries" in told and "\x1b" not in told
    lines = run("find", '"air defence"', "-frigate", "--format", "jsonl", "--db", db).stdout.splitlines()
    (record,) = map(json.loads, lines)
    assert record["id"] == "https://example.org/b" and record["current"] is True and "air defence" in record["excerpt"]
    nothing = run("find", "zeppelin", "--db", db)
    assert nothing.stdout == "" and "nothing in the store matches" in nothing.stderr
    word = next(word for word in words_of(1).split() if word == "harbour")
    assert run("find", word, "--db", db).stdout == ""
    assert "earlier version" in run("find", word, "--all-versions", "--db", db).stdout


def test_the_store_of_the_data_folder_is_used(home):
    with open_store() as store:
        store.library.add(make_release("https://example.org/home", "At home."))
    try:
        assert (home / "store.db").is_file()
        assert "https://example.org/home" in run("releases", "list").stdout
    finally:
        for path in home.glob("store.*"):
            path.unlink()


def test_check_and_copy(db, tmp_path):
    with open_store(db) as store:
        store.raw.put(b"bytes")
    assert "the store is whole: 3 releases" in run("store", "check", "--db", db).stderr
    assert "3 releases and 1 raw files" in run("store", "backup", tmp_path / "copy.db", "--db", db).stderr
    assert "is there already" in run("store", "backup", tmp_path / "copy.db", "--db", db, code=1).stderr
    run("store", "backup", tmp_path / "copy.db", "--replace", "--db", db)
    first, second = (run("releases", "export", "--db", path).stdout for path in (db, tmp_path / "copy.db"))
    assert first == second
    with open_store(db) as store, store.database.write() as connection:
        connection.exec_driver_sql("UPDATE versions SET text = 'changed' WHERE id = 1")
    result = run("store", "check", "--db", db, code=1)
    assert "version" in result.stdout and "https://example.org/a" in result.stdout and "1 thing wrong" in result.stderr
