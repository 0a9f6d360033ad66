"""What went wrong in a database, in words: full, locked, read-only, damaged, or not a database at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from scraper.errors import StoreError

_BY_CODE = {
    sqlite3.SQLITE_FULL: ("cannot be written: the disk is full", "free some space and run the command again; nothing kept is lost"),
    sqlite3.SQLITE_IOERR: ("cannot be read or written (disk error, or no space left)", "look at the disk, then run the command again"),
    sqlite3.SQLITE_BUSY: ("is in use by another program", "try again when that one has ended"),
    sqlite3.SQLITE_LOCKED: ("is in use by another program", "try again when that one has ended"),
    sqlite3.SQLITE_NOTADB: ("is not a database", "name another file with --db"),
    sqlite3.SQLITE_CORRUPT: ("is damaged", 'see "nac store check", and go back to a backup'),
    sqlite3.SQLITE_READONLY: ("may not be written", "check the permissions of the file and its folder, or name another with --db"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "check the permissions of the file and its folder, or name another with --db"),
    sqlite3.SQLITE_PERM: ("may not be opened", "check the permissions of the file and its folder, or name another with --db"),
    sqlite3.SQLITE_TOOBIG: ("cannot hold a text of this size", "split it"),
}
_BY_STATE = {
    "55P03": ("is in use by another program", "try again when that one has ended"),
    "53100": ("cannot be written: the server's disk is full", "free some space there and run the command again"),
    "25006": ("may not be written: the server is read-only", "name the primary server with --db"),
    "42501": ("may not be used by this user", "ask for the right to create and write tables"),
}
_BY_CLASS = {
    "08": ("cannot be reached", "check the address and that the server runs"),
    "28": ("does not let this user in", "check user and password"),
    "3D": ("does not exist on that server", 'make it first, for example with "createdb"'),
    "57": ("has broken off the connection", "run the command again"),
}


@contextmanager
def explain(name: str) -> Iterator[None]:
    """Turns a database's error into a `StoreError` that names the store and says what to do.

    Args:
        name: the store's file or address, without password.
    """
    try:
        yield
    except SQLAlchemyError as error:
        raise store_error(error, name) from error
    except sqlite3.Error as error:
        raise _told(*_find_words(error), name) from error


def store_error(error: SQLAlchemyError, name: str) -> StoreError:
    """The `StoreError` that an error of SQLAlchemy stands for."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return _told(*_find_words(cause or error), name)


def _told(what: str, hint: str, name: str) -> StoreError:
    return StoreError(f"the store {name} {what}", hint=hint, source=name)


def _find_words(error: BaseException) -> tuple[str, str]:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        if code is not None and code & 0xFF in _BY_CODE:
            return _BY_CODE[code & 0xFF]
    state = getattr(error, "sqlstate", None) or ""
    if state in _BY_STATE or state[:2] in _BY_CLASS:
        return _BY_STATE.get(state) or _BY_CLASS[state[:2]]
    lines = str(error).strip().splitlines() or [type(error).__name__]
    if type(error).__module__.startswith("psycopg") and not state:
        return f"cannot be reached ({lines[0][:200]})", "check the address and that the server runs"
    return f"failed ({lines[0][:200]})", 'see "nac store check"'
