"""Records of JSON files: one object a line, or one array over the whole file that is never held at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from classifier.learning.labelled.row import LONGEST_VALUE, BadRow, CorpusError, Numbered, is_encodable

_PIECE = 1 << 16
_BETWEEN = " \t\r\n"


def line_records(path: Path, encoding: str) -> Iterator[Numbered]:
    """The objects of a JSON Lines file; blank lines are passed over."""
    with path.open(encoding=encoding, errors="surrogateescape", newline="\n") as stream:
        number, opening = 0, True
        while piece := stream.readline(LONGEST_VALUE):
            number, begins, opening = number + opening, opening, piece.endswith("\n")
            if not begins:
                continue
            if not opening and len(piece) == LONGEST_VALUE:
                yield number, BadRow(number, f"is longer than {LONGEST_VALUE:,} characters", "split the text")
            elif piece.strip():
                yield number, _line_record(piece, number)


def _line_record(line: str, number: int) -> dict[str, Any] | BadRow:
    if not is_encodable(line):
        return BadRow(number, "is not UTF-8", "save the file as UTF-8, or name its encoding")
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        return BadRow(number, f"is no JSON ({error.msg}, column {error.colno})", "mend or delete the line")
    except (ValueError, RecursionError):
        return BadRow(number, "is no JSON that can be read", "mend or delete the line")
    return _object(record, number)


def _object(record: object, number: int) -> dict[str, Any] | BadRow:
    if not isinstance(record, dict):
        return BadRow(number, "is no JSON object", 'write rows as {"text": "...", "label": "..."}')
    return record


def array_records(path: Path, encoding: str) -> Iterator[Numbered]:
    """The objects of a JSON array, or the one object of a file; each with the line on which it begins.

    Raises:
        CorpusError: the array is broken; what follows a broken value cannot be found.
    """
    with path.open(encoding=encoding, errors="surrogateescape", newline="\n") as stream:
        array = _Array(path, stream)
        array.skip()
        if array.first() != "[":
            yield array.line, _object(array.take_value(), array.line)
            return
        array.drop(1)
        array.skip()
        while array.first() != "]":
            line = array.line
            yield line, _object(array.take_value(), line)
            array.skip()
            if array.first() == ",":
                array.drop(1)
                array.skip()
            elif array.first() != "]":
                raise array.broken("a comma or ] is missing")


class _Array:
    """What has been read of an array and not yet used, and the line where that begins."""

    def __init__(self, path: Path, stream: IO[str]) -> None:
        self._path = path
        self._stream = stream
        self._held = ""
        self._at = 0
        self._decoder = json.JSONDecoder()
        self.line = 1

    def first(self) -> str:
        """The next character; nothing at the end of the file."""
        if self._at >= len(self._held) and not self._more():
            return ""
        return self._held[self._at]

    def drop(self, count: int) -> None:
        """Passes over characters and counts their lines."""
        end = self._at + count
        self.line += self._held.count("\n", self._at, end)
        self._at = end

    def skip(self) -> None:
        """Passes over blanks."""
        while (letter := self.first()) and letter in _BETWEEN:
            self.drop(1)
        if not letter:
            raise self.broken("it ends too early")

    def take_value(self) -> object:
        """The next JSON value, of which as much is read as it needs."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self._held, self._at)
                if end < len(self._held) or not self._more():  # a number may go on in the next piece
                    break
            except json.JSONDecodeError as error:
                if len(self._held) - self._at > LONGEST_VALUE or not self._more():
                    raise self.broken(error.msg) from None
            except (ValueError, RecursionError):
                raise self.broken("a value cannot be read") from None
        if not is_encodable(self._held[self._at : end]):
            raise self.broken("it is not UTF-8")
        self.drop(end - self._at)
        return value

    def broken(self, what: str) -> CorpusError:
        """The error for all that follows."""
        return CorpusError(f"{self._path}: line {self.line} is no JSON ({what})", hint="export the file again, or mend it")

    def _more(self) -> bool:
        # Twice as much each time: a long value is not parsed again for every piece of it.
        piece = self._stream.read(max(_PIECE, len(self._held) - self._at))
        self._held, self._at = self._held[self._at :] + piece, 0
        return bool(piece)
