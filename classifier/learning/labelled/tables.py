"""Records of a file, one at a time with their lines: JSON Lines, JSON, CSV, TSV, Parquet, XLSX."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from classifier.learning.labelled.json_records import array_records, line_records
from classifier.learning.labelled.row import LONGEST_VALUE, BadRow, CorpusError, Numbered, check_heading, is_encodable
from classifier.learning.labelled.sheet import sheet_records

Form = Literal["jsonl", "json", "csv", "tsv", "parquet", "xlsx"]
SUFFIXES: dict[str, Form] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}
_BATCH = 1_000


def iterate_records(path: Path, encoding: str | None = None) -> Iterator[Numbered]:
    """Every record with its line, or what is wrong with it; the file is read as the records are asked for.

    Raises:
        CorpusError: there is no such file, it is of no known kind, or broken as a whole.
    """
    if not path.is_file():
        what = "is a folder: name a file in it" if path.is_dir() else "there is no such file"
        what = "is no regular file, and a corpus is read more than once" if path.exists() and not path.is_dir() else what
        raise CorpusError(f"{path}: {what}", hint="give a .jsonl, .json, .csv, .tsv, .parquet or .xlsx file", exit_code=1)
    form = find_form(path)
    if form == "parquet":
        return _parquet_records(path)
    if form == "xlsx":
        return sheet_records(path)
    encoding = encoding or _encoding_of(path)
    if form == "csv" or form == "tsv":
        return _decoded(_csv_records(path, encoding, "\t" if form == "tsv" else None), path, encoding)
    return _decoded(array_records(path, encoding) if form == "json" else line_records(path, encoding), path, encoding)


def _decoded(records: Iterator[Numbered], path: Path, encoding: str) -> Iterator[Numbered]:
    """The records; what no codec can pass over (half a unit of UTF-16) refuses the file."""
    try:
        yield from records
    except UnicodeError:
        raise CorpusError(f"{path}: is not {encoding}", hint="name its encoding") from None


def find_form(path: Path) -> Form:
    """The kind of a file by its first bytes where they tell, else by its name.

    Raises:
        CorpusError: neither tells.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    form = SUFFIXES.get(path.suffix.lower())
    opening = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if form in ("parquet", "xlsx"):
        raise CorpusError(f"{path}: is no {path.suffix[1:].upper()} file", hint="give it the ending of what it is")
    if form in ("json", "jsonl") and opening[:1] in (b"[", b"{"):
        return "json" if opening.startswith(b"[") or _is_one_object(opening) else "jsonl"
    if form is None:
        if opening[:1] not in (b"[", b"{"):
            raise CorpusError(f"{path}: its kind is not known", hint=f"name it with one of the endings {' '.join(SUFFIXES)}")
        return "json" if opening.startswith(b"[") else "jsonl"
    return form


def _is_one_object(opening: bytes) -> bool:
    return opening.partition(b"\n")[0].strip() == b"{"


def _encoding_of(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _csv_records(path: Path, encoding: str, delimiter: str | None) -> Iterator[Numbered]:
    csv.field_size_limit(LONGEST_VALUE)
    # What is not in the encoding passes as lone surrogates, so that one row is refused and not the rest of the file.
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as stream:
        if delimiter is None:
            heading = stream.readline()
            stream.seek(0)
            delimiter = max(",\t;", key=heading.count)
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        columns: list[str] | None = None
        while True:
            line = reader.line_num + 1
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, BadRow(line, f"is no row of a table ({error})", "check its quotation marks")
                continue
            if columns is None:
                columns = [name.strip() for name in values]
                check_heading(path, columns)
            elif values:
                yield line, _csv_record(columns, values, line)


def _csv_record(columns: list[str], values: list[str], line: int) -> dict[str, Any] | BadRow:
    if len(values) != len(columns):
        hint = "put texts that hold the separator between quotation marks"
        return BadRow(line, f"has {len(values)} values for {len(columns)} columns", hint)
    if not all(map(is_encodable, values)):
        return BadRow(line, "is not UTF-8", "save the file as UTF-8, or name its encoding")
    return dict(zip(columns, values, strict=True))


def _parquet_records(path: Path) -> Iterator[Numbered]:
    try:
        import pyarrow
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise CorpusError(f"{path}: Parquet needs pyarrow", hint="pip install 'nac-stance[parquet]'", exit_code=1) from error
    line = 0
    try:
        with parquet.ParquetFile(path) as table:
            for batch in table.iter_batches(batch_size=_BATCH):
                for record in batch.to_pylist():
                    line += 1
                    yield line, record
    except (pyarrow.ArrowException, OSError) as error:
        raise CorpusError(f"{path}: is a broken Parquet file ({str(error).splitlines()[0][:120]})", hint="write it again") from error


def dump_record(record: object) -> str:
    """A record as one line of JSON, letters as they are."""
    return json.dumps(record, ensure_ascii=False, default=str)
