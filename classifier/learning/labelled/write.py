"""Writes labelled texts: in the shape they came in without any loss, in another one with every field that a labelled text has."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Literal, TextIO

from classifier.learning.labelled.columns import take_text
from classifier.learning.labelled.row import BadRow, CorpusError, LabelledText
from classifier.learning.labelled.shapes import BY_NAME, PLAIN, Shape
from classifier.learning.labelled.sheet import write_sheet
from classifier.learning.labelled.tables import dump_record
from scraper.durable import open_whole

Target = Literal["jsonl", "csv", "tsv", "parquet", "xlsx", "doccano", "label-studio", "prodigy"]
TABLES = ("csv", "tsv", "parquet", "xlsx")
_BATCH = 1_000


def write_labelled(make_rows: Callable[[], Iterable[LabelledText]], path: Path, target: Target) -> int:
    """Writes rows to a file, which is whole or not there.

    Rows read with `keep=True` and written in the shape they came in are written as they stood. In another shape, the
    further fields of a record go along as columns or metadata; values of CSV, TSV, Parquet and XLSX are words,
    lists and objects are JSON in a cell.

    Args:
        make_rows: gives the rows anew each time: tables need one pass to learn their columns.
        path: the file to write.
        target: the shape.

    Returns:
        Number of rows written.

    Raises:
        CorpusError: a value does not fit into the shape, or the library it needs is missing.
    """
    shape = BY_NAME.get(target, PLAIN)

    def records() -> Iterator[dict[str, Any]]:
        return (build_record(row, shape) for row in make_rows())

    with _whole(path) as stream:
        if target not in TABLES:
            with _as_text(stream) as text:
                return _write_json(records(), text, array=target == "label-studio")
        columns = list(dict.fromkeys(name for record in records() for name in record))

        def cells() -> Iterator[list[str | None]]:
            return ([_cell(record.get(name)) for name in columns] for record in records())

        if target == "parquet":
            return _write_parquet(columns, cells(), stream)
        if target == "xlsx":
            return write_sheet(columns, cells, stream)
        with _as_text(stream) as text:
            return _write_csv(columns, cells(), text, "\t" if target == "tsv" else ",")


def build_record(row: LabelledText, shape: Shape) -> dict[str, Any]:
    """The record of a row: as it stood where it was kept, came in this shape, and says the same; else built anew."""
    if row.kept is None:
        return shape.build(row, {})
    if row.kept.shape == shape.name:
        flat, annotators = shape.flatten(row.kept.record)
        if take_text(flat, row.kept.fields, row.line, annotators or None) == row:
            return dict(row.kept.record)
    return shape.build(row, row.kept.rest)


def raise_bad(rows: Iterable[LabelledText | BadRow], source: Path) -> Iterator[LabelledText]:
    """The rows, up to the first that cannot be used.

    Raises:
        CorpusError: that row's fault, with file and line.
    """
    for row in rows:
        if isinstance(row, BadRow):
            raise row.as_error(source)
        yield row


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """A stream that becomes the file when all is written."""
    try:
        with open_whole(path) as stream:
            yield stream
    except OSError as error:
        raise CorpusError(f"{path}: cannot be written ({error.strerror})", hint="check its folder and free space", exit_code=1) from error


@contextmanager
def _as_text(stream: BinaryIO) -> Iterator[TextIO]:
    """The stream for UTF-8 text whose line ends are written as they are; it stays open."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    try:
        yield text
    finally:
        text.detach()


def _write_json(records: Iterable[dict[str, Any]], stream: TextIO, *, array: bool) -> int:
    count = 0
    for record in records:
        stream.write(("[\n" if count == 0 else ",\n") if array else "")
        stream.write(dump_record(record) + ("" if array else "\n"))
        count += 1
    if array:
        stream.write("\n]\n" if count else "[]\n")
    return count


def _cell(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _write_csv(columns: list[str], cells: Iterable[list[str | None]], stream: TextIO, delimiter: str) -> int:
    count = 0
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    for values in cells:
        writer.writerow(values)
        count += 1
    return count


def _write_parquet(columns: list[str], cells: Iterable[list[str | None]], stream: BinaryIO) -> int:
    try:
        import pyarrow
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise CorpusError("Parquet needs pyarrow", hint="pip install 'nac-stance[parquet]'", exit_code=1) from error
    schema = pyarrow.schema([(name, pyarrow.string()) for name in columns])
    count = 0
    with parquet.ParquetWriter(stream, schema) as writer:
        batch: list[list[str | None]] = []

        def flush() -> None:
            writer.write_table(
                pyarrow.table([pyarrow.array(column, pyarrow.string()) for column in zip(*batch, strict=True)], schema=schema)
            )
            batch.clear()

        for values in cells:
            batch.append(values)
            count += 1
            if len(batch) == _BATCH:
                flush()
        if batch:
            flush()
    return count
