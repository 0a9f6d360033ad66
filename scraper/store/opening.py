"""The store as a whole, and how it is opened."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from scraper.errors import StoreError
from scraper.store.connecting import BUSY_SECONDS, Database
from scraper.store.crawl import Queue
from scraper.store.deliveries import Deliveries
from scraper.store.hosts import Hosts
from scraper.store.library import Library
from scraper.store.migrations import migrate, no_store
from scraper.store.raw import RawBytes
from scraper.store.scores import Scores
from scraper.store.searching import Search


@dataclass(frozen=True, slots=True)
class Store:
    """All that was collected. Its parts share one database; each of their methods is one transaction.

    `queue` is the crawl, `library` the releases, `scores` what models said of them, `hosts` what is
    remembered of hosts, `search` finds words, `deliveries` are messages to be sent, `raw` the bytes as received.
    """

    database: Database
    raw: RawBytes
    queue: Queue
    library: Library
    scores: Scores
    hosts: Hosts
    search: Search
    deliveries: Deliveries

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends all connections."""
        self.database.close()


def open_store(
    address: str | Path | None = None, *, raw: Path | None = None, create: bool = True, busy_seconds: float = BUSY_SECONDS
) -> Store:
    """Opens a store; a new one is made, an older one brought to this program's form.

    Args:
        address: a SQLite file, or SQLAlchemy's address of a PostgreSQL database; else `store.db` under `NAC_HOME` or the
            platform's data folder.
        raw: folder of the raw bytes; else beside the SQLite file (`store.raw`), or under the data folder.
        create: make the store if there is none; else that is an error.
        busy_seconds: how long to wait for another writer.

    Raises:
        StoreError: it cannot be opened, is of another program, or newer than this one.
    """
    url = find_address(address)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        if not create and not path.exists():
            raise no_store(str(path))
        _make_folder(path.parent)
        raw = raw or path.with_suffix(".raw")
    database = Database(url, busy_seconds=busy_seconds)
    try:
        migrate(database, create=create)
    except BaseException:
        database.close()
        raise
    raw_bytes = RawBytes(raw or home() / "raw")
    return Store(
        database, raw_bytes, Queue(database), Library(database), Scores(database), Hosts(database), Search(database), Deliveries(database)
    )


def home() -> Path:
    """The folder for what a user collects: `NAC_HOME`, or the platform's data folder."""
    if chosen := os.environ.get("NAC_HOME"):
        return Path(chosen).expanduser()
    from platformdirs import user_data_path

    return user_data_path("nac-stance")


def find_address(address: str | Path | None) -> URL:
    """The address of a store as SQLAlchemy reads it.

    Raises:
        StoreError: it is none, or of a kind of database that is not supported.
    """
    given = str(address) if address is not None else str(home() / "store.db")
    if "://" not in given:
        path = Path(given).expanduser()
        if not given.strip() or path.is_dir() or "\x00" in given:
            raise StoreError(f"{given!r} is no file", hint="name a file with --db, for example store.db", source=given)
        return URL.create("sqlite", database=str(path.absolute()))
    try:
        url = make_url(given)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise StoreError("the address of the store cannot be read", hint="write postgresql://user@host/name", source="--db") from error
    if backend == "sqlite" and url.database and url.database != ":memory:":
        return find_address(url.database)
    if backend in ("postgresql", "postgres"):
        return _check_driver(url.set(drivername="postgresql+psycopg"))
    hint = "use a SQLite file, or postgresql://user@host/name"
    raise StoreError(f"a store cannot lie in {url.drivername[:40]!r}", hint=hint, source="--db")


def _check_driver(url: URL) -> URL:
    try:
        url.get_dialect().import_dbapi()
    except (ImportError, NoSuchModuleError) as error:
        hint = 'install it: pip install "nac-stance[postgres]"'
        raise StoreError("PostgreSQL needs the package psycopg, which is not installed", hint=hint, source="--db") from error
    return url


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        hint = "name a file in another folder with --db"
        raise StoreError(f"the folder {folder} cannot be made ({error.strerror})", hint=hint, source=str(folder)) from error
