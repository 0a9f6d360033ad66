"""Tables of texts, one row at a time: JSON Lines, CSV and TSV.

A broken row is a value like any other, a `Malformed` that names its line, so that one of them never
ends a run. Fields are found by their usual names or by those given.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, Any, Literal

from scraper.decoding import decode
from scraper.errors import Malformed, ReadError, ScraperError, Unsupported

LONGEST_LINE = 100_000_000
"""Bytes; a longer line is reported and passed over."""

USUAL_NAMES = {
    "text": ("text", "body", "content"),
    "id": ("id",),
    "url": ("url", "link", "address"),
    "title": ("title", "headline"),
    "date": ("date", "published"),
}
_SEPARATORS = ",\t;"
TableFormat = Literal["jsonl", "csv"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row's fields as they stand; `line` counts from 1 and is the row's first."""

    line: int
    text: str
    id: str | None = None
    url: str | None = None
    title: str | None = None
    date: str | None = None
    kept: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Which fields hold what: those the user named, else the usual ones, regardless of case; `keep` are handed on as they stand."""

    text: str | None = None
    id: str | None = None
    date: str | None = None
    keep: tuple[str, ...] = ()

    def named(self, purpose: str) -> str | None:
        """The field that the user named for a purpose."""
        return {"text": self.text, "id": self.id, "date": self.date}.get(purpose)

    def find(self, columns: Iterable[str], purpose: str) -> str | None:
        """Which of the columns holds what a purpose asks for; null if none does."""
        given, by_name = self.named(purpose), {column.strip().casefold(): column for column in reversed(list(columns))}
        if given is not None and given in by_name.values():
            return given
        wanted = (given.casefold(),) if given is not None else USUAL_NAMES[purpose]
        return next((by_name[name] for name in wanted if name in by_name), None)

    def pick(self, record: dict[str, Any], purpose: str) -> Any:  # noqa: ANN401  (JSON gives any value)
        """The record's value for a purpose; null if it has no such field."""
        given = self.named(purpose)
        for name in (given,) if given is not None else USUAL_NAMES[purpose]:
            if record.get(name) is not None:
                return record[name]
        if given is not None and given in record:
            return record[given]
        by_name = {str(name).strip().casefold(): value for name, value in record.items()}
        for name in (given.casefold(),) if given is not None else USUAL_NAMES[purpose]:
            if by_name.get(name) is not None:
                return by_name[name]
        return None

    def missing(self, columns: Sequence[str]) -> str | None:
        """The first field to keep that a table has no column for; null if it has all."""
        return next((name for name in self.keep if name not in columns), None)


@dataclass(slots=True)
class _Lines:
    """The lines of a stream as bytes, none longer than the limit; counts them and remembers which were cut."""

    stream: IO[bytes] | IO[str]
    number: int = 0
    cut: list[int] = field(default_factory=list)

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._read(LONGEST_LINE):
            self.number += 1
            line = piece
            while len(piece) >= LONGEST_LINE and not piece.endswith(b"\n"):
                self.cut.append(self.number)
                piece = self._read(LONGEST_LINE)
            yield line

    def _read(self, limit: int) -> bytes:
        piece = self.stream.readline(limit)
        return piece.encode("utf-8", "surrogatepass") if isinstance(piece, str) else piece


def read_table_rows(
    stream: IO[bytes] | IO[str], *, source: str, table_format: TableFormat | None, names: FieldNames
) -> Iterator[Row | ScraperError]:
    """The rows of an open table, read as they are asked for.

    Args:
        stream: bytes or text; CSV that is no UTF-8 is read as Windows-1252, as spreadsheets write it.
        source: what the user named, for messages.
        table_format: null to judge by the first line.
        names: which fields hold the text and the id.

    Yields:
        A row, or the error that stands in its place.
    """
    lines = _Lines(stream)
    incoming = iter(lines)
    first = next((line for line in incoming if line.strip(b" \t\r\n\xef\xbb\xbf")), b"")
    if not first:
        yield _no_rows(source)
        return
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield Unsupported(f"{source}: a table in UTF-16 is not read", hint="save it as UTF-8", source=source)
        return
    opening = first.removeprefix(b"\xef\xbb\xbf").strip()
    if opening in (b"[", b"{") or opening.startswith(b"[{"):
        hint = "one object per line is read; \"jq -c '.[]' FILE\" rewrites an array so"
        yield Malformed(f"{source}: this is one JSON value over the whole file", hint=hint, source=source)
        return
    if table_format is None:
        table_format = "jsonl" if opening.startswith((b"{", b"[")) else "csv"
    read = _json_rows if table_format == "jsonl" else _csv_rows
    yield from read(first.removeprefix(b"\xef\xbb\xbf"), incoming, lines, names, source)


def _json_rows(first: bytes, incoming: Iterator[bytes], lines: _Lines, names: FieldNames, source: str) -> Iterator[Row | ScraperError]:
    line: bytes | None = first
    while line is not None:
        if lines.number in lines.cut:
            yield _too_long(source, lines.number)
        elif line.strip():
            row = _json_row(line, lines.number, names, source)
            if isinstance(row, Malformed):
                row.line = line
            yield row
        line = next(incoming, None)


def _json_row(line: bytes, number: int, names: FieldNames, source: str) -> Row | ScraperError:
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return _malformed(source, number, "is not UTF-8", "save the file as UTF-8")
    except json.JSONDecodeError as error:
        return _malformed(source, number, f"is no JSON ({error.msg}, column {error.colno})", "mend or delete the line")
    except (ValueError, RecursionError):
        return _malformed(source, number, "is no JSON that can be read", "mend or delete the line")
    if not isinstance(record, dict):
        return _malformed(source, number, "is no JSON object", 'write rows as {"text": "..."}')
    return build_row(record, number, names, source)


def _csv_rows(first: bytes, incoming: Iterator[bytes], lines: _Lines, names: FieldNames, source: str) -> Iterator[Row | ScraperError]:
    csv.field_size_limit(LONGEST_LINE)
    heading = decode(first).text
    separator = max(_SEPARATORS, key=heading.count)
    before_first = lines.number - 1
    decoded = (decode(line).text for line in chain([first], incoming))
    reader = csv.reader(decoded, delimiter=separator, strict=True)
    columns: list[str] = []
    empty = True
    while True:
        number = before_first + reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            yield _malformed(source, number, f"is no row of a table ({error})", "check its quotation marks")
            if not columns:
                return
            empty = False
            continue
        if not columns:
            columns = [name.strip() for name in values]
            if names.pick(dict.fromkeys(columns, ""), "text") is None:
                yield no_text_field(source, number, columns, names)
                return
            if lacking := names.missing(columns):
                yield no_field_to_keep(source, number, columns, lacking)
                return
        elif lines.cut or values:
            empty = False
            yield _too_long(source, lines.cut[-1]) if lines.cut else _csv_row(columns, values, number, names, source)
            lines.cut.clear()
    if empty:
        yield _no_rows(source)


def _csv_row(columns: Sequence[str], values: list[str], number: int, names: FieldNames, source: str) -> Row | ScraperError:
    if len(values) != len(columns):
        problem = f"has {len(values)} values for {len(columns)} columns"
        return _malformed(source, number, problem, "put texts that hold the separator between quotation marks")
    return build_row(dict(zip(columns, values, strict=True)), number, names, source)


def build_row(record: dict[str, Any], number: int, names: FieldNames, source: str) -> Row | ScraperError:
    """The row of a record, or the error that stands in its place."""
    text = names.pick(record, "text")
    if text is None:
        return no_text_field(source, number, list(record), names)
    if not isinstance(text, str):
        return _malformed(source, number, f"holds no words as its text but {type(text).__name__}", "give the text as a string")
    others = {purpose: _as_words(names.pick(record, purpose)) for purpose in ("id", "url", "title", "date")}
    if names.id is not None and others["id"] is None:
        return _malformed(source, number, f"has no field {names.id!r}; it has {_listed(list(record))}", "name another id field")
    return Row(line=number, text=text, kept=tuple(record.get(name) for name in names.keep), **others)


def _as_words(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def _no_rows(source: str) -> ReadError:
    return ReadError(f"{source}: holds no rows", hint="give a table with at least one row", source=source)


def no_text_field(source: str, number: int, present: list[str], names: FieldNames) -> Malformed:
    """The error of a row, or of a heading, that has no field for the text."""
    wanted = repr(names.text) if names.text is not None else "text, body or content"
    return _malformed(source, number, f"has no field {wanted}; it has {_listed(present)}", "name the field that holds the text")


def no_field_to_keep(source: str, number: int, present: list[str], lacking: str) -> Malformed:
    """The error of a heading that lacks a field to be handed on."""
    return _malformed(source, number, f"has no field {lacking!r} to keep; it has {_listed(present)}", "name a field that it has")


def _listed(names: list[str]) -> str:
    shown = ", ".join(str(name)[:40] for name in names[:20]) or "none"
    return f"{shown} and {len(names) - 20} more" if len(names) > 20 else shown


def _too_long(source: str, number: int) -> Malformed:
    return _malformed(source, number, f"is longer than {LONGEST_LINE:,} bytes", "split the text")


def _malformed(source: str, number: int, problem: str, hint: str) -> Malformed:
    return Malformed(f"{source}: line {number} {problem}", hint=hint, source=f"{source}:{number}")
