"""What was scored last, for those who show it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from scraper.store.connecting import Database
from scraper.store.tables import RELEASES, SCORES, VERSIONS


@dataclass(frozen=True, slots=True)
class ScoredVersion:
    """A wording with its score; `key` names its release, `scored_at` is ISO 8601 in UTC, `date` a day or null."""

    key: str
    version: str
    title: str | None
    date: str | None
    verdict: str | None
    probability: float | None
    low: float | None
    high: float | None
    scored_at: str


def list_newest_scores(database: Database, model_hash: str, *, limit: int = 50) -> list[ScoredVersion]:
    """The last wording that a model has scored of each release, by the day of the release, newest first.

    Args:
        database: of the store.
        model_hash: of the model.
        limit: most rows.
    """
    columns = (VERSIONS.c.sha256, VERSIONS.c.title, VERSIONS.c.date, *(SCORES.c[n] for n in ("verdict", "probability", "low", "high")))
    query = select(RELEASES.c.key, SCORES.c.scored_at, *columns).join(VERSIONS, VERSIONS.c.id == SCORES.c.version_id)
    query = query.join(RELEASES, RELEASES.c.id == VERSIONS.c.release_id)
    query = query.where(SCORES.c.model_hash == model_hash, VERSIONS.c.current == 1, SCORES.c.verdict.is_not(None))
    with database.read() as connection:
        rows = connection.execute(query.order_by(VERSIONS.c.date.desc(), VERSIONS.c.id.desc()).limit(limit)).mappings()
        return [
            ScoredVersion(
                key=row["key"],
                version=row["sha256"],
                title=row["title"],
                date=row["date"],
                verdict=row["verdict"],
                probability=row["probability"],
                low=row["low"],
                high=row["high"],
                scored_at=row["scored_at"],
            )
            for row in rows
        ]
