"""Measures one or more models on a corpus, or on the project's own test sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.learning.figures.answering import outcomes_of
from classifier.learning.figures.answers import UNITS, Answers, Row
from classifier.learning.figures.assessment import assess
from classifier.learning.figures.corpus_rows import read_rows
from classifier.learning.figures.measured_rows import Chosen, choose_rows
from classifier.learning.figures.measures import Measured
from classifier.learning.figures.names import TIME_SPLIT
from classifier.learning.figures.pairs import compare_pair
from classifier.learning.figures.recorded import read_metrics, recorded_baselines
from classifier.learning.figures.sets import load_set
from classifier.learning.figures.tested import read_tested, recall
from classifier.learning.labelled.row import Fields
from classifier.scoring.artefact import AnyModel

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is measured; see the options of `nac evaluate`."""

    models: Sequence[AnyModel]
    corpus: Path | None = None
    fields: Fields = Fields()
    split: str | None = None
    unit: str | None = None
    ignored: Sequence[str] = ()
    sets: Sequence[str] = ()
    data: Path | None = None
    baseline_train: Path | None = None
    tell: Callable[[str], None] = lambda message: None
    tick: Callable[[], None] = lambda: None


def evaluate_all(wish: Wish) -> list[Record]:
    """Records, set after set, unit after unit, and for each of them model after model.

    Raises:
        CorpusError: a corpus or its labels cannot be used; the message says which and what to do.
        ModelError: a model's recorded answers cannot be read.
    """
    records: list[Record] = []
    for source, unit, rows, train in _tasks(wish):
        done: list[tuple[Chosen, Record, Measured]] = []
        for model in wish.models:
            chosen = choose_rows(rows, model, source=source, unit=unit, ignored=wish.ignored)
            _tell_set_aside(chosen, source, model, wish)
            recorded = _recall(model, source, chosen, wish) if wish.sets else None
            record, measured = assess(chosen, model, source=source, train=train, recorded=recorded, tick=wish.tick)
            if wish.sets and not train:
                record["baselines"] = recorded_baselines(read_metrics(model.folder), source, chosen.unit)
            record["model"]["paired"] = _pair(done, chosen, measured)
            done.append((chosen, record, measured))
        records += [record for _, record, _ in done]
    return records


def _tasks(wish: Wish) -> list[tuple[str, str | None, Sequence[Row], Sequence[Row]]]:
    """(source, unit or null, rows, training rows of the baselines)."""
    train = read_rows(wish.baseline_train, wish.fields) if wish.baseline_train else []
    if wish.corpus is not None:
        return [(wish.corpus.name, wish.unit, read_rows(wish.corpus, wish.fields, split=wish.split), train)]
    tasks: list[tuple[str, str | None, Sequence[Row], Sequence[Row]]] = []
    for name in wish.sets:
        loaded = load_set(name, wish.data)
        tasks += [(name, unit, loaded[unit], ()) for unit in UNITS if wish.unit in (None, unit)]
    return sorted(tasks, key=lambda task: UNITS.index(str(task[1])))


def _tell_set_aside(chosen: Chosen, source: str, model: AnyModel, wish: Wish) -> None:
    if chosen.set_aside and model is wish.models[0]:
        named = ", ".join(f"{count} {name!r}" for name, count in chosen.set_aside.items())
        wish.tell(f"{source}, {chosen.unit}s: set aside, as of no class: {named}")


def _recall(model: AnyModel, source: str, chosen: Chosen, wish: Wish) -> tuple[Answers, Answers | None] | None:
    """Answers of the model's twin; null, with a warning where the model may have seen the set, if there are none."""
    tested = read_tested(model.folder).get((source, chosen.unit), {})
    outcomes = outcomes_of(model, chosen.unit)
    answers = recall(tested, chosen.rows, outcomes) if tested else None
    if answers is not None:
        return answers, recall(tested, chosen.silent, outcomes)
    if source == TIME_SPLIT:
        wish.tell(f"{model.name} has no recorded answers on {source}: if these texts were among its training texts, the figures flatter it")
    return None


def _pair(done: Sequence[tuple[Chosen, Record, Measured]], chosen: Chosen, measured: Measured) -> Record | None:
    """The test beside the first model, where both answered the same question on the same rows."""
    if not done:
        return None
    first, record, before = done[0]
    if first.rows != chosen.rows or before.answers.outcomes != measured.answers.outcomes:
        return None
    return {"beside": record["model"]["name"], **compare_pair(before, measured, [row.group for row in chosen.rows])}
