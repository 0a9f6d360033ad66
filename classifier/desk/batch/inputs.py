"""From the files that were named to records, one after the other; nothing of a file is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import IO, BinaryIO, cast

from classifier.batch.record import Fault, Note, Record
from classifier.batch.work import LARGEST_TEXT, too_large
from classifier.desk.batch.walk import STDIN, Found, Walk
from scraper.errors import Malformed, ScraperError
from scraper.read import TABLE_FORMATS
from scraper.rows import FieldNames, Row, TableFormat, read_table_rows

_ROWS_BEGIN = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*"|\[\s*\{)')


@dataclass(slots=True)
class Meter:
    """Bytes of the inputs read so far."""

    read: int = 0


@dataclass(slots=True)
class Inputs:
    """What is to be scored: the files of `walk`, with `stdin` for `-`; `names` are the fields of rows."""

    walk: Walk
    names: FieldNames
    stdin: BinaryIO
    meter: Meter = field(default_factory=Meter)

    @property
    def from_store(self) -> str | None:
        """The store that records come from; null where they come from files."""
        return None

    def tell_store(self, notes: Sequence[Note]) -> None:
        """Keeps scores where the records came from; files are told nothing."""

    def records(self) -> Iterator[Record]:
        """All records in order. What cannot be read is a record too, with its fault."""
        for found in self.walk.files():
            try:
                yield from self._file(found)
            except OSError as error:
                yield _faulty(found, "cannot_open", f"cannot be read ({error.strerror or error})")

    def _file(self, found: Found) -> Iterator[Record]:
        if found.kind == "missing":
            yield _faulty(found, "no_such_file", "there is no such file or folder, or it may not be read")
        elif found.kind == "parquet":
            from scraper.parquet_rows import read_parquet_rows

            yield from self._rows(read_parquet_rows(found.path, source=found.name, names=self.names), found)
            self.meter.read += found.size
        elif found.kind == "pipe":
            if found.name == STDIN:
                yield from self._table(self.stdin, found, None)
            else:
                with found.path.open("rb") as pipe:
                    yield from self._table(pipe, found, None)
        else:
            with found.path.open("rb") as stream:
                if found.kind == "table":
                    yield from self._table(stream, found, TABLE_FORMATS[found.path.suffix.lower()])
                elif _ROWS_BEGIN.match(stream.peek(64)):
                    yield from self._table(stream, found, "jsonl")
                else:
                    yield self._text(stream, found)

    def _text(self, stream: BinaryIO, found: Found) -> Record:
        data = stream.read(LARGEST_TEXT + 1)
        self.meter.read += len(data)
        if len(data) > LARGEST_TEXT:
            return Record(source=found.name, id=found.id, fault=too_large(), kept=self._nothing_kept())
        return Record(source=found.name, id=found.id, data=data, kept=self._nothing_kept())

    def _nothing_kept(self) -> tuple[None, ...]:
        return (None,) * len(self.names.keep)

    def _table(self, stream: BinaryIO, found: Found, table_format: TableFormat | None) -> Iterator[Record]:
        lines = cast(IO[bytes], _MeteredLines(stream, self.meter))
        rows = read_table_rows(lines, source=found.name, table_format=table_format, names=self.names)
        yield from self._rows(rows, found)

    def _rows(self, rows: Iterator[Row | ScraperError], found: Found) -> Iterator[Record]:
        for row in rows:
            if isinstance(row, ScraperError):
                yield self._broken(row, found)
                continue
            name = row.id or (None if row.url else f"{found.id}:{row.line}")
            place = f"{found.name}:{row.line}"
            yield Record(source=place, id=name, text=row.text, title=row.title, date=row.date, url=row.url, kept=row.kept)

    def _broken(self, error: ScraperError, found: Found) -> Record:
        fault = Fault(error.code, error.message.removeprefix(f"{found.name}: "))
        line = error.line if isinstance(error, Malformed) else None
        own = (error.source or found.name).removeprefix(found.name)
        return Record(source=found.name + own, id=found.id + own, fault=fault, line=line, kept=self._nothing_kept())


class _MeteredLines:
    """A stream whose lines are counted in bytes as they are read."""

    def __init__(self, stream: BinaryIO, meter: Meter) -> None:
        self._stream = stream
        self._meter = meter

    def readline(self, limit: int = -1) -> bytes:
        line = self._stream.readline(limit)
        self._meter.read += len(line)
        return line


def _faulty(found: Found, code: str, message: str) -> Record:
    return Record(source=found.name, id=found.id, fault=Fault(code, message))


def describe_failed(record: Record, fault: Fault, names: FieldNames) -> dict[str, object]:
    """A failed record as a row that can be given to the command again, with the fields that were named."""
    fields: dict[str, object] = {names.id or "id": record.id, names.text or "text": record.text}
    fields |= {names.date or "date": record.date, "title": record.title, "url": record.url}
    fields |= dict(zip(names.keep, record.kept, strict=False))
    if record.text is None:
        fields["file"] = PurePath(record.source).as_posix()
    return {name: value for name, value in fields.items() if value is not None} | {"error": str(fault)}
