"""Records put together by size, so that a chunk costs about as much whatever its texts are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator

from classifier.batch.record import Chunk, Record

CHUNK_BYTES = 4 * 2**20
MOST_RECORDS = 1000
"""Records in one chunk at most: rows of a few words are many to a megabyte, and cost more than their bytes."""


def cut_chunks(records: Iterable[Record], size: int = CHUNK_BYTES, position: Callable[[], int] = lambda: 0) -> Iterator[Chunk]:
    """Groups records in order; where a chunk ends depends on the records alone.

    Args:
        records: in order; read as chunks are asked for.
        size: bytes of a chunk, about; a larger record is a chunk of its own.
        position: how many bytes of the inputs have been read.
    """
    gathered: list[Record] = []
    number = first = weight = 0
    for record in records:
        own = record.weight
        if gathered and (weight + own > size or len(gathered) >= MOST_RECORDS):
            yield Chunk(number, first, tuple(gathered), position())
            number, first, weight, gathered = number + 1, first + len(gathered), 0, []
        gathered.append(record)
        weight += own
    if gathered:
        yield Chunk(number, first, tuple(gathered), position())


def chunk_hash(chunk: Chunk) -> str:
    """SHA-256 of all that its records say, in hexadecimal."""
    digest = hashlib.sha256()
    for record in chunk.records:
        release = record.release
        text = b"" if record.text is None else record.text.encode("utf-8", "surrogatepass")
        size = None if record.text is None else len(text)
        said = (record.source, record.id, size, record.title, record.date, record.url, record.kept, record.fault, record.line)
        digest.update(repr(said).encode("utf-8", "surrogatepass"))
        digest.update(text)
        digest.update(record.data or b"")
        digest.update(repr(release).encode("utf-8", "surrogatepass") if release else b"")
    return digest.hexdigest()
