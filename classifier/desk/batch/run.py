"""The run of `nac batch`: inputs in, chunks through the workers, rows out."""

from __future__ import annotations

import gc
import json
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import closing, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from classifier.batch.chunks import cut_chunks
from classifier.batch.engine import run_chunks
from classifier.batch.places import Workers
from classifier.batch.record import Chunk, Done, Task, Unit
from classifier.batch.rows import columns_of
from classifier.batch.work import lend_model, work_chunk
from classifier.desk.batch.formats import Format, choose_format
from classifier.desk.batch.inputs import Inputs, describe_failed
from classifier.desk.batch.parts import PartsOutput, failed_beside
from classifier.desk.batch.prints import print_inputs
from classifier.desk.batch.progress import BatchProgress
from classifier.desk.guard import guard_json
from classifier.desk.output import Output, tell
from classifier.scoring.artefact import AnyModel
from scraper.durable import open_whole
from scraper.rows import FieldNames

MOST_TOLD = 10
"""Failures that are told one by one; the file of failed records has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is scored, how, and where it goes: `out` null for standard output, `failed_file` for a name made from it."""

    inputs: Inputs
    out: Path | None
    failed_file: Path | None
    unit: Unit
    model: AnyModel
    workers: Workers
    chunk_mb: float
    resume: bool
    quiet: bool

    @property
    def chunk_bytes(self) -> int:
        """Bytes of a chunk, about."""
        return max(1, int(self.chunk_mb * 2**20))

    @property
    def names(self) -> FieldNames:
        """Fields of rows."""
        return self.inputs.names


def run_batch(plan: Plan) -> int:
    """Scores everything that was named.

    Returns:
        The exit code: 1 if anything failed, else 0.

    Raises:
        BatchError: it cannot begin or go on.
        OutputError: standard output could not be written.
        ModelError: a worker cannot use the model.
        WorkersLost: the workers or their cluster are out of reach.
    """
    run = _Run(plan)
    gc.freeze()  # what is loaded now stays to the end, and need not be looked through again
    try:
        run.go()
    finally:
        run.progress.clear()
        if run.parts is not None:
            run.parts.close()
    return 1 if run.progress.failures else 0


class _Run:
    """One run and what it holds between its chunks."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        columns = columns_of(plan.model, plan.names.keep)
        self._format: Format = choose_format(plan.out.suffix.lower() if plan.out else ".jsonl", columns, len(plan.names.keep))
        folder, digest = lend_model(plan.model)
        self._task = Task(
            model=folder,
            model_hash=digest,
            unit=plan.unit,
            keep=plan.names.keep,
            encode=self._format.encode,
            noted=plan.inputs.from_store is not None,
        )
        self.parts: PartsOutput | None = None
        self.progress = BatchProgress(sys.stderr, shown=not plan.quiet, total=_total_bytes(plan))
        self._under_way: deque[Chunk] = deque()
        self._told = 0

    def go(self) -> None:
        """Begins or goes on, works through all chunks, and ends with a whole output."""
        plan = self._plan
        if plan.out is None:
            self._stream()
            return
        self.parts = PartsOutput(plan.out, plan.failed_file or failed_beside(plan.out), self._format)
        self.parts.begin(self._settings(), partial(print_inputs, plan.inputs.walk), resume=plan.resume)
        if self.parts.ledger.is_whole():
            for part in self.parts.ledger.parts():
                self.progress.count(part.records, part.rows, part.verdicts, part.failures, before=True)
        else:
            for chunk, done in self._work():
                self.parts.keep(chunk, done, self._failed_lines(chunk, done))
                self.progress.tell(chunk.position)
        failing = self.parts.finish(plan.inputs.tell_store)
        self._sum_up(f"rows are in {plan.out}" + (f", failed records in {self.parts.failed_file}" if failing else ""))

    def _stream(self) -> None:
        """To standard output, as it comes."""
        output = Output(sys.stdout, exact=True)
        failed_file = self._plan.failed_file
        with open_whole(failed_file) if failed_file else nullcontext() as failed:
            for chunk, done in self._work():
                output.write(done.output.decode("utf-8"))
                self._plan.inputs.tell_store(done.notes)
                if failed is not None:
                    failed.write(self._failed_lines(chunk, done))
                self.progress.tell(chunk.position)
        self._sum_up(f"failed records are in {failed_file}" if failed_file else "")

    def _work(self) -> Iterator[tuple[Chunk, Done]]:
        plan = self._plan
        chunks = self._not_done_before(cut_chunks(plan.inputs.records(), plan.chunk_bytes, lambda: plan.inputs.meter.read))
        with closing(run_chunks(chunks, partial(work_chunk, task=self._task), plan.workers)) as results:
            for done in results:
                chunk = self._under_way.popleft()
                failures: dict[str, int] = {}
                for one in done.failed:
                    failures[one.fault.code] = failures.get(one.fault.code, 0) + 1
                    self._tell_failure(f"{one.source}: {one.fault.message}")
                self.progress.count(done.records, done.rows, done.verdicts, failures)
                yield chunk, done

    def _not_done_before(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        for chunk in chunks:
            part = self.parts.done_before(chunk) if self.parts else None
            if part is None:
                self._under_way.append(chunk)
                yield chunk
            else:
                self.progress.count(part.records, part.rows, part.verdicts, part.failures, before=True)

    def _failed_lines(self, chunk: Chunk, done: Done) -> bytes:
        """The records of a chunk that failed, to be given to the command again: a row that could not be taken apart as it stood."""
        lines = []
        for one in done.failed:
            record = chunk.records[one.number]
            if record.line is not None:
                lines.append(record.line.rstrip(b"\r\n") + b"\n")
            else:
                described = describe_failed(record, one.fault, self._plan.names)
                lines.append(guard_json(json.dumps(described, ensure_ascii=False)).encode("utf-8") + b"\n")
        return b"".join(lines)

    def _settings(self) -> Mapping[str, Any]:
        from importlib.metadata import version

        plan, names = self._plan, self._plan.names
        return {
            "the model": f"{plan.model.name} {plan.model.version} ({self._task.model_hash[:16]})",
            "--unit": plan.unit,
            "--text-field": names.text,
            "--id-field": names.id,
            "--date-field": names.date,
            "--keep": list(names.keep),
            "--chunk-mb": plan.chunk_mb,
            "--new": plan.inputs.from_store,
            "nac-stance": version("nac-stance"),
        }

    def _tell_failure(self, line: str) -> None:
        self._told += 1
        if self._told <= MOST_TOLD:
            self.progress.clear()
            tell(line)
        elif self._told == MOST_TOLD + 1:
            self.progress.clear()
            tell("further failures are not told one by one.")

    def _sum_up(self, where: str) -> None:
        if self._plan.quiet:
            return
        self.progress.clear()
        if passed_over := self._plan.inputs.walk.passed_over:
            kinds = ", ".join(f"{name} {count:,}" for name, count in passed_over.most_common(5))
            tell(f"{passed_over.total():,} files of other kinds were passed over ({kinds})")
        tell(f"{self.progress.summary()}{'; ' + where if where else ''}")


def _total_bytes(plan: Plan) -> int | None:
    """Bytes of all inputs, for the time that is left; null with a pipe among them, or where nobody asks."""
    if plan.quiet:
        return None
    total = 0
    for found in plan.inputs.walk.files():
        if found.kind == "pipe":
            return None
        total += found.size
    return total
