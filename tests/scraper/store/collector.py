"""A collector without network, run as a process of its own.

It works through pages made by number: releases, duplicates, refusals, failures that pass. It tells of each step, so that a
test can kill it at any step, or between two.
"""

import time
from pathlib import Path

from scraper.store.leases import make_owner
from scraper.store.opening import open_store
from tests.scraper.store.made import MadePage, make_candidate, read_made, words_of

PAGES = 24
NOW = 1_700_000_000.0


def body_of(number):
    if number % 6 == 4:
        return words_of(number - 1, 90)  # another address of the document before
    return words_of(number, 90)


def collect(address, raw, step, *, pause=0.0, owner=None):
    """Runs one collection to its end, or takes up one that was left."""
    with open_store(address, raw=Path(raw)) as store:
        step()
        run = store.queue.begin_run("made", "all")
        step()
        store.queue.enqueue(run, [make_candidate(f"https://example.org/{number}") for number in range(PAGES)])
        step()
        owner = owner or make_owner()
        while (wait := store.queue.next_due(run, NOW + 1000)) is not None:
            jobs = store.queue.claim(owner, run, limit=1, now=NOW, lease_seconds=900) if wait == 0 else []
            if not jobs:
                time.sleep(0.01)
            for job in jobs:
                step()
                work(store, job, step)
                time.sleep(pause)
        store.queue.end_run(run)
        step()


def work(store, job, step):
    number = int(job.canonical.rpartition("/")[2])
    if number % 6 == 5 and job.attempts == 0:
        store.queue.keep_failed(job, "fetch_failed", "example.org failed (503)", next_try=NOW - 1, now=NOW - 2, status=503)
        return
    if job.state != "fetched":
        page = MadePage(job.url, body_of(number).encode(), headers={"etag": f'"{number}"'})
        digest = store.raw.put(page.content)
        step()
        job = store.queue.keep_fetched(job, page, digest)
        step()
    content = store.raw.get(job.fetched.raw_sha256)
    if number % 6 == 2:
        store.queue.keep_failed(job, "not_a_statement", "a hub", next_try=None, now=NOW)
        return
    page = MadePage(job.url, content, retrieved_at=job.fetched.retrieved_at)
    store.queue.keep_release(job, read_made(page))
    step()


def run(address, raw, pipe, pause):
    """What the process does: after each step it writes a byte to its pipe."""
    collect(address, raw, lambda: pipe.send_bytes(b"."), pause=pause)
    pipe.close()
