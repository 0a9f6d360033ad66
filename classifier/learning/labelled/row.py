"""A labelled text as every command takes it, whichever file it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

NO_ANNOTATORS: Mapping[str, str] = MappingProxyType({})
UNREADABLE = 5
LONGEST_VALUE = 20_000_000
"""Characters of one cell or one line above which a row is refused."""


class CorpusError(ValueError):
    """A corpus is missing, or a row of it does not fit.

    Args:
        message: one line that names the file, and the line where there is one.
        hint: what to do next.
        exit_code: what the command line answers with: 5 for rows that cannot be used, 1 for a file that is not there.
    """

    def __init__(self, message: str, *, hint: str = "", exit_code: int = UNREADABLE) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields hold what; null where it is to be found by its usual names.

    A field that is named must be in every row. `annotators` are columns with one annotator's label each.
    `encoding` is for CSV, TSV and JSON that are not UTF-8.
    """

    text: str | None = None
    label: str | None = None
    id: str | None = None
    group: str | None = None
    date: str | None = None
    split: str | None = None
    annotators: tuple[str, ...] = ()
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A row as it stood: its file's shape, its record, how that was read, and those of its fields that no purpose took."""

    shape: str
    record: Mapping[str, Any]
    fields: Fields
    rest: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LabelledText:
    """One labelled text.

    `label` is as given, blanks and case included; empty where there is none. `id` is the row's, else `row-LINE`.
    `group` is what must not be split (a release, an author), or null. `date` is an ISO day, month or year,
    or null. `split` is `train`, `dev`, `test`, or what the file says. `annotators` maps a name to the label that it gave;
    empty where the file does not say. `line` counts from 1: a line of text, a row of a sheet or of a Parquet file.
    """

    id: str
    text: str
    label: str
    group: str | None = None
    date: str | None = None
    split: str | None = None
    annotators: Mapping[str, str] = field(default_factory=lambda: NO_ANNOTATORS)
    line: int = 0
    kept: Kept | None = field(default=None, compare=False, repr=False)

    @property
    def cluster(self) -> str:
        """What the row may not be parted from: its group, or where none is given itself."""
        return self.id if self.group is None else self.group


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used: where it stands, what is wrong, what to do."""

    line: int
    problem: str
    hint: str = ""

    def as_error(self, source: object) -> CorpusError:
        """The error that names the file and the line."""
        return CorpusError(f"{source}: line {self.line} {self.problem}", hint=self.hint)


Numbered = tuple[int, dict[str, Any] | BadRow]
"""A record with its line, or what stands in its place."""


def is_encodable(text: str) -> bool:
    """Whether a text is free of lone surrogates, which stand for bytes that are not of the file's encoding."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_heading(path: Path, columns: list[str]) -> None:
    """Refuses a table with two columns of one name.

    Raises:
        CorpusError: the file and the name.
    """
    if len(set(columns)) != len(columns):
        twice = next(name for name in columns if columns.count(name) > 1)
        raise CorpusError(f"{path}: line 1 names the column {twice!r} twice", hint="rename one of them")
