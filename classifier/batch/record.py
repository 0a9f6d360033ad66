"""What passes between those who read, those who score and those who write: frozen plain values that can be sent to a process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from scraper.release import Release

Unit = Literal["release", "paragraph", "sentence"]
UNITS: tuple[Unit, ...] = ("release", "paragraph", "sentence")
Row = dict[str, Any]
_OVERHEAD = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a record has no score: `code` is a stable word for machines, `message` one line for people."""

    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One thing to score, as it came: a text, the bytes of a file, a release, or the fault that stands in its place.

    `source` is what the user named, with the line of a row; `kept` the values that are handed on to
    the result; `line` a row as it stood, where it could not be taken apart.
    """

    source: str
    id: str | None = None
    text: str | None = None
    data: bytes | None = None
    release: Release | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None
    kept: tuple[Any, ...] = ()
    fault: Fault | None = None
    line: bytes | None = None

    @property
    def weight(self) -> int:
        """Bytes that it holds, about."""
        text = self.text if self.text is not None else self.release.text if self.release else ""
        size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
        return _OVERHEAD + size + len(self.data or b"") + len(self.line or b"")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Records that are scored together: the `number` of the chunk and of its `first` record count from 0.

    `position` is how many bytes of the inputs had been read when it was full.
    """

    number: int
    first: int
    records: tuple[Record, ...]
    position: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """A record that has no score, by its number in its chunk."""

    number: int
    source: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Note:
    """What a store keeps of a score: `source` is the record's; `values` are plain, for JSON; all null where there is no score."""

    source: str
    verdict: str | None
    probability: float | None
    low: float | None
    high: float | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a chunk: its rows, or the bytes they are in the output; how many verdicts of each kind; what failed.

    `notes` are made where the task asks for them, one a record.
    """

    number: int
    records: int
    rows: int
    output: Any
    verdicts: Mapping[str, int]
    failed: tuple[Failed, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is done to every chunk, in a form that a process far away can be told.

    `model` is a folder or a name, `model_hash` what its model must have; `encode` turns rows into
    the output (null: rows stay rows); `noted` asks for notes.
    """

    model: str
    model_hash: str
    unit: Unit = "release"
    keep: tuple[str, ...] = ()
    encode: Callable[[list[Row]], Any] | None = None
    noted: bool = False
