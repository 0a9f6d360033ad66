"""`make bench-store`: keeping releases beside plain `sqlite3`, and memory from 2,000 to 20,000 pages.

1. Releases a second through `Library.add` beside a plain `sqlite3` connection that writes the very rows which came of it
   (read back from the store), by `executemany`, one transaction a release, with the same durability (WAL,
   synchronous=FULL), indexes and full-text table: what is left is the price of finding documents again.
2. Peak memory of a process that fetches nothing but keeps 20,000 pages (raw bytes, queue, releases) over that of one that keeps
   2,000.

Texts are made of words drawn by number; nobody issued them.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from sqlalchemy import select

from scraper.release import Paragraph, Provenance, Release
from scraper.store.indexing import fold_words
from scraper.store.opening import Store, open_store
from scraper.store.tables import ADDRESSES, CAPTURES, KEYS, RELEASES, VERSIONS

ROUNDS = 5
RELEASES_A_ROUND = 200
FEW, MANY = 2_000, 20_000
LIMITS = {"memory growth": 1.1}
_VOCABULARY = ["".join(random.Random(i).choices("abcdefghijklmnoprstuvw", k=3 + i % 7)) for i in range(6_000)]


def make_release(number: int) -> Release:
    """A release of about 600 words; days are spread over 75 years."""
    chance = random.Random(number)
    paragraphs = [" ".join(chance.choices(_VOCABULARY, k=75)) for _ in range(8)]
    text, spans, position = "\n\n".join(paragraphs), [], 0
    for words in paragraphs:
        spans.append(Paragraph(position, position + len(words)))
        position += len(words) + 2
    day = f"{1950 + number % 75}-{number // 75 % 12 + 1:02d}-{number // 900 % 28 + 1:02d}"
    address = f"https://www.nato.int/en/texts/{day.replace('-', '/')}/statement-{number}"
    provenance = Provenance(source=address, layout="nato", encoding="utf-8", url=address, retrieved_at="2026-01-01T00:00:00+00:00")
    known = {"title": f"Statement {number}", "date": day, "date_source": "issued", "language": "en", "url": address}
    return Release(id=address, text=text, paragraphs=tuple(spans), provenance=provenance, **known)  # type: ignore[arg-type]


def read_rows(store: Store) -> list[list[tuple[str, list[tuple[object, ...]]]]]:
    """For each release, for each table: an INSERT and its rows."""
    by_release: dict[int, dict[str, list[tuple[object, ...]]]] = defaultdict(lambda: defaultdict(list))
    with store.database.read() as connection:
        owner = {row.id: row.release_id for row in connection.execute(select(VERSIONS.c.id, VERSIONS.c.release_id))}
        for table in (RELEASES, VERSIONS, ADDRESSES, CAPTURES, KEYS):
            names = ", ".join(column.name for column in table.columns)
            insert = f"INSERT INTO {table.name} ({names}) VALUES ({', '.join('?' * len(table.columns))})"
            for row in connection.execute(select(table)).mappings():
                number = row["id"] if table is RELEASES else owner[row["version_id"]] if table is CAPTURES else row["release_id"]
                by_release[number][insert].append(tuple(row.values()))
                if table is VERSIONS:
                    words = " ".join([*fold_words(row["title"] or ""), *fold_words(row["text"])])
                    by_release[number]["INSERT INTO search (rowid, words) VALUES (?, ?)"].append((row["id"], words))
    return [list(tables.items()) for _, tables in sorted(by_release.items())]


def measure_inserts(folder: Path) -> dict[str, float]:
    """Median over rounds of (our releases a second) / (plain sqlite3's), by turns into two growing stores."""
    ratios, ours, plain = [], [], []
    with open_store(folder / "ours.db") as store, open_store(folder / "plain.db"):
        reference = sqlite3.connect(folder / "plain.db", isolation_level=None)
        reference.execute("PRAGMA synchronous = FULL")
        reference.execute("PRAGMA foreign_keys = ON")
        done = 0
        for round_number in range(ROUNDS + 1):
            releases = [make_release(round_number * RELEASES_A_ROUND + i) for i in range(RELEASES_A_ROUND)]
            start = time.perf_counter()
            for release in releases:
                store.library.add(release)
            middle = time.perf_counter()
            rows = read_rows(store)[done:]
            done += len(rows)
            begun = time.perf_counter()
            for tables in rows:
                reference.execute("BEGIN IMMEDIATE")
                for insert, values in tables:
                    reference.executemany(insert, values)
                reference.execute("COMMIT")
            ended = time.perf_counter()
            ours.append(len(releases) / (middle - start))
            plain.append(len(rows) / (ended - begun))
            ratios.append(ours[-1] / plain[-1])
        reference.close()
    median = statistics.median
    return {"insert ratio": median(ratios[1:]), "releases a second": median(ours[1:]), "sqlite3 releases a second": median(plain[1:])}


def keep_pages(folder: str, number: int) -> None:
    """What a child of `measure_memory` does; prints its peak memory in kilobytes."""
    import resource

    from scraper.store.leases import make_owner
    from tests.scraper.store.made import MadePage, make_candidate

    with open_store(Path(folder) / "store.db") as store:
        run, owner = store.queue.begin_run("made", "all"), make_owner()
        store.queue.enqueue(run, (make_candidate(make_release(i).id) for i in range(number)))
        while jobs := store.queue.claim(owner, run, limit=8):
            for job in jobs:
                release = make_release(int(job.canonical.rpartition("-")[2]))
                page = MadePage(job.url, release.text.encode())
                store.queue.keep_release(store.queue.keep_fetched(job, page, store.raw.put(page.content)), release)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def measure_memory(folder: Path) -> dict[str, float]:
    """Peak memory of keeping many pages over that of keeping few."""
    peaks = {}
    for number in (FEW, MANY):
        (folder / str(number)).mkdir()
        command = [sys.executable, "-m", "benchmarks.store", "keep", str(folder / str(number)), str(number)]
        peaks[number] = int(subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ).stdout)
    return {"memory growth": peaks[MANY] / peaks[FEW], f"MB at {FEW:,}": peaks[FEW] / 1024, f"MB at {MANY:,}": peaks[MANY] / 1024}


def main() -> None:
    """Prints each figure with its limit, then one JSON line; ends with 1 where a limit is passed."""
    if sys.argv[1:2] == ["keep"]:
        keep_pages(sys.argv[2], int(sys.argv[3]))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = measure_inserts(Path(folder))
        if sys.argv[1:2] != ["quick"]:
            found |= measure_memory(Path(folder))
    missed = []
    for name, value in found.items():
        limit = LIMITS.get(name)
        missed += [name] if limit is not None and value > limit else []
        print(f"{name:28s} {value:10.3f}{'' if limit is None else f'  (at most {limit})'}{'  MISSED' if name in missed else ''}")
    print(json.dumps({name: round(value, 4) for name, value in found.items()}))
    if missed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
