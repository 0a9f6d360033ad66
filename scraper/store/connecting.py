"""Connections: how each database is set up, and one writer at a time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPICursor

from scraper.store.faults import explain

BUSY_SECONDS = 30.0
"""How long a writer waits for another one before it gives up."""

_WRITER_LOCK = 0x6E61635F73746F  # any number, as long as all programs of ours take the same one
_WRITING = "nac_writing"


class Database:
    """A database with `read` and `write` transactions; a writer has the store for itself.

    On SQLite a writer begins with BEGIN IMMEDIATE, on PostgreSQL with an advisory lock: two collectors that meet
    the same document under two addresses must not both find it missing. A commit is on disk when it returns
    (`synchronous=FULL`): a fetch costs more than a sync, and a message sent for a release must not outlive its record.

    Args:
        url: SQLAlchemy's address of a SQLite file or a PostgreSQL database.
        busy_seconds: how long to wait for another writer.
    """

    def __init__(self, url: URL, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.url = url
        self.name = url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
        self.path = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
        self._busy_seconds = busy_seconds
        arguments: dict[str, Any] = {"timeout": busy_seconds} if self.is_sqlite else {"connect_timeout": 15}
        self._engine = create_engine(url, connect_args=arguments, pool_pre_ping=not self.is_sqlite)
        if self.is_sqlite:
            event.listen(self._engine, "connect", self._set_up)
            event.listen(self._engine, "begin", _begin)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a SQLite file."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store from its first query to its end.

        Raises:
            StoreError: the database cannot be reached or read.
        """
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with explain(self.name), self._engine.connect().execution_options(**level) as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is kept wholly or not at all.

        Raises:
            StoreError: the database cannot be written, or another writer did not end in time.
        """
        with explain(self.name), self._engine.connect().execution_options(**{_WRITING: True}) as connection, connection.begin():
            if not self.is_sqlite:
                connection.execute(text(f"SET LOCAL lock_timeout = {int(self._busy_seconds * 1000)}"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})
            yield connection

    def use_wal(self) -> None:
        """Lets readers and a writer of a SQLite file work at once; the file remembers it. Not for a file of another program.

        Raises:
            StoreError: the file cannot be written.
        """
        if not self.is_sqlite:
            return
        with explain(self.name), closing(self._engine.raw_connection()) as connection:
            cursor = connection.cursor()
            if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                _switch_to_wal(cursor, time.monotonic() + self._busy_seconds)
            cursor.close()

    def close(self) -> None:
        """Ends all connections."""
        self._engine.dispose()

    def _set_up(self, connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where `_begin` says so
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()


def _switch_to_wal(cursor: DBAPICursor, until: float) -> None:
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:  # two that open a new store at once: this pragma does not wait
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
