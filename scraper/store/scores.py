"""What models said of the versions in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, exists, select

from scraper.release import Release
from scraper.store.codec import plain, plain_or_none, release_of, to_json
from scraper.store.connecting import Database
from scraper.store.tables import CAPTURES, RELEASES, SCORES, VERSIONS
from scraper.store.writing import put_row

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Unscored:
    """A current wording that a model has not scored: `id` is the store's number of the version, to be given back."""

    id: int
    key: str
    version: str
    release: Release


@dataclass(frozen=True, slots=True)
class Score:
    """What a model said of a version. `version_id` as in `Unscored.id`; `verdict` is null where it could not be scored.

    `probability` and its 90 % interval from `low` to `high` lie in [0, 1] or are null; `record` is all of it, for JSON.
    """

    version_id: int
    verdict: str | None
    probability: float | None
    low: float | None
    high: float | None
    record: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores by version and model."""

    database: Database

    def unscored(self, model_hash: str, *, language: str | None = "en") -> Iterator[Unscored]:
        """Current wordings in one language (null: in any) that a model has not scored, in the order in which they came."""
        after = 0
        scored = exists().where(and_(SCORES.c.version_id == VERSIONS.c.id, SCORES.c.model_hash == model_hash))
        provenance = select(CAPTURES.c.provenance).where(CAPTURES.c.version_id == VERSIONS.c.id).order_by(CAPTURES.c.id).limit(1)
        columns = (VERSIONS.c.id, RELEASES.c.key, VERSIONS.c.sha256, VERSIONS.c.text, VERSIONS.c.details)
        query = select(*columns, provenance.scalar_subquery().label("provenance")).join(RELEASES, RELEASES.c.id == VERSIONS.c.release_id)
        query = query.where(VERSIONS.c.current == 1, ~scored).order_by(VERSIONS.c.id).limit(_PAGE)
        if language is not None:
            query = query.where(VERSIONS.c.language == language)
        while True:
            with self.database.read() as connection:
                rows = connection.execute(query.where(VERSIONS.c.id > after)).mappings().all()
            for row in rows:
                yield Unscored(row["id"], row["key"], row["sha256"], release_of(row))
            if len(rows) < _PAGE:
                return
            after = rows[-1]["id"]

    def keep(self, model_hash: str, scores: Iterable[Score]) -> int:
        """Keeps scores of one model in one transaction, in place of earlier ones; returns how many."""
        scored_at = datetime.now(UTC).isoformat(timespec="seconds")
        number = 0
        with self.database.write() as connection:
            for score in scores:
                key = {"version_id": score.version_id, "model_hash": plain(model_hash)}
                values = {"verdict": plain_or_none(score.verdict), "probability": score.probability, "low": score.low, "high": score.high}
                put_row(connection, SCORES, key, {**values, "record": to_json(score.record), "scored_at": scored_at})
                number += 1
        return number
