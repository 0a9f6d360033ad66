"""The files that a user named, those in folders with them, in an order that does not change."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from scraper.read import TABLE_FORMATS

STDIN = "-"
PARQUET = (".parquet", ".pq")
TEXTS = (".txt", ".md", ".markdown", ".html", ".htm", ".xhtml")

Kind = Literal["text", "table", "parquet", "pipe", "missing"]


@dataclass(frozen=True, slots=True)
class Found:
    """A file: `name` as it is shown, `id` of a text in it or of its rows' heads: the file's name, in a folder with its way there."""

    path: Path
    name: str
    id: str
    kind: Kind
    size: int = 0


@dataclass(slots=True)
class Walk:
    """Goes through what was named.

    `spared` are files and folders that are never read (the run's own output); `passed_over` counts the
    files in folders that are of no kind that is read, by suffix.
    """

    named: Sequence[str]
    spared: frozenset[Path] = frozenset()
    passed_over: Counter[str] = field(default_factory=Counter)

    def files(self) -> Iterator[Found]:
        """All files, folders opened up: their files by name, each folder once however many links lead there."""
        self.passed_over.clear()
        for given in self.named:
            name = show_name(given)
            path = Path(given)
            if given == STDIN:
                yield Found(path, STDIN, "stdin", "pipe")
            elif path.is_dir():
                yield from self._folder(path, path, set())
            else:
                yield _named(path, name)

    def _folder(self, folder: Path, root: Path, seen: set[tuple[int, int]]) -> Iterator[Found]:
        if folder.resolve() in self.spared:
            return
        try:
            here = folder.stat()
            entries = sorted(os.listdir(folder))
        except OSError:
            yield Found(folder, show_name(str(folder)), show_name(str(folder)), "missing")
            return
        if (here.st_dev, here.st_ino) in seen:
            return
        seen.add((here.st_dev, here.st_ino))
        for entry in entries:
            path = folder / entry
            if entry.startswith("."):
                continue
            if path.is_dir():
                yield from self._folder(path, root, seen)
            elif path.resolve() not in self.spared:
                yield from self._file(path, root)

    def _file(self, path: Path, root: Path) -> Iterator[Found]:
        kind = _kind_by_suffix(path)
        if kind is None:
            self.passed_over[path.suffix.lower() or "no suffix"] += 1
            return
        within = show_name(path.relative_to(root).as_posix())
        try:
            found = path.stat()
        except OSError:
            yield Found(path, show_name(str(path)), within, "missing")
            return
        if stat.S_ISREG(found.st_mode):  # a pipe in a folder might never end
            yield Found(path, show_name(str(path)), within, kind, found.st_size)


def _named(path: Path, name: str) -> Found:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return Found(path, name, path.name or name, "missing")
    if not stat.S_ISREG(found.st_mode):
        return Found(path, name, path.name, "pipe")
    return Found(path, name, show_name(path.name), _kind_by_suffix(path) or "text", found.st_size)


def _kind_by_suffix(path: Path) -> Kind | None:
    suffix = path.suffix.lower()
    if suffix in TABLE_FORMATS:
        return "table"
    return "parquet" if suffix in PARQUET else "text" if suffix in TEXTS else None


def show_name(name: str) -> str:
    """A file's name as text, whatever its bytes are."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
