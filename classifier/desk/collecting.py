"""The run of `nac collect`: opens source, store and fetcher, and says what came of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from classifier.desk.crawl_bar import CrawlBar
from classifier.desk.output import tell
from scraper.archive import INDEX_PACE
from scraper.collect.collection import Collection
from scraper.collect.patience import Patience
from scraper.discover.candidate import Skipped, Window
from scraper.discover.finding import find_candidates
from scraper.discover.source import Settings, Source
from scraper.durable import write_whole
from scraper.fetch import Fetcher
from scraper.registry import open_source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.collect.summary import Summary
    from scraper.hosts import HostMemory
    from scraper.store.opening import Store

NOT_HAD = frozenset({"fetch_failed", "refused", "blocked", "not_found", "too_large"})
"""Codes of pages that could not be had: those that a list of failures holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectWish:
    """What is collected and how; see the options of `nac collect`."""

    source: str
    target: str | None = None
    window: Window
    db: str | None = None
    pace: float | None = None
    max_requests: int | None = None
    failed_file: Path | None = None
    allow_private: bool = False
    quiet: bool = False
    patience: Patience = Patience()
    options: tuple[tuple[str, str], ...] = ()


def open_wished(wish: CollectWish) -> Source:
    """The source; NAC_NATO_URL and NAC_ARCHIVE_URL name stand-ins for the site and the archive.

    Raises:
        ScraperError: there is no such source, or it refuses its target.
    """
    origin, archive = os.environ.get("NAC_NATO_URL") or None, os.environ.get("NAC_ARCHIVE_URL") or None
    options = dict(wish.options)
    if wish.pace is not None and (archive or wish.pace > INDEX_PACE):  # the archive's own limits are kept, whatever is asked for
        options = {"index_pace": str(wish.pace), "replay_pace": str(wish.pace)} | options
    return open_source(wish.source, Settings(target=wish.target, origin=origin, archive=archive, options=options))


def make_fetcher(wish: CollectWish, memory: HostMemory | None) -> Fetcher:
    """The fetcher of a run; a pause that the user asks for fits into the time that one page may take."""
    pace = 1.0 if wish.pace is None else wish.pace
    return Fetcher(
        pace=pace,
        allow_private=wish.allow_private,
        deadline=max(60.0, 2 * pace + 30),
        max_requests=wish.max_requests,
        memory=memory,
    )


@contextmanager
def opened_store(address: str | None) -> Iterator[Store]:
    """The store, closed at the end.

    Raises:
        StoreError: it cannot be opened.
    """
    from scraper.store.opening import open_store

    store = open_store(address)
    try:
        yield store
    finally:
        store.close()


def run_collection(wish: CollectWish) -> Summary:
    """Collects, and writes the list of failures if one is wanted, however the collection ends.

    Raises:
        ScraperError: the collection could not go on.
        OSError: the list of failures cannot be written.
    """
    source = open_wished(wish)
    with opened_store(wish.db) as store, make_fetcher(wish, store.hosts) as fetcher, CrawlBar(shown=not wish.quiet) as bar:
        collection = Collection(source, store, fetcher, wish.window, target=wish.target, patience=wish.patience, observe=bar)
        try:
            return collection.collect()
        finally:
            if wish.failed_file and collection.run:
                failures = store.queue.failures(collection.run)
                rows = [(source.public_address(job.url), f"{job.reason}: {job.message}") for job in failures if job.reason in NOT_HAD]
                write_failures(wish.failed_file, rows)


def print_plan(wish: CollectWish) -> None:
    """Says what would be asked for: a line for each page on standard output, the rest on standard error.

    Raises:
        ScraperError: the source's lists cannot be had.
    """
    source = open_wished(wish)
    skipped: dict[str, int] = {}
    number = 0
    with make_fetcher(wish, None) as fetcher:
        for item in find_candidates(source, fetcher.get, wish.window):
            if isinstance(item, Skipped):
                skipped[item.code] = skipped.get(item.code, 0) + 1
                continue
            number += 1
            typer.echo(f"{item.date or '-':10s}  {item.kind or '-':11s}  {source.public_address(item.url)}")
        requests = fetcher.requests
    if not wish.quiet:
        pace = 1.0 if wish.pace is None else wish.pace
        left_out = f"; left out: {_list_counts(skipped)}" if skipped else ""
        time = f"about {round(number * pace)} s at a pace of {pace:g} s"
        tell(f"plan: {number} pages, {time}{left_out}. {requests} requests were made to find them.")


def describe(summary: Summary) -> str:
    """A summary in words."""
    new = f"{summary.added} added, {summary.changed} changed, {summary.unchanged} unchanged, {summary.duplicates} duplicates"
    lines = [f"{summary.source}: {new}"]
    for name in ("refused", "failed", "skipped"):
        counts: Mapping[str, int] = getattr(summary, name)
        if counts:
            lines.append(f"{name}: {_list_counts(counts)}")
    if summary.waiting:
        lines.append(f"left for later: {summary.waiting}; the same command goes on with them")
    if summary.ended == "budget":
        lines.append("ended: no more requests were allowed")
    return "\n".join([*lines, f"requests: {summary.requests}"])


def describe_as_json(summary: Summary) -> str:
    """A summary as one line of JSON."""
    return json.dumps(asdict(summary), sort_keys=True)


def write_failures(path: Path, rows: list[tuple[str, str]]) -> None:
    """Writes addresses that failed, each with its reason, in the form that `nac collect urls` reads; whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    lines = [f"# {len(rows)} pages that could not be had; give this file to: nac collect urls"]
    lines += [f"{url} {' '.join(reason.split())}" for url, reason in rows]
    write_whole(path, ("\n".join(lines) + "\n").encode("utf-8"))


def _list_counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items())
