"""What to do when a worker process dies: find the record that kills it, and go on without."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from classifier.batch.record import Chunk, Done, Fault, Record

if TYPE_CHECKING:
    from classifier.batch.places import Place

KILLER = Fault("worker_died", "the process that scored this record died each time it was tried")
_SIGNS = frozenset({"BrokenExecutor", "KilledWorker", "WorkerCrashedError", "RayActorError", "OutOfMemoryError", "NodeDiedError"})


class WorkersLost(Exception):
    """Workers die whatever they are given, or cannot be reached; the message says which, the hint what to do."""

    def __init__(self, message: str, *, hint: str = "go on with --resume, with fewer --jobs or smaller --chunk-mb") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def workers_were_lost(error: BaseException) -> bool:
    """Whether an error says that worker processes died, in the words of loky, Dask or Ray."""
    return not _SIGNS.isdisjoint(kind.__name__ for kind in type(error).__mro__)


def score_without_killers(chunk: Chunk, work: Callable[[Chunk], Done], place: Place) -> Done:
    """Does a chunk again with nothing beside it; where that kills its worker too, without the records that do.

    Raises:
        WorkersLost: the worker dies even without them.
    """
    done = _try(chunk, work, place)
    if done is not None:
        return done
    killers = find_killers(chunk, lambda part: _try(part, work, place) is not None)
    records = [_left_out(record) if number in killers else record for number, record in enumerate(chunk.records)]
    done = _try(replace(chunk, records=tuple(records)), work, place)
    if done is None:
        raise WorkersLost(f"workers die on records {chunk.first + 1} to {chunk.first + len(chunk.records)}, whichever is left out")
    return done


def _left_out(record: Record) -> Record:
    return replace(record, text=None, data=None, release=None, line=None, fault=KILLER)


def find_killers(chunk: Chunk, survives: Callable[[Chunk], bool]) -> set[int]:
    """The numbers of the records on which a worker dies, by halves; the chunk as a whole is known to kill."""
    found: set[int] = set()
    suspects: list[Sequence[int]] = [range(len(chunk.records))]
    while suspects:
        part = suspects.pop()
        if len(part) == 1:
            found.add(part[0])
            continue
        half = len(part) // 2
        for side in (part[:half], part[half:]):
            records: tuple[Record, ...] = tuple(chunk.records[i] for i in side)
            if not survives(replace(chunk, records=records)):
                suspects.append(side)
    return found


def _try(chunk: Chunk, work: Callable[[Chunk], Done], place: Place) -> Done | None:
    """One chunk alone in a worker; null if that died of it."""
    try:
        return next(iter(place.run(work, iter((chunk,)))))
    except Exception as error:
        if workers_were_lost(error):
            return None
        raise
