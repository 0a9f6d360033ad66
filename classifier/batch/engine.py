"""Runs chunks through workers, in order: in this process, in several (joblib), or on a cluster (joblib's Dask and Ray).

No more than a few chunks for each worker are read ahead of what has been taken: `waiting` is filled by who takes
the results, and joblib is fed from it. Where nobody takes results, it runs dry and nothing more is read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing

from classifier.batch.lost import WorkersLost, score_without_killers, workers_were_lost
from classifier.batch.places import Place, Workers, open_place
from classifier.batch.record import Chunk, Done

CHUNKS_AHEAD = 2
"""Chunks read ahead for each worker."""

Work = Callable[[Chunk], Done]


def run_chunks(chunks: Iterator[Chunk], work: Work, workers: Workers) -> Generator[Done, None, None]:
    """Yields what became of each chunk, in their order.

    A worker process that dies takes nothing with it: the chunks it may have had are done again, one at a time,
    and of one that kills its worker again the guilty records are found and left out, each with a fault of its own.

    Args:
        chunks: read as they are needed, in the caller's thread.
        work: what is done to a chunk; it must be importable where it runs.
        workers: how many, and where.

    Raises:
        WorkersLost: workers die whatever they are given, or the cluster is out of reach.
        Exception: what `work` raises.
    """
    if workers.alone:
        yield from map(work, chunks)
        return
    with open_place(workers) as place:
        waiting: deque[Chunk] = deque()
        while fill(waiting, chunks, CHUNKS_AHEAD * place.size):
            yield from _run_while_fed(waiting, chunks, work, place)


def fill(waiting: deque[Chunk], chunks: Iterator[Chunk], most: int) -> bool:
    """Reads chunks until `most` are waiting or there are no more; answers whether any is waiting."""
    while len(waiting) < most:
        chunk = next(chunks, None)
        if chunk is None:
            break
        waiting.append(chunk)
    return bool(waiting)


def _run_while_fed(waiting: deque[Chunk], chunks: Iterator[Chunk], work: Work, place: Place) -> Generator[Done, None, None]:
    started: deque[Chunk] = deque()

    def feed() -> Iterator[Chunk]:
        # joblib's own threads run this: it must neither wait nor raise.
        while waiting:
            started.append(waiting[0])
            yield waiting.popleft()

    try:
        with closing(place.run(work, feed())) as results:
            for done in results:
                started.popleft()
                yield done
                fill(waiting, chunks, CHUNKS_AHEAD * place.size)
    except Exception as error:
        if not workers_were_lost(error):
            raise
        if not started:
            raise WorkersLost(f"the workers were lost before they were given anything ({type(error).__name__})") from error
    while started:
        yield score_without_killers(started[0], work, place)
        started.popleft()
