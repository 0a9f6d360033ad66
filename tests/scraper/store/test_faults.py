"""What can be wrong with a store or its disk: one clear line each, and nothing lost."""

import errno
import os
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import event, text

from scraper import durable
from scraper.errors import StoreError
from scraper.store.migrations import ALL, Migration, migrate
from scraper.store.opening import open_store
from scraper.store.raw import RawBytes
from scraper.store.upkeep import find_damage
from tests.scraper.store.made import make_candidate, make_release, words_of
from tests.scraper.store.processes import PROCESSES
from tests.scraper.store.rows_of import rows_of

ROOT = Path(__file__).resolve().parents[3]


def foreign(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()


FILES = [
    (lambda path: path.write_text("The Council met.\n" * 100), "is not a database", "a text"),
    (lambda path: path.write_bytes(os.urandom(5000)), "is not a database", "noise"),
    (lambda path: path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000), "is ", "a broken head"),
    (lambda path: path.mkdir(), "is no file", "a folder"),
    (foreign, "is a database of another program (it has a table 'recipes')", "another program's database"),
]


@pytest.mark.parametrize(("make", "words", "why"), FILES, ids=[row[2] for row in FILES])
def test_what_is_no_store_is_refused_and_left_as_it_is(tmp_path, make, words, why):
    path = tmp_path / "store.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError) as refused:
        open_store(path)
    assert words in refused.value.message and str(path) in refused.value.message, why
    assert refused.value.hint and "\n" not in refused.value.message
    assert before is None or path.read_bytes() == before, why


ADDRESSES = [
    ("mysql://localhost/x", "cannot lie in 'mysql'", "another kind of database"),
    ("postgresql://nobody@127.0.0.1:1/none", "cannot be reached", "no server there"),
    ("postgresql://%%%:x@[::1/", "cannot be read", "no address"),
    ("", "is no file", "nothing"),
    ("sqlite://", "cannot lie in 'sqlite'", "memory alone"),
    ("store\x00.db", "is no file", "a NUL in the name"),
]


@pytest.mark.parametrize(("given", "words", "why"), ADDRESSES, ids=[row[2] for row in ADDRESSES])
def test_addresses_that_lead_nowhere(given, words, why):
    with pytest.raises(StoreError, match=words):
        open_store(given)


def test_no_password_is_said(tmp_path):
    with pytest.raises(StoreError) as refused:
        open_store("postgresql://me:secret@127.0.0.1:1/none")
    assert "secret" not in f"{refused.value.message} {refused.value.hint} {refused.value.source}"


def test_reading_makes_no_store(address, tmp_path):
    with pytest.raises(StoreError, match="there is no store at"):
        open_store(address, create=False)
    assert not (tmp_path / "store.db").exists()


def test_an_empty_file_becomes_a_store(tmp_path):
    (tmp_path / "store.db").touch()
    with open_store(tmp_path / "store.db") as store:
        assert store.library.count() == 0


def test_a_newer_store_is_refused_with_both_numbers(address):
    with open_store(address) as store, store.database.write() as connection:
        connection.execute(text("INSERT INTO migrations VALUES (41, 'of the future', '2030-01-01')"))
    with pytest.raises(StoreError, match=f"has form 41, and this program knows forms up to {ALL[-1].number}"):
        open_store(address)


def test_a_step_that_fails_leaves_the_store_as_it_was(address):
    broken = Migration(ALL[-1].number + 1, "broken", ("CREATE TABLE half (id INTEGER)", "CREATE TABLE half (id INTEGER)"), {})
    with open_store(address) as store:
        store.library.add(make_release())
        before = rows_of(store)
        with pytest.raises(StoreError, match="half"):
            migrate(store.database, (*ALL, broken))
        assert rows_of(store) == before
        with store.database.read() as connection, pytest.raises(Exception, match="half"):
            connection.execute(text("SELECT * FROM half"))
        sound = Migration(broken.number, "sound", ("CREATE TABLE whole (id INTEGER)",), {})
        migrate(store.database, (*ALL, sound))
        migrate(store.database, (*ALL, sound))
        with store.database.read() as connection:
            assert connection.execute(text("SELECT count(*) FROM migrations")).scalar() == broken.number


def test_a_store_that_is_in_use_says_so(address):
    with open_store(address, busy_seconds=0.2) as store, open_store(address) as other:
        with other.database.write() as connection:
            connection.execute(text("SELECT 1"))
            with pytest.raises(StoreError, match="is in use by another program"):
                store.library.add(make_release())
            assert store.library.count() == 0, "reading goes on"
        assert store.library.add(make_release()).outcome == "added"


def fill_up(store):
    """From now on the database cannot grow: SQLite answers as it does on a full disk."""

    def limit(connection, _record):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(store.database._engine, "connect", limit)
    store.database._engine.dispose()
    return limit


def test_a_full_disk_loses_nothing_that_was_kept(tmp_path):
    path = tmp_path / "store.db"
    with open_store(path) as store:
        run = store.queue.begin_run("made", "all")
        store.queue.enqueue(run, [make_candidate(f"https://example.org/{i}") for i in range(3)])
        store.library.add(make_release("https://example.org/x", words_of(1)))
        before = rows_of(store)
        fill_up(store)
        for _ in range(2):
            with pytest.raises(StoreError, match="the disk is full"):
                store.library.add(make_release("https://example.org/long", "z" * 2_000_000))
            with pytest.raises(StoreError, match="the disk is full"):
                store.queue.enqueue(run, [make_candidate(f"https://example.org/many{i}") for i in range(5000)])
        found = rows_of(store)
        assert found["releases"] == before["releases"] and found["versions"] == before["versions"]
        assert list(find_damage(store)) == []
    with open_store(path) as store:  # there is room again
        assert store.library.add(make_release("https://example.org/long", "z" * 2_000_000)).outcome == "added"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("at", ["fsync", "replace"])
def test_raw_bytes_that_do_not_fit_leave_nothing_half(tmp_path, monkeypatch, code, at):
    """The calls that fail on a full disk are made to fail: no disk of its own is needed."""

    def fail(*_arguments, **_more):
        raise OSError(code, os.strerror(code))

    store = RawBytes(tmp_path / "raw")
    with monkeypatch.context() as patch:
        patch.setattr(durable.os, "fsync", fail) if at == "fsync" else patch.setattr(Path, "replace", fail)
        with pytest.raises(StoreError, match="the disk is full" if code != errno.EIO else "cannot be written"):
            store.put(b"bytes")
    assert [path for path in (tmp_path / "raw").rglob("*") if path.is_file()] == []
    assert store.get(store.put(b"bytes")) == b"bytes"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_disk_that_is_really_full(tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    code = textwrap.dedent("""
        import sys
        from scraper.errors import StoreError
        from scraper.store.opening import open_store
        from scraper.store.upkeep import find_damage
        from tests.scraper.store.made import make_release, words_of
        kept, folder = 0, sys.argv[1]
        with open_store(folder + "/store.db") as store:
            try:
                for number in range(4000):
                    store.raw.put(words_of(number, 4000).encode() * 9)
                    store.library.add(make_release(f"https://example.org/{number}", words_of(number, 4000), date=None))
                    kept += 1
            except StoreError as error:
                print(error.message)
            assert 0 < kept < 4000, kept
            try:
                assert store.library.count() == kept, (store.library.count(), kept)
                print(list(find_damage(store)))
            except StoreError as error:
                print(error.message)
    """)
    script = f'mount -t tmpfs -o size=3m none "{small}" && exec "{sys.executable}" -c "$CODE" "{small}"'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script], cwd=ROOT, env={**os.environ, "CODE": code}, capture_output=True, text=True, check=False
    )
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip(f"this machine lets nobody mount a small disk: {done.stderr.strip()[:200]}")
    assert done.returncode == 0, done.stderr
    first, last = done.stdout.splitlines()
    assert "the disk is full" in first or "no space left" in first
    assert last == "[]" or "no space left" in last


def add_without_rights(warm, path, pipe):
    """In a process of its own: loads all that a store needs, gives up root's rights, and adds a release."""
    with open_store(warm) as store:
        store.library.add(make_release())
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    try:
        with open_store(path) as store:
            store.library.add(make_release())
    except StoreError as error:
        pipe.send((error.message, error.hint))
    else:
        pipe.send(("added", ""))
    pipe.close()


READ_ONLY = [
    ("new.db", "cannot be opened", "a new store"),
    ("kept.db", "may not be written", "one that is there"),
    ("new/new.db", "cannot be made", "a new folder"),
]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize(("name", "words", "why"), READ_ONLY, ids=[row[2] for row in READ_ONLY])
def test_a_folder_that_may_not_be_written(name, words, why):
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "folder")
        folder.mkdir()
        with open_store(folder / "kept.db") as store:
            store.library.add(make_release("https://example.org/x", "kept"))
        folder.chmod(0o555)
        Path(parent).chmod(0o755)
        reading, writing = PROCESSES.Pipe(duplex=False)
        child = PROCESSES.Process(target=add_without_rights, args=(f"{parent}/warm.db", str(folder / name), writing))
        child.start()
        writing.close()
        message, hint = reading.recv()
        child.join()
        reading.close()
        folder.chmod(0o755)
    assert words in message and "\n" not in message, why
    assert "--db" in hint or "permissions" in hint


def test_many_processes_open_a_new_store_at_once(address, tmp_path):
    code = "import sys; from scraper.store.opening import open_store; open_store(sys.argv[1]).close()"
    children = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", code, address], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for child in children:
        _, told = child.communicate()
        assert child.returncode == 0, told
    with open_store(address) as store:
        assert len(rows_of(store)["migrations"]) == len(ALL)


def test_a_server_that_breaks_off_is_named_and_found_again(store):
    if store.database.is_sqlite:
        pytest.skip("of servers alone")
    store.library.add(make_release("https://example.org/x", "kept"))
    with pytest.raises(StoreError, match="has broken off the connection"), store.database.write() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar()
        with store.database._engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        connection.execute(text("SELECT 1"))
    assert store.library.count() == 1
    assert store.library.add(make_release("https://example.org/y", "more")).outcome == "added"
