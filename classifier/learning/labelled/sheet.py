"""Rows of XLSX: the first sheet of a workbook, its first row the names of the columns."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import BinaryIO

from classifier.learning.labelled.row import CorpusError, Numbered, check_heading

LONGEST_CELL = 32_767
"""Characters that a cell of XLSX holds."""

LARGEST_BOOK = 2 * 10**9
"""Bytes to which a workbook may unpack: more is a trap, or no table to be read with a library that holds its words."""

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ELSEWHERE = "write CSV or JSONL"


def sheet_records(path: Path) -> Iterator[Numbered]:
    """The rows of the first sheet; empty ones are passed over.

    Raises:
        CorpusError: openpyxl is missing, or the file is no workbook.
    """
    try:
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError as error:
        raise CorpusError(f"{path}: XLSX needs openpyxl", hint="pip install 'nac-stance[xlsx]'", exit_code=1) from error
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_BOOK:
                raise CorpusError(f"{path}: unpacks to more than {LARGEST_BOOK:,} bytes", hint="save it as CSV")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except CorpusError:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise CorpusError(f"{path}: is no XLSX file that can be read", hint="save it again as .xlsx") from error
    try:
        if not book.worksheets:
            raise CorpusError(f"{path}: has no sheet", hint="put the rows on its first sheet")
        columns: list[str] | None = None
        for line, values in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            if all(value is None for value in values):
                continue
            if columns is None:
                columns = [str(value).strip() if value is not None else f"column {n}" for n, value in enumerate(values, 1)]
                check_heading(path, columns)
            else:
                yield line, dict(zip_longest(columns, values[: len(columns)]))
    finally:
        book.close()


def write_sheet(columns: list[str], make_cells: Callable[[], Iterable[list[str | None]]], stream: BinaryIO) -> int:
    """Writes a workbook of one sheet, each cell as words, also where they begin like a formula.

    Returns:
        Number of rows below the names of the columns.

    Raises:
        CorpusError: openpyxl is missing, or a value does not fit into a cell.
    """
    try:
        import openpyxl
        from openpyxl.cell import WriteOnlyCell
    except ImportError as error:
        raise CorpusError("XLSX needs openpyxl", hint="pip install 'nac-stance[xlsx]'", exit_code=1) from error
    # All is looked at before the workbook is begun: one that is given up half-way cannot be closed in peace.
    for number, values in enumerate(make_cells(), start=1):
        _check_cells(values, number)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("corpus")
    sheet.append(columns)
    count = 0
    for values in make_cells():
        cells = [WriteOnlyCell(sheet, value) for value in values]
        for cell in cells:
            if cell.value is not None:
                cell.data_type = "s"
        sheet.append(cells)
        count += 1
    book.save(stream)
    return count


def _check_cells(values: Iterable[str | None], number: int) -> None:
    for value in values:
        if value is not None and len(value) > LONGEST_CELL:
            raise CorpusError(f"row {number} has a value longer than a cell of XLSX ({LONGEST_CELL:,} characters)", hint=_ELSEWHERE)
        if value is not None and _UNWRITABLE.search(value):
            raise CorpusError(f"row {number} has a control character, which XLSX cannot hold", hint=_ELSEWHERE)
