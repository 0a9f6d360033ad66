"""What is remembered of hosts: `scraper.hosts.HostMemory` kept in the store, for all its collectors and the next run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from scraper.hosts import HostState, KeptRobots, call_state, pause_state, try_turn
from scraper.store.codec import indexable, plain
from scraper.store.connecting import Database
from scraper.store.tables import HOSTS, ROBOTS
from scraper.store.writing import put_row


@dataclass(frozen=True, slots=True)
class Hosts:
    """Last calls, pauses and robots.txt; times are seconds since 1970. Each method is one transaction.

    `clock`, monotonic, tells how long other writers were waited for.
    """

    database: Database
    clock: Callable[[], float] = time.monotonic

    def take_turn(self, host: str, lane: str, *, gap: float, now: float) -> float:
        """See `HostMemory.take_turn`; of all processes one at a time gets the turn."""
        asked = self.clock()
        with self.database.write() as connection:
            now += self.clock() - asked  # others may have written for a while
            wait, at_lane, at_host = try_turn(_recall(connection, host, lane), _recall(connection, host, ""), gap=gap, now=now)
            if lane:
                _keep(connection, host, "", at_host)
                _keep(connection, host, lane, at_lane)
            else:
                _keep(connection, host, "", replace(at_host, last_call=at_lane.last_call))
        return wait

    def note_call(self, host: str, lane: str, *, now: float) -> None:
        """See `HostMemory.note_call`."""
        with self.database.write() as connection:
            _keep(connection, host, lane, call_state(_recall(connection, host, lane), now))

    def postpone(self, host: str, seconds: float, *, now: float) -> None:
        """See `HostMemory.postpone`."""
        with self.database.write() as connection:
            _keep(connection, host, "", pause_state(_recall(connection, host, ""), seconds, now))

    def recall_robots(self, origin: str, *, now: float) -> KeptRobots | None:
        """See `HostMemory.recall_robots`."""
        with self.database.read() as connection:
            row = connection.execute(select(ROBOTS).where(ROBOTS.c.origin == indexable(origin))).mappings().one_or_none()
        return KeptRobots(row["text"], row["failure"], row["expires"]) if row and row["expires"] > now else None

    def keep_robots(self, origin: str, robots: KeptRobots) -> None:
        """See `HostMemory.keep_robots`."""
        values = {"text": plain(robots.text), "failure": plain(robots.failure), "expires": robots.expires}
        with self.database.write() as connection:
            put_row(connection, ROBOTS, {"origin": indexable(origin)}, values)


def _recall(connection: Connection, host: str, lane: str) -> HostState:
    query = select(HOSTS).where(HOSTS.c.host == indexable(host), HOSTS.c.lane == indexable(lane))
    row = connection.execute(query).mappings().one_or_none()
    return HostState(row["last_call"], row["not_before"], row["paused_at"]) if row else HostState()


def _keep(connection: Connection, host: str, lane: str, state: HostState) -> None:
    values = {"last_call": state.last_call, "not_before": state.not_before, "paused_at": state.paused_at}
    put_row(connection, HOSTS, {"host": indexable(host), "lane": indexable(lane)}, values)
