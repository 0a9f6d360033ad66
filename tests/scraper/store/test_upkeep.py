"""Raw bytes, second copies, and damage that is named."""

import gzip
import hashlib
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from scraper.errors import StoreError
from scraper.store.opening import open_store
from scraper.store.raw import RawBytes
from scraper.store.upkeep import back_up, find_damage
from tests.scraper.store.collector import collect
from tests.scraper.store.rows_of import raw_of, rows_of


@settings(max_examples=40)
@given(content=st.binary(max_size=2000))
def test_raw_bytes_come_back(tmp_path_factory, content):
    raw = RawBytes(tmp_path_factory.mktemp("raw"))
    digest = raw.put(content)
    assert digest == hashlib.sha256(content).hexdigest() == raw.put(content)
    assert raw.get(digest) == content and list(raw.digests()) == [digest] and raw.holds(digest)


def test_equal_bytes_make_equal_files(tmp_path):
    one, other = RawBytes(tmp_path / "a"), RawBytes(tmp_path / "b")
    digest = one.put(b"bytes" * 100)
    other.put(b"bytes" * 100)
    name = f"{digest[:2]}/{digest}.gz"
    assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


DAMAGE = [
    (lambda path: path.unlink(), "is missing", "gone"),
    (lambda path: path.write_bytes(path.read_bytes()[:-9]), "cannot be read", "cut short"),
    (lambda path: path.write_bytes(b"no gzip"), "cannot be read", "of another kind"),
    (lambda path: path.write_bytes(gzip.compress(b"other")), "does not hold the bytes it is named by", "other bytes"),
    (lambda path: path.write_bytes(b""), "does not hold", "empty"),
]


@pytest.mark.parametrize(("harm", "words", "why"), DAMAGE, ids=[row[2] for row in DAMAGE])
def test_a_damaged_raw_file_is_named(tmp_path, harm, words, why):
    collect(tmp_path / "store.db", tmp_path / "store.raw", lambda: None)
    victim = sorted((tmp_path / "store.raw").rglob("*.gz"))[3]
    harm(victim)
    with open_store(tmp_path / "store.db") as store:
        (line,) = find_damage(store)
        assert str(victim) in line and words in line, why
        copied = back_up(store, tmp_path / "copy.db")
        assert copied.damaged == (() if why == "gone" else (line,))
    with open_store(tmp_path / "copy.db") as copy:
        (line,) = find_damage(copy)
        assert "is missing" in line and victim.name in line, "the copy lacks that file alone"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_only_a_hash_names_raw_bytes(tmp_path, name):
    with pytest.raises(StoreError, match="is no SHA-256"):
        RawBytes(tmp_path).get(name)


HARM = [
    ("UPDATE versions SET text = text || '.' WHERE id = 2", "its text or details are not those it was kept with"),
    ("UPDATE versions SET details = '{}' WHERE id = 2", "its text or details are not those it was kept with"),
    ("UPDATE versions SET details = replace(details, '\"title\"', '\"titel\"') WHERE id = 2", "its text or details"),
    ("DELETE FROM captures WHERE version_id = 2", "no address is known that gave it"),
    ("UPDATE versions SET current = 0 WHERE id = 2", "0 current wordings in en, not one"),
]


@pytest.mark.parametrize(("harm", "words"), HARM, ids=[row[1] + str(number) for number, row in enumerate(HARM)])
def test_damaged_rows_are_named(address, tmp_path, harm, words):
    collect(address, tmp_path / "store.raw", lambda: None)
    with open_store(address, raw=tmp_path / "store.raw") as store:
        assert list(find_damage(store)) == []
        with store.database.write() as connection:
            connection.execute(text(harm))
        (line,) = find_damage(store)
        assert words in line


SQLITE_HARM = [
    ("DELETE FROM releases WHERE id = 2", "names a row of releases that is not there"),
    ("INSERT INTO search (search) VALUES ('delete-all')", "is not in it"),
]


@pytest.mark.parametrize(("harm", "words"), SQLITE_HARM)
def test_damage_done_by_another_program_is_named(tmp_path, harm, words):
    collect(tmp_path / "store.db", tmp_path / "store.raw", lambda: None)
    connection = sqlite3.connect(tmp_path / "store.db")
    connection.execute(harm)
    connection.commit()
    connection.close()
    with open_store(tmp_path / "store.db") as store:
        assert any(words in line for line in find_damage(store))


def test_a_torn_database_is_named_without_a_traceback(tmp_path):
    collect(tmp_path / "store.db", tmp_path / "store.raw", lambda: None)
    data = bytearray((tmp_path / "store.db").read_bytes())
    for at in range(4096 * 3, len(data), 4096 * 2):
        data[at : at + 600] = b"\xa5" * 600
    (tmp_path / "store.db").write_bytes(data)
    try:
        with open_store(tmp_path / "store.db") as store:
            assert list(find_damage(store))
    except StoreError as error:
        assert "is damaged" in error.message


def test_a_copy_is_a_store_with_all_that_the_first_holds(address, tmp_path):
    collect(address, tmp_path / "store.raw", lambda: None)
    with open_store(address, raw=tmp_path / "store.raw") as store:
        copied = back_up(store, tmp_path / "copies" / "copy.db")
        wanted, raw = rows_of(store), raw_of(store)
        found = [hit.key for hit in store.search.find("frigate")]
    assert (copied.raw_files, copied.damaged) == (len(raw), ())
    with open_store(tmp_path / "copies" / "copy.db") as copy:
        assert rows_of(copy) == wanted and raw_of(copy) == raw
        assert list(find_damage(copy)) == []
        assert sorted(hit.key for hit in copy.search.find("frigate")) == sorted(found)
    assert sorted(path.name for path in (tmp_path / "copies").iterdir() if not path.name.startswith("copy.db-")) == ["copy.db", "copy.raw"]


def test_a_copy_does_not_take_the_place_of_anything(tmp_path):
    collect(tmp_path / "store.db", tmp_path / "store.raw", lambda: None)
    (tmp_path / "letter.txt").write_text("mine")
    with open_store(tmp_path / "store.db") as store:
        for target in (tmp_path / "letter.txt", tmp_path / "store.db"):
            with pytest.raises(StoreError, match="is there already"):
                back_up(store, target)
        with pytest.raises(StoreError, match="is there already"):
            back_up(store, tmp_path / "store.db", replace=True)
        assert (tmp_path / "letter.txt").read_text() == "mine"
        back_up(store, tmp_path / "copy.db")
        back_up(store, tmp_path / "copy.db", replace=True)


def test_a_copy_is_made_while_a_collector_writes(tmp_path):
    steps = []

    with open_store(tmp_path / "store.db") as store:

        def step():
            steps.append(1)
            if len(steps) in (10, 30, 50):
                back_up(store, tmp_path / f"copy{len(steps)}.db")

        collect(tmp_path / "store.db", tmp_path / "store.raw", step)
    for number in (10, 30, 50):
        with open_store(tmp_path / f"copy{number}.db") as copy:
            assert list(find_damage(copy)) == []
