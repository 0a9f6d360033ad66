"""The loop of `nac watch`: collect, score what is new, tell of it, wait."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from classifier.desk.atom import FeedEntry, build_feed
from classifier.desk.collecting import CollectWish, describe, make_fetcher, open_wished, opened_store
from classifier.desk.guard import guard_json
from classifier.desk.outbox import send_due
from classifier.desk.output import Output, tell
from classifier.desk.scoring_new import News, score_new
from classifier.scoring.artefact import load_model
from classifier.scoring.identity import model_hash
from scraper.collect.collection import Collection
from scraper.durable import write_whole
from scraper.errors import ScraperError, StoreError
from scraper.store.newest import ScoredVersion, list_newest_scores

if TYPE_CHECKING:
    from classifier.scoring.artefact import AnyModel
    from scraper.posting import Post
    from scraper.store.opening import Store

LOOKED_BACK = 60
"""Days before today from which releases are watched where the user names none."""
STEP = 1.0
"""Seconds that a wait takes before it looks for messages that are due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchWish:
    """What is watched and where it is told; see the options of `nac watch`.

    `sources` gives the wishes of one round: their window moves with the day.
    """

    sources: Callable[[], Sequence[CollectWish]]
    names: str
    db: str | None
    every: float
    once: bool
    since: Callable[[], str]
    atom: Path | None
    post: Post | None
    model: str | None
    quiet: bool


def find_first_day(today: date | None = None) -> str:
    """The first day that is watched where the user names none."""
    return ((today or date.today()) - timedelta(days=LOOKED_BACK)).isoformat()


def watch(wish: WatchWish, *, sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic) -> int:
    """Watches until it is ended, or for one round.

    Returns:
        The exit code of a single round.

    Raises:
        StoreError: the store cannot be opened.
        OutputError: standard output is gone.
        ModelError: the model cannot be used.
    """
    output = Output(sys.stdout, exact=True)
    with opened_store(wish.db) as store:
        while True:
            until = clock() + wish.every
            code = _go_round(wish, store, output)
            if wish.once:
                return code
            while (left := until - clock()) > 0:
                sleep(min(left, STEP))
                _send(wish, store)


def _go_round(wish: WatchWish, store: Store, output: Output) -> int:
    codes = {_collect(one, store, quiet=wish.quiet) for one in wish.sources()} - {0}
    model = load_model(wish.model)
    try:
        score_new(store, model, lambda news: _announce(news, wish, store, output))
        _send(wish, store)
        if wish.atom:
            _write_feed(wish.atom, wish.names, store, model)
    except StoreError as error:
        tell(f"{error.message}. {error.hint}.")
        codes.add(error.exit_code)
    except OSError as error:
        tell(f"{wish.atom}: cannot be written ({error.strerror}).")
        codes.add(1)
    return 1 if len(codes) > 1 else next(iter(codes), 0)


def _collect(wish: CollectWish, store: Store, *, quiet: bool) -> int:
    """One collection; a source that fails is told and does not keep the others from going on."""
    try:
        with make_fetcher(wish, store.hosts) as fetcher:
            collection = Collection(open_wished(wish), store, fetcher, wish.window, target=wish.target, patience=wish.patience)
            summary = collection.collect()
    except ScraperError as error:
        tell(f"{error.message}. {error.hint}.")
        return error.exit_code
    if not quiet:
        tell(describe(summary).replace("\n", "; "))
    return summary.exit_code


def _announce(news: News, wish: WatchWish, store: Store, output: Output) -> None:
    """What is older than the days watched is scored in silence."""
    if news.date is not None and news.date < wish.since():
        return
    if wish.post:
        store.deliveries.add(wish.post.url, news.key, news.message)
    output.write(guard_json(json.dumps(news.record, ensure_ascii=False, allow_nan=False)) + "\n")


def _send(wish: WatchWish, store: Store) -> None:
    if wish.post is None:
        return
    try:
        send_due(store.deliveries, wish.post)
    except StoreError as error:
        tell(f"{error.message}. {error.hint}.")


def _write_feed(path: Path, names: str, store: Store, model: AnyModel) -> None:
    rows = list_newest_scores(store.database, model_hash(model))
    text = build_feed([_entry_of(row) for row in rows], name=names)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write_whole(path, text.encode("utf-8"))


def _entry_of(row: ScoredVersion) -> FeedEntry:
    share = "" if row.probability is None else f", {row.probability:.2f}"
    span = "" if row.low is None or row.high is None else f" ({row.low:.2f} to {row.high:.2f})"
    title = row.title or row.key
    return FeedEntry(row.key, f"{row.verdict}: {title}", row.key, row.scored_at, f"{row.verdict}{share}{span}", row.date)
