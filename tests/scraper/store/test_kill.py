"""A collector that is killed at any moment, again and again, leaves the store that an undisturbed one leaves."""

import os
import random
import signal
import time

import pytest

from scraper.store.opening import open_store
from scraper.store.upkeep import find_damage
from tests.scraper.store.collector import PAGES, collect, run
from tests.scraper.store.processes import PROCESSES
from tests.scraper.store.rows_of import raw_of, rows_of

KILLS = 32


def start(address, raw, pause=0.0):
    """A collector in a process of its own, and the pipe on which it tells of its steps."""
    reading, writing = PROCESSES.Pipe(duplex=False)
    child = PROCESSES.Process(target=run, args=(str(address), str(raw), writing, pause))
    child.start()
    writing.close()
    return child, reading


def wait_for_steps(reading, number):
    """Returns when so many steps were told, or the collector has ended."""
    for _ in range(number):
        try:
            reading.recv_bytes()
        except EOFError:
            return


def end(child, reading):
    child.join()
    reading.close()
    return child.exitcode


def kill_once(address, raw, chance):
    """Starts a collector and kills it after some steps and a moment; returns whether it was killed before its end."""
    child, reading = start(address, raw)
    steps = chance.choice([0, 1, 1, 2, 3, 4, 5, 7])
    wait_for_steps(reading, steps)
    time.sleep(chance.random() * 0.03)
    child.kill()
    code = end(child, reading)
    assert code in (0, -signal.SIGKILL)
    return code != 0


def finish(address, raw):
    child, reading = start(address, raw)
    wait_for_steps(reading, 10**9)
    assert end(child, reading) == 0


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is of POSIX")
def test_killed_at_any_moment(tmp_path):
    with open_store(tmp_path / "whole.db") as store:
        pass
    collect(tmp_path / "whole.db", tmp_path / "whole.raw", lambda: None)
    with open_store(tmp_path / "whole.db") as store:
        wanted, wanted_raw = rows_of(store), raw_of(store)
    assert len(wanted["queue"]) == PAGES and len(wanted["releases"]) == 16

    chance, killed, stores = random.Random(4), 0, 0
    while killed < KILLS:
        stores += 1
        address, raw = tmp_path / f"killed{stores}.db", tmp_path / f"killed{stores}.raw"
        while killed < KILLS and kill_once(address, raw, chance):
            killed += 1
        finish(address, raw)
        with open_store(address) as store:
            assert list(find_damage(store)) == []
            found = rows_of(store)
            for table, rows in wanted.items():
                assert found[table] == rows, f"{table} after {killed} kills"
            assert raw_of(store) == wanted_raw


@pytest.mark.skipif(os.name != "posix", reason="processes are ended by signals")
def test_two_collectors_on_one_store_share_the_work(address, tmp_path):
    raw = tmp_path / "store.raw"
    with open_store(address, raw=raw):
        pass
    collectors = [start(address, raw, 0.002) for _ in range(3)]
    for child, reading in collectors:
        wait_for_steps(reading, 10**9)
        assert end(child, reading) == 0
    collect(tmp_path / "alone.db", tmp_path / "alone.raw", lambda: None)
    with open_store(tmp_path / "alone.db") as alone, open_store(address, raw=raw) as shared:
        wanted, found = rows_of(alone), rows_of(shared)
        assert list(find_damage(shared)) == []
        assert raw_of(shared) == raw_of(alone)
        pages = sorted((entry.release.text, entry.versions) for entry in shared.library.releases())
        assert pages == sorted((entry.release.text, entry.versions) for entry in alone.library.releases())
    log = [(row[3], row[5], row[6]) for row in found["fetch_log"]]  # url, status, error
    assert sorted(log, key=str) == sorted(((row[3], row[5], row[6]) for row in wanted["fetch_log"]), key=str), "no page was fetched twice"
    assert len(log) == PAGES + PAGES // 6
