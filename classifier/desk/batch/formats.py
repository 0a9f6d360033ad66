"""Rows as JSON lines, CSV or Parquet: made where they are scored, put together here."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from classifier.batch.record import Row
from classifier.batch.rows import AFTER_CLASSES, BEFORE_CLASSES
from classifier.desk.guard import guard_cell, guard_json

SUFFIXES = (".jsonl", ".csv", ".parquet")


@dataclass(frozen=True, slots=True)
class Format:
    """How rows are written: `encode` makes the bytes of a part, `join` puts parts together in a stream."""

    encode: Callable[[list[Row]], bytes]
    join: Callable[[Iterable[Path], BinaryIO], None]
    heading: bytes = b""


def choose_format(suffix: str, columns: Sequence[str], kept: int) -> Format:
    """The format of a suffix, for rows of these columns, the last `kept` of which are handed on from the input."""
    if suffix == ".csv":
        heading = _csv_line(columns)
        return Format(encode_csv, partial(_join_bytes, heading=heading), heading)
    if suffix == ".parquet":
        columns = tuple(columns)
        return Format(partial(encode_parquet, columns=columns, kept=kept), partial(_join_parquet, columns=columns, kept=kept))
    return Format(encode_jsonl, _join_bytes)


def encode_jsonl(rows: list[Row]) -> bytes:
    """One object a line, controls spelt out."""
    return guard_json("".join(f"{_dump(row)}\n" for row in rows)).encode("utf-8")


def _dump(row: Row) -> str:
    try:
        return _ENCODER.encode(row)
    except ValueError:  # a value handed on that JSON has no number for
        return _ENCODER.encode(json.loads(json.dumps(row), parse_constant=lambda _: None))


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False)


def encode_csv(rows: list[Row]) -> bytes:
    """One line a row; what others wrote is text to a spreadsheet and never a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return buffer.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> str | float | int:  # noqa: ANN401 - whatever a row holds
    if isinstance(value, float | int):
        return value
    if value is None:
        return ""
    return guard_cell(in_words(value).replace("\x00", ""))


def in_words(value: Any) -> str:  # noqa: ANN401 - whatever a row holds
    """A list of words parted by "; ", counts as "name=2; other=0", anything else nested as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    if isinstance(value, dict) and all(isinstance(item, int) for item in value.values()):
        return "; ".join(f"{name}={count}" for name, count in value.items())
    return json.dumps(value, ensure_ascii=False)


def _csv_line(values: Sequence[str]) -> bytes:
    return encode_csv([dict(zip(values, values, strict=True))])


def _join_bytes(parts: Iterable[Path], out: BinaryIO, heading: bytes = b"") -> None:
    import shutil

    out.write(heading)
    for path in parts:
        with path.open("rb") as part:
            shutil.copyfileobj(part, out, 2**20)


def encode_parquet(rows: list[Row], *, columns: tuple[str, ...], kept: int) -> bytes:
    """A Parquet file of one row group."""
    import pyarrow
    import pyarrow.parquet

    schema = parquet_schema(columns, kept)
    handed_on = columns[len(columns) - kept :]
    plain = [{**row, "signals": list(row["signals"].items()), **{name: _words_or_null(row[name]) for name in handed_on}} for row in rows]
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(plain, schema=schema), sink, compression="zstd")
    return sink.getvalue()


def _words_or_null(value: Any) -> str | None:  # noqa: ANN401 - whatever a row holds
    if value is None:
        return None
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).encode("utf-8", "replace").decode("utf-8")


def parquet_schema(columns: Sequence[str], kept: int) -> Any:  # noqa: ANN401 - an Arrow schema
    """The Arrow schema of rows: whole numbers, doubles, lists of words, counts by name; what is handed on is in words."""
    import pyarrow

    special = dict.fromkeys(("start", "end", "n_sentences"), pyarrow.int64())
    special |= dict.fromkeys(("probability", "interval_low", "interval_high", "index"), pyarrow.float64())
    special |= {"top_cues": pyarrow.list_(pyarrow.string()), "signals": pyarrow.map_(pyarrow.string(), pyarrow.int32())}
    ours = len(columns) - kept
    classes = columns[len(BEFORE_CLASSES) : ours - len(AFTER_CLASSES)]
    special |= dict.fromkeys(classes, pyarrow.float64())
    kinds = [special.get(name, pyarrow.string()) for name in columns[:ours]] + [pyarrow.string()] * kept
    return pyarrow.schema(list(zip(columns, kinds, strict=True)))


def _join_parquet(parts: Iterable[Path], out: BinaryIO, *, columns: tuple[str, ...], kept: int) -> None:
    import pyarrow.parquet

    with pyarrow.parquet.ParquetWriter(out, parquet_schema(columns, kept), compression="zstd") as writer:
        for path in parts:
            writer.write_table(pyarrow.parquet.read_table(path, partitioning=None))
