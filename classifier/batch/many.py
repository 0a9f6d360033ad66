"""Scores many texts from Python: the rows of `nac batch`, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from classifier.batch.chunks import CHUNK_BYTES, cut_chunks
from classifier.batch.engine import run_chunks
from classifier.batch.places import Backend, Workers
from classifier.batch.record import UNITS, Fault, Record, Row, Task, Unit
from classifier.batch.work import lend_model, work_chunk
from classifier.scoring.artefact import AnyModel, load_model
from scraper.release import Release

Item = str | Release | Mapping[str, Any]


def score_many(
    iterable: Iterable[Item],
    *,
    model: AnyModel | str | Path | None = None,
    jobs: int = 1,
    unit: Unit = "release",
    keep: Iterable[str] = (),
    backend: Backend = "loky",
    address: str | None = None,
    chunk_bytes: int = CHUNK_BYTES,
) -> Iterator[Row]:
    """Scores texts as they come and yields their rows in the same order, whatever `jobs` is.

    What is held in memory does not grow with the number of texts, also where rows are taken slowly.

    Args:
        iterable: texts, releases, or mappings with `text` and, if known, `id`, `date`, `title`, `url`.
        model: a loaded model, its folder or name; null for the one in use.
        jobs: processes; -1 for one a core. With several, a record that kills its process is one failed row.
        unit: what a row is of.
        keep: fields of mappings that are handed on to the rows.
        backend: `loky` for processes of this machine, `dask` or `ray` for a cluster.
        address: the cluster's, where this process is not connected to it already.
        chunk_bytes: bytes of texts that a process is given at once, about.

    Yields:
        Rows as in `nac schema batch`. Where a text has none, `error` says why and the other values are null.

    Raises:
        ModelError: the model cannot be used.
        ValueError: an unknown unit, or sizes that are none.
        WorkersLost: the workers or the cluster are out of reach.
    """
    if unit not in UNITS or jobs == 0 or jobs < -1 or chunk_bytes < 1:
        raise ValueError(f"unit is one of {', '.join(UNITS)}, jobs -1 or above 0, chunk_bytes above 0")
    loaded = load_model(model) if model is None or isinstance(model, str | Path) else model
    kept = tuple(keep)
    folder, digest = lend_model(loaded)
    task = Task(model=folder, model_hash=digest, unit=unit, keep=kept)
    records = (record_of(item, number, kept) for number, item in enumerate(iterable, 1))
    workers = Workers(jobs=jobs, backend=backend, address=address)
    return _rows(cut_chunks(records, chunk_bytes), partial(work_chunk, task=task), workers)


def _rows(chunks: Any, work: Any, workers: Workers) -> Iterator[Row]:  # noqa: ANN401 - as `run_chunks` takes them
    with closing(run_chunks(chunks, work, workers)) as results:
        for done in results:
            yield from done.output


def record_of(item: object, number: int, keep: tuple[str, ...] = ()) -> Record:
    """The record of a text, a release or a mapping; of anything else one with a fault.

    Args:
        item: what was given.
        number: its own, from 1.
        keep: fields of a mapping that are handed on.
    """
    source = f"item {number}"
    if isinstance(item, str):
        return Record(source=source, id=str(number), text=item)
    if isinstance(item, Release):
        return Record(source=item.provenance.source, id=item.id, release=item)
    if not isinstance(item, Mapping):
        message = f"a {type(item).__name__} is neither text nor release nor mapping"
        return Record(source=source, id=str(number), fault=Fault("malformed", message))
    kept = tuple(item.get(name) for name in keep)
    id, title, date, url = (None if item.get(name) is None else str(item[name]) for name in ("id", "title", "date", "url"))
    text = item.get("text")
    if not isinstance(text, str):
        message = f"its text is {'missing' if text is None else type(text).__name__}"
        return Record(source=source, id=id or str(number), kept=kept, fault=Fault("malformed", message))
    own = id or (None if url else str(number))
    return Record(source=source, id=own, text=text, title=title, date=date, url=url, kept=kept)
