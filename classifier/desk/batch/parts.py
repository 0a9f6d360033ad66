"""The output as it grows: parts in a folder beside it and a ledger, put together at the end.

    scores.jsonl.parts/ledger.db        what is done, and of what
    scores.jsonl.parts/000000.part      rows of the first chunk, as they will stand in scores.jsonl

A part is on the disk before the ledger names it, and the output has its name before the parts go. So a run that is
killed at any moment leaves what can be gone on with.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from classifier.batch.chunks import chunk_hash
from classifier.batch.record import Chunk, Done, Note
from classifier.desk.batch.errors import BatchError
from classifier.desk.batch.formats import Format
from classifier.desk.batch.ledger import InputPrint, Ledger, LedgerBusy, Part
from classifier.desk.batch.prints import print_file
from scraper.durable import open_whole, sweep, sync_folder, write_whole

_START_ANEW = "--overwrite scores everything anew"


def parts_folder(out: Path) -> Path:
    """Where the parts of an output lie until it is whole."""
    return out.with_name(f"{out.name}.parts")


def failed_beside(out: Path) -> Path:
    """Where the records that failed go unless another place is named."""
    return out.with_name(f"{out.stem}.failed.jsonl")


class PartsOutput:
    """Keeps what is done on the disk, chunk by chunk.

    Args:
        out: the file that it will be.
        failed_file: the file for records that failed.
        made_as: the format.
    """

    def __init__(self, out: Path, failed_file: Path, made_as: Format) -> None:
        self._out, self.failed_file, self._format = out, failed_file, made_as
        self._folder = parts_folder(out)
        self._ledger: Ledger | None = None

    def begin(self, settings: Mapping[str, Any], inputs: Callable[[], Iterable[InputPrint]], *, resume: bool) -> None:
        """Makes ready to keep parts, those of an interrupted run among them.

        Args:
            settings: model and options; they must be those of the interrupted run.
            inputs: what the inputs are now; so must they.
            resume: go on with an interrupted run; else it is thrown away.

        Raises:
            BatchError: another run is at it, something differs, or the disk is full.
        """
        with self._writing():
            if not resume and self._folder.exists():
                shutil.rmtree(self._folder)
            self._folder.mkdir(parents=True, exist_ok=True)
            sync_folder(self._folder.parent)
            try:
                self._ledger = Ledger(self._folder / "ledger.db")
            except LedgerBusy as error:
                message = f"{self._out}: another run is writing it"
                raise BatchError(message, hint="wait for it, or name another --out") from error
            if self._ledger.is_whole():
                return
            if not self._ledger.is_described():
                self._ledger.describe(settings, inputs())
            elif different := self._ledger.differences(settings, inputs()):
                message = f"{self._out}: the interrupted run was of something else: {'; '.join(different)}"
                raise BatchError(message, hint=f"give it what it had; {_START_ANEW}")

    @property
    def ledger(self) -> Ledger:
        """The ledger of a run that has begun."""
        if self._ledger is None:
            raise RuntimeError("the run has not begun")
        return self._ledger

    def done_before(self, chunk: Chunk) -> Part | None:
        """The part that a chunk became in an interrupted run, if it got so far.

        Raises:
            BatchError: the chunk holds other records than then, or its part is gone or damaged.
        """
        part = self.ledger.part(chunk.number)
        if part is None:
            return None
        if part.input_sha256 != chunk_hash(chunk):
            place = f"records {chunk.first + 1:,} to {chunk.first + len(chunk.records):,} (from {chunk.records[0].source})"
            raise BatchError(f"{self._out}: {place} are not those that were scored", hint=f"give the inputs it had; {_START_ANEW}")
        path = self._path(chunk.number)
        if not path.exists() or print_file(path).sha256 != part.output_sha256:
            raise BatchError(f"{path}: is gone or was changed since it was written", hint=_START_ANEW)
        return part

    def keep(self, chunk: Chunk, done: Done, failed: bytes) -> None:
        """Puts what became of a chunk on the disk.

        Raises:
            BatchError: the disk is full.
        """
        failures: dict[str, int] = {}
        for one in done.failed:
            failures[one.fault.code] = failures.get(one.fault.code, 0) + 1
        digest = hashlib.sha256(done.output).hexdigest()
        part = Part(done.number, done.records, done.rows, chunk_hash(chunk), digest, done.verdicts, failures)
        with self._writing():
            write_whole(self._path(done.number), done.output)
            self.ledger.keep(part, failed, done.notes)

    def finish(self, tell_store: Callable[[Sequence[Note]], None] | None = None) -> bool:
        """Puts the parts together under their name and clears them away; answers whether there is a file of failed records.

        Args:
            tell_store: is called with what a store is to be told, part by part, once the output is whole; again after
                a kill in between.

        Raises:
            BatchError: the disk is full; the parts stay then.
        """
        failing = any(part.failures for part in self.ledger.parts())
        if not self.ledger.is_whole():
            self._join(failing)
        if tell_store is not None:
            for notes in self.ledger.notes():
                tell_store(notes)
        with self._writing():
            self.close()
            shutil.rmtree(self._folder)
        return failing

    def _join(self, failing: bool) -> None:
        numbers = [part.number for part in self.ledger.parts()]
        with self._writing():
            sweep(self._out.parent, self._out.name)
            with open_whole(self._out) as stream:
                self._format.join((self._path(number) for number in numbers), stream)
            if failing:
                with open_whole(self.failed_file) as stream:
                    for lines in self.ledger.failed_lines():
                        stream.write(lines)
            else:
                self.failed_file.unlink(missing_ok=True)
            self.ledger.mark_whole()

    def close(self) -> None:
        """Lets go of the ledger."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:06d}.part"

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            hint = "make room or choose another place, then go on with --resume; what is done is kept"
            raise BatchError(f"{self._out}: cannot be written ({reason})", hint=hint) from error
