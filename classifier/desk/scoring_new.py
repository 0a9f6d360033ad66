"""Scores what the store holds and the current model has not scored yet, and tells of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from classifier.desk.outcome import Scored
from classifier.desk.output import tell
from classifier.desk.record import build_record
from classifier.desk.run import score_release
from classifier.scoring.identity import model_hash

if TYPE_CHECKING:
    from classifier.scoring.artefact import AnyModel
    from scraper.store.opening import Store
    from scraper.store.scores import Score, Unscored

BRIEF = ("id", "title", "date", "url", "language", "verdict", "probability", "interval", "index", "model")


@dataclass(frozen=True, slots=True)
class News:
    """A wording that was scored just now: its whole record as `nac score` gives it, and what is sent of it."""

    record: dict[str, Any]
    message: str
    key: str
    date: str | None


def score_new(store: Store, model: AnyModel, announce: Callable[[News], None]) -> int:
    """Scores each new wording and keeps its score; returns how many.

    What is announced is announced before the score is kept: a process that dies in between tells it again.

    Args:
        store: read and written.
        model: the current one.
        announce: prints, or puts into the outbox.

    Raises:
        StoreError: the store cannot be written.
    """
    from scraper.store.scores import Score

    fingerprint, number = model_hash(model), 0
    for item in store.scores.unscored(fingerprint):
        try:
            scored = score_release(item.release, model)
        except Exception as error:  # noqa: BLE001 - one odd text must not end a watch
            tell(f"{item.key}: could not be scored ({type(error).__name__}); please report it.")
            store.scores.keep(fingerprint, [Score(item.id, None, None, None, None, {"error": type(error).__name__})])
            continue
        announce(_news_of(item, scored, fingerprint))
        store.scores.keep(fingerprint, [_row_of(item, scored, Score)])
        number += 1
    return number


def _news_of(item: Unscored, scored: Scored, fingerprint: str) -> News:
    record = build_record(scored)
    key = f"{item.version[:32]}-{fingerprint[:32]}"
    brief = {name: record[name] for name in BRIEF}
    reasons = [reason["text"] for reason in record["reasons"][:3]]
    message = {"event": "release.scored", "key": key, "release": item.key, "version": item.version, **brief, "reasons": reasons}
    return News(record, json.dumps(message, ensure_ascii=True, sort_keys=True), key, item.release.date)


def _row_of(item: Unscored, scored: Scored, row: type[Score]) -> Score:
    result = scored.result
    low, high = result.interval or (None, None)
    record = build_record(scored)
    kept = {name: record[name] for name in (*BRIEF, "probabilities", "stance_probability", "reasons", "signals")}
    return row(item.id, result.verdict, result.probability, low, high, kept)
