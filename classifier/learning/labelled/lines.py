"""Files of JSON lines of the project's own: labelled releases and sentences, constructed statements."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from classifier.learning.labelled.row import CorpusError


def iterate_lines(path: Path, *needed: str) -> Iterator[dict[str, Any]]:
    """The objects of a file, one a line.

    Args:
        path: the file.
        needed: fields that each of them must have.

    Raises:
        CorpusError: the file is missing, or a line of it is no object or lacks a field.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield _read_line(line, needed, f"{path}, line {number}")
    except FileNotFoundError as error:
        raise CorpusError(f"{path} is missing", hint="name the folder of labelled texts with --data", exit_code=1) from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path} is not UTF-8", hint="take the data anew") from error


def _read_line(line: str, needed: tuple[str, ...], where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise CorpusError(f"{where}: is no JSON", hint="take the data anew") from error
    if not isinstance(row, dict):
        raise CorpusError(f"{where}: is no JSON object", hint="take the data anew")
    if lacking := [name for name in needed if name not in row]:
        raise CorpusError(f"{where}: has no field {lacking[0]!r}", hint="take the data anew")
    return row
