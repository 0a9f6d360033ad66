"""Messages that must reach their target at least once: kept before they are sent, tried until they arrive."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import or_, select, update

from scraper.store.codec import indexable, plain
from scraper.store.connecting import Database
from scraper.store.leases import SLACK
from scraper.store.tables import DELIVERIES
from scraper.store.writing import add_row


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to be sent: `key` is its idempotency key, the same at every attempt; `attempts` those that failed."""

    id: int
    target: str
    key: str
    body: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The messages of a store; times are seconds since 1970."""

    database: Database

    def add(self, target: str, key: str, body: str, now: float | None = None) -> bool:
        """Keeps a message to be sent; returns false if the target has, or will have, one of that key."""
        target, key = indexable(target), indexable(key)
        with self.database.write() as connection:
            known = select(DELIVERIES.c.id).where(DELIVERIES.c.target == target, DELIVERIES.c.key == key)
            if connection.execute(known).first():
                return False
            created_at = time.time() if now is None else now
            add_row(connection, DELIVERIES, {"target": target, "key": key, "body": plain(body), "created_at": created_at, "attempts": 0})
        return True

    def due(self, now: float | None = None, limit: int = 100) -> list[Delivery]:
        """Messages to be sent now, the oldest first; one to be tried far later than any pause lasts is due as well."""
        now = time.time() if now is None else now
        columns = (DELIVERIES.c[name] for name in ("id", "target", "key", "body", "attempts"))
        ready = or_(DELIVERIES.c.next_try.is_(None), DELIVERIES.c.next_try <= now, DELIVERIES.c.failed_at > now + SLACK)
        query = select(*columns).where(DELIVERIES.c.delivered_at.is_(None), ready).order_by(DELIVERIES.c.id).limit(limit)
        with self.database.read() as connection:
            return [Delivery(**row) for row in connection.execute(query).mappings()]

    def done(self, delivery: Delivery, now: float | None = None) -> None:
        """Notes that a message has arrived."""
        values = {"delivered_at": time.time() if now is None else now}
        self._change(delivery, values)

    def failed(self, delivery: Delivery, next_try: float, now: float | None = None) -> None:
        """Notes that a message has not arrived, and when to try again."""
        failed_at = time.time() if now is None else now
        self._change(delivery, {"attempts": delivery.attempts + 1, "next_try": next_try, "failed_at": failed_at})

    def _change(self, delivery: Delivery, values: dict[str, float]) -> None:
        with self.database.write() as connection:
            connection.execute(update(DELIVERIES).where(DELIVERIES.c.id == delivery.id).values(**values))
