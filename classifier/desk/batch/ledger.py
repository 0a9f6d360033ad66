"""What a run has done so far, in a SQLite file beside its parts: the inputs, the model, the options, each part.

Written with `synchronous=FULL`, one transaction a part, after the part itself is on the disk. Its
connection holds the file for itself, so two runs never write one output.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from classifier.batch.record import Note

_TABLES = """
CREATE TABLE IF NOT EXISTS run (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS inputs (number INTEGER PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS parts (
  number INTEGER PRIMARY KEY, records INTEGER NOT NULL, rows INTEGER NOT NULL, input_sha256 TEXT NOT NULL,
  output_sha256 TEXT NOT NULL, verdicts TEXT NOT NULL, failures TEXT NOT NULL, failed BLOB NOT NULL, notes TEXT NOT NULL
);
"""


class LedgerBusy(Exception):
    """Another run holds the ledger."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is done; `verdicts` and `failures` count by verdict and by code of the fault."""

    number: int
    records: int
    rows: int
    input_sha256: str
    output_sha256: str
    verdicts: Mapping[str, int]
    failures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class InputPrint:
    """What an input was: its name, bytes and SHA-256."""

    name: str
    size: int
    sha256: str


class Ledger:
    """The ledger of one run.

    Args:
        path: its file; made where there is none.

    Raises:
        LedgerBusy: another process has it open.
        sqlite3.Error: the disk is full, or the file is no ledger.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=0)
        try:
            self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.execute("BEGIN EXCLUSIVE")
            for statement in _TABLES.strip().split(";\n"):
                self._connection.execute(statement)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._connection.close()
            if "locked" in str(error):
                raise LedgerBusy from error
            raise

    def close(self) -> None:
        """Lets another run have it."""
        self._connection.close()

    def describe(self, settings: Mapping[str, Any], inputs: Iterable[InputPrint]) -> None:
        """Notes what the run is of, all of it or nothing."""
        with self._transaction():
            rows = ((number, found.name, found.size, found.sha256) for number, found in enumerate(inputs))
            self._connection.executemany("INSERT INTO inputs VALUES (?, ?, ?, ?)", rows)
            lines = [(name, json.dumps(value)) for name, value in settings.items()]
            self._connection.executemany("INSERT INTO run VALUES (?, ?)", lines)

    def is_described(self) -> bool:
        """Whether the run got so far as to note what it is of."""
        return self._connection.execute("SELECT 1 FROM run LIMIT 1").fetchone() is not None

    def differences(self, settings: Mapping[str, Any], inputs: Iterable[InputPrint], most: int = 5) -> list[str]:
        """What is other now than when the run began, in words; nothing where all is the same."""
        found = []
        noted = {name: json.loads(value) for name, value in self._connection.execute("SELECT name, value FROM run")}
        for name in dict.fromkeys([*noted, *settings]):
            if noted.get(name) != settings.get(name):
                found.append(f"{name} was {_show(noted.get(name))} and is {_show(settings.get(name))}")
        old = self._connection.execute("SELECT name, size, sha256 FROM inputs ORDER BY number")
        for now in inputs:
            was = old.fetchone()
            if was != (now.name, now.size, now.sha256):
                found.append(_tell_input(was, now))
            if len(found) >= most:
                return found
        if was := old.fetchone():
            found.append(f"{was[0]} is no longer among the inputs")
        return found

    def parts(self) -> Iterator[Part]:
        """The parts that are done, in order."""
        query = "SELECT number, records, rows, input_sha256, output_sha256, verdicts, failures FROM parts ORDER BY number"
        for row in self._connection.execute(query):
            yield _part(row)

    def part(self, number: int) -> Part | None:
        """A part, or null where it is not done yet."""
        query = "SELECT number, records, rows, input_sha256, output_sha256, verdicts, failures FROM parts WHERE number = ?"
        row = self._connection.execute(query, (number,)).fetchone()
        return _part(row) if row else None

    def keep(self, part: Part, failed: bytes, notes: Sequence[Note] = ()) -> None:
        """Notes that a part is done and on the disk, with the records of it that failed and what a store is to be told."""
        numbers = (part.number, part.records, part.rows, part.input_sha256, part.output_sha256)
        words = (json.dumps(part.verdicts), json.dumps(part.failures), failed, json.dumps([astuple(note) for note in notes]))
        with self._transaction():
            self._connection.execute("INSERT INTO parts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*numbers, *words))

    def failed_lines(self) -> Iterator[bytes]:
        """The failed records of all parts, in order."""
        for (lines,) in self._connection.execute("SELECT failed FROM parts WHERE length(failed) > 0 ORDER BY number"):
            yield lines

    def notes(self) -> Iterator[list[Note]]:
        """What a store is to be told, part by part."""
        for (words,) in self._connection.execute("SELECT notes FROM parts ORDER BY number"):
            yield [Note(*values) for values in json.loads(words)]

    def mark_whole(self) -> None:
        """Notes that the output has its name: all that is left is to tell a store and to clear away."""
        self._connection.execute("PRAGMA user_version = 1")

    def is_whole(self) -> bool:
        """Whether the output has its name."""
        return bool(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def _transaction(self) -> _Transaction:
        return _Transaction(self._connection)


class _Transaction:
    """All or nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if self._connection.in_transaction:  # SQLite ends it by itself where the disk is full
            self._connection.execute("ROLLBACK" if kind else "COMMIT")


def _part(row: tuple[int, int, int, str, str, str, str]) -> Part:
    number, records, rows, before, after, verdicts, failures = row
    return Part(number, records, rows, before, after, json.loads(verdicts), json.loads(failures))


def _show(value: object) -> str:
    return "not given" if value is None else str(value) if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)


def _tell_input(was: tuple[str, int, str] | None, now: InputPrint) -> str:
    if was is None:
        return f"{now.name} is new among the inputs"
    if was[0] != now.name:
        return f"{now.name} stands where {was[0]} was among the inputs"
    if was[1] != now.size:
        return f"{now.name} has {now.size:,} bytes and had {was[1]:,}"
    return f"{now.name} has other content"
