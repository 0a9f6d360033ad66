"""Releases of the store as files: JSON lines that `nac score` reads again, CSV for spreadsheets, Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from classifier.desk.guard import guard_cell, guard_json
from classifier.desk.kept import build_entry
from classifier.desk.output import OutputError
from scraper.durable import open_whole

if TYPE_CHECKING:
    from scraper.store.library import Entry

COLUMNS = (
    *("schema", "id", "title", "subtitle", "number", "date", "date_source", "kind", "source", "language", "url", "version"),
    *("versions", "languages", "addresses", "first_seen", "last_seen", "retrieved_at", "raw_sha256", "layout", "archived", "text"),
)
ROWS_AT_ONCE = 500


def list_columns(*, text: bool) -> tuple[str, ...]:
    """The fields of a record."""
    return COLUMNS if text else COLUMNS[:-1]


def jsonl_lines(entries: Iterable[Entry], *, text: bool = True) -> Iterator[str]:
    """One object a line."""
    for entry in entries:
        yield guard_json(json.dumps(_record(entry, text=text), ensure_ascii=False)).encode("utf-8", "backslashreplace").decode() + "\n"


def csv_lines(entries: Iterable[Entry], *, text: bool = True) -> Iterator[str]:
    """A heading and one row a release; lists are parted by a space; no cell is a formula."""
    columns = list_columns(text=text)
    yield _csv_line(columns)
    for entry in entries:
        record = _record(entry, text=text)
        yield _csv_line([_cell(record[name]) for name in columns])


def write_parquet(entries: Iterable[Entry], stream: IO[bytes], *, text: bool = True) -> int:
    """Writes a Parquet file in groups of `ROWS_AT_ONCE` rows; returns how many there are.

    Raises:
        ImportError: pyarrow is not installed.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"schema": pa.int32(), "versions": pa.int32(), "archived": pa.bool_()}
    kinds |= {name: pa.list_(pa.string()) for name in ("languages", "addresses")}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in list_columns(text=text)])
    rest, number = iter(entries), 0
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        while rows := [_without_surrogates(_record(entry, text=text)) for entry in islice(rest, ROWS_AT_ONCE)]:
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            number += len(rows)
    return number


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name when it is complete and on disk; a run that fails leaves what was there.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        with open_whole(path) as stream:
            yield stream
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror})", hint="name another file with --output") from error


def _record(entry: Entry, *, text: bool) -> dict[str, Any]:
    record = build_entry(entry)
    return {**record, "text": entry.release.text} if text else record


def _cell(value: object) -> object:
    if isinstance(value, list):
        value = " ".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return guard_cell(value.replace("\x00", "")) if isinstance(value, str) else "" if value is None else value


def _csv_line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue().encode("utf-8", "backslashreplace").decode()


def _without_surrogates(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for name, value in record.items()}
