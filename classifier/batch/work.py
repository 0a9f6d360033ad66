"""What is done to a chunk, in whichever process: read its records, score them, make their rows."""

from __future__ import annotations

import gc
from collections import Counter
from dataclasses import replace
from functools import cache

from classifier.batch.record import Chunk, Done, Failed, Fault, Note, Record, Row, Task
from classifier.batch.rows import RowMaker
from classifier.batch.scoring import score_chunk
from classifier.scoring.artefact import AnyModel, load_model
from classifier.scoring.errors import ModelError
from classifier.scoring.identity import model_hash
from classifier.scoring.verdict import ReleaseScore
from scraper.errors import ScraperError
from scraper.given_text import Known, build_release
from scraper.release import Provenance, Release

LARGEST_TEXT = 20_000_000
"""Bytes of a file, or characters of a text, above which it is not scored."""


def work_chunk(chunk: Chunk, task: Task) -> Done:
    """Scores a chunk. The same chunk and task give the same answer anywhere.

    Raises:
        ModelError: this process has no such model, or another one of that name.
    """
    model = open_model(task.model, task.model_hash)
    maker = _row_maker(task)
    read = [read_record(record) for record in chunk.records]
    scores = score_chunk([release for release in read if isinstance(release, Release)], model)
    rows: list[Row] = []
    failed: list[Failed] = []
    notes: list[Note] = []
    for number, (record, release) in enumerate(zip(chunk.records, read, strict=True)):
        result = next(scores) if isinstance(release, Release) else release
        if isinstance(result, Fault) or isinstance(release, Fault):
            fault = result if isinstance(result, Fault) else Fault("not_scored", "no score was made")
            failed.append(Failed(number, record.source, fault))
            rows.append(maker.failed(record.id or record.source, fault, _kept(record, task)))
            if task.noted:
                notes.append(Note(record.source, None, None, None, None, {"error": str(fault)}))
        else:
            rows += maker.scored(release, result, _kept(record, task))
            if task.noted:
                notes.append(take_note(record.source, release, result))
    verdicts = Counter(row["verdict"] for row in rows if row["error"] is None)
    output = task.encode(rows) if task.encode else rows
    return Done(chunk.number, len(chunk.records), len(rows), output, dict(verdicts), tuple(failed), tuple(notes))


def take_note(source: str, release: Release, result: ReleaseScore) -> Note:
    """What is kept of the score of a release, beside its verdict."""
    low, high = result.interval or (None, None)
    values = {
        **{"id": release.id, "title": release.title, "date": release.date, "url": release.url, "language": release.language},
        **{"verdict": result.verdict, "probability": result.probability, "probabilities": dict(result.probabilities)},
        **{"interval": [low, high] if result.interval else None, "index": result.index},
        **{"stance_probability": result.stance_probability, "signals": dict(result.signals), "model": dict(result.model)},
    }
    return Note(source, result.verdict, result.probability, low, high, values)


def _kept(record: Record, task: Task) -> tuple[object, ...]:
    return record.kept if record.kept else (None,) * len(task.keep)


_lent: dict[tuple[str, str], AnyModel] = {}


def lend_model(model: AnyModel) -> tuple[str, str]:
    """Lets work in this process use a model that is loaded already; answers with the folder and the hash by which a task names it."""
    key = (str(model.folder), model_hash(model))
    _lent[key] = model
    return key


@cache
def open_model(model: str, expected: str) -> AnyModel:
    """Loads a model once in each process and makes sure that it is the one that was meant.

    Raises:
        ModelError: there is none, it is damaged, or it is another one.
    """
    if (model, expected) in _lent:
        return _lent[model, expected]
    loaded = load_model(model)
    if model_hash(loaded) != expected:
        message = f"the model {loaded.name} of this process is not the one of the process that asked"
        raise ModelError(message, hint="give every machine the same model folder and the same version of nac-stance")
    gc.freeze()  # this process scores and nothing else: what is loaded now stays, and need not be looked through again
    return loaded


@cache
def _row_maker(task: Task) -> RowMaker:
    return RowMaker(open_model(task.model, task.model_hash), task.unit, task.keep)


def read_record(record: Record) -> Release | Fault:
    """The release of a record, or why there is none."""
    if record.fault is not None:
        return record.fault
    try:
        release = record.release or _read(record)
    except ScraperError as error:
        return Fault(error.code, error.message.removeprefix(f"{record.source}: "))
    except Exception as error:  # noqa: BLE001 - one poisoned page must not end the run
        return Fault("unreadable", f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")
    if len(release.text) > LARGEST_TEXT:
        return too_large()
    if release.language not in (None, "en"):
        return Fault("not_english", f"the text is in another language ({release.language}), and only English is scored")
    return release


def _read(record: Record) -> Release:
    """Reads the bytes of a file, or a text as it was given; its own name is what a message leaves out."""
    if record.data is not None:
        from scraper.read import read_release  # loads the readers of files, which rows do without

        release = read_release(record.data, source_name=record.source)
        return replace(release, id=record.id) if record.id else release
    if record.text is not None and len(record.text) > LARGEST_TEXT:
        raise _TooLarge(too_large().message)
    provenance = Provenance(source=record.source, layout="row", url=record.url)
    known = Known(id=record.id, title=record.title, date=record.date, url=record.url)
    return build_release(record.text or "", provenance, known)


class _TooLarge(ScraperError):
    code = "too_large"


def too_large() -> Fault:
    """The fault of what is more than one statement can be."""
    return Fault("too_large", f"more than {LARGEST_TEXT // 1_000_000} MB of text, which is more than is scored at once")
