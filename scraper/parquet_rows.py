"""Tables of texts in Parquet, a few rows in memory at a time; needs the extra `parquet` (pyarrow)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scraper.errors import Malformed, ReadError, ScraperError, Unsupported
from scraper.rows import USUAL_NAMES, FieldNames, Row, build_row, no_field_to_keep, no_text_field

ROWS_AT_ONCE = 256
_MEND = "write the table again from its original"


def read_parquet_rows(path: Path, *, source: str, names: FieldNames) -> Iterator[Row | ScraperError]:
    """The rows of a Parquet file, read as they are asked for; only the columns that are needed.

    Args:
        path: the file.
        source: what the user named, for messages.
        names: which columns hold the text, the id and the date, and which are handed on.

    Yields:
        A row (its `line` counts from 1), or the error that stands in its place. A file whose text column
        holds no texts is one error.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        yield Unsupported(
            f"{source}: Parquet is read by pyarrow, which is missing", hint="pip install 'nac-stance[parquet]'", source=source
        )
        return
    broken = (pyarrow.ArrowException, OSError, ValueError)
    number = 0
    try:
        with pyarrow.parquet.ParquetFile(path) as table:
            chosen = _choose(table.schema_arrow, source, names)
            if isinstance(chosen, ScraperError):
                yield chosen
                return
            if not table.metadata.num_rows:
                yield ReadError(f"{source}: holds no rows", hint="give a table with at least one row", source=source)
            for batch in table.iter_batches(batch_size=ROWS_AT_ONCE, columns=chosen):
                for record in _records(batch):
                    number += 1
                    yield build_row(record, number, names, source)
    except broken as error:
        reason = " ".join(str(error).split())[:160]
        place = f"after row {number}" if number else "at its beginning"
        yield Malformed(f"{source}: this is no Parquet file that can be read, {place} ({reason})", hint=_MEND, source=source)


def _choose(schema: Any, source: str, names: FieldNames) -> list[str] | ScraperError:  # noqa: ANN401  (an Arrow schema)
    """The columns to read, or why there are none."""
    columns = [str(name) for name in schema.names]
    text = names.find(columns, "text")
    if text is None:
        return no_text_field(source, 0, columns, names)
    if not _holds_words(schema.field(text).type):
        message = f"{source}: its column {text!r} holds {schema.field(text).type}, not texts"
        return Malformed(message, hint="name the column that holds the text", source=source)
    if names.id is not None and names.find(columns, "id") is None:
        return no_field_to_keep(source, 0, columns, names.id)
    if (lacking := names.missing(columns)) is not None:
        return no_field_to_keep(source, 0, columns, lacking)
    found = [names.find(columns, purpose) for purpose in USUAL_NAMES]
    return list(dict.fromkeys([name for name in found if name is not None] + list(names.keep)))


def _holds_words(kind: Any) -> bool:  # noqa: ANN401  (an Arrow type)
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    tests = (types.is_string, types.is_large_string, types.is_string_view, types.is_null)
    binary = (types.is_binary, types.is_large_binary, types.is_binary_view)
    return any(test(kind) for test in (*tests, *binary))


def _records(batch: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  (an Arrow record batch)
    """Rows of a batch as plain values. A value that is no UTF-8 is left out, so that its row alone fails."""
    columns = [[_plain(value) for value in _values(batch.column(i))] for i in range(batch.num_columns)]
    for values in zip(*columns, strict=True):
        yield dict(zip(batch.schema.names, values, strict=True))


def _values(column: Any) -> list[Any]:  # noqa: ANN401  (an Arrow array)
    try:
        return list(column.to_pylist())
    except (UnicodeDecodeError, ValueError, OverflowError):
        return [_one(value) for value in column]


def _one(value: Any) -> Any:  # noqa: ANN401  (an Arrow scalar)
    try:
        return value.as_py()
    except (UnicodeDecodeError, ValueError, OverflowError):
        return None


def _plain(value: Any) -> Any:  # noqa: ANN401  (whatever a column holds)
    """Values as JSON has them: days and times in ISO 8601, bytes as the text they are, anything else in words."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return None
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)
