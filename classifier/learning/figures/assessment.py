"""The record of `nac evaluate`: every figure of one model on one set of rows, in plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from classifier.learning.figures.answering import answer, outcomes_of
from classifier.learning.figures.answers import Answers, Row, truth_of
from classifier.learning.figures.ceiling import find_ceiling
from classifier.learning.figures.curves import reliability, risk_coverage
from classifier.learning.figures.intervals import LEVEL, RESAMPLES, find_class_intervals, find_intervals, rounded, rounded_all, rounded_pair
from classifier.learning.figures.ladder import climb
from classifier.learning.figures.measured_rows import Chosen
from classifier.learning.figures.measures import PER_CLASS, TOP, Measured, per_class
from classifier.learning.figures.slices import measure_slices
from classifier.learning.figures.worst import find_worst
from classifier.learning.labelled.row import CorpusError
from classifier.scoring.artefact import AnyModel

Record = dict[str, Any]


def assess(
    chosen: Chosen,
    model: AnyModel,
    *,
    source: str,
    train: Sequence[Row] = (),
    recorded: tuple[Answers, Answers | None] | None = None,
    tick: Callable[[], None] = lambda: None,
) -> tuple[Record, Measured]:
    """Measures a model on the rows chosen for it.

    Args:
        chosen: from `choose_rows`.
        model: a loaded model.
        source: name of the corpus or set.
        train: rows to fit the baselines to; without any, only baselines that need no fitting are given.
        recorded: answers on the rows, and on the silent ones, made earlier by the model's twin, which had not seen them;
            null to score now.
        tick: called after each scored text.

    Returns:
        The record (see `schemas/evaluate.json`), and the measures, to compare with another model's on the same rows.

    Raises:
        CorpusError: the training rows of the baselines hold fewer than two of the classes.
    """
    outcomes = outcomes_of(model, chosen.unit)
    answers, silent = recorded or (answer(chosen.rows, model, chosen.unit, tick=tick), None)
    if silent is None and chosen.silent:
        silent = answer(chosen.silent, model, chosen.unit, tick=tick)
    truth, groups = truth_of(chosen.rows, outcomes), [row.group for row in chosen.rows]
    measured = Measured(truth, answers)
    record = measure_record(measured, groups)
    record["baselines"] = _measure_baselines(chosen.rows, measured, train, outcomes, model, groups)
    record["model"] = {
        "name": model.name,
        "version": model.version,
        "corpus": source,
        "unit": chosen.unit,
        "predictions": "recorded" if recorded else "live",
        "groups": len(set(groups)),
        "interval_level": LEVEL,
        "resamples": RESAMPLES,
        "decided": _decided(record, measured),
        "silent": _silent(silent),
        "set_aside": chosen.set_aside,
        "annotators": find_ceiling((*chosen.rows, *chosen.silent, *chosen.aside), outcomes),
        "reliability": reliability(measured),
        "risk_coverage": risk_coverage(measured),
        "slices": measure_slices(chosen.rows, truth, answers, groups),
        "worst": find_worst(chosen.rows, measured, model, chosen.unit),
        "paired": None,
    }
    record["intervals"].pop("decided_accuracy")
    return record, measured


def measure_record(measured: Measured, groups: Sequence[str]) -> Record:
    """The figures that any answers have: counts, measures, per class, confusion, intervals."""
    whole = np.ones(len(measured.truth), dtype=np.intp)
    scalars = measured.scalars(whole)
    table = measured.confusion()
    shares = per_class(table)
    intervals, of_class = find_intervals(measured, groups), find_class_intervals(measured, groups)
    outcomes = measured.answers.outcomes
    return {
        "n": len(measured.truth),
        "classes": list(outcomes),
        **rounded_all({name: scalars[name] for name in TOP}),
        "per_class": {
            name: {
                "n": int(table[c].sum()),
                **{measure: rounded(shares[measure][c]) for measure in PER_CLASS},
                "intervals": {measure: rounded_pair(of_class[c][measure]) for measure in PER_CLASS},
            }
            for c, name in enumerate(outcomes)
        },
        "confusion": table.astype(int).tolist(),
        "intervals": {name: rounded_pair(pair) for name, pair in intervals.items()},
        "baselines": {},
        "model": {},
    }


def _decided(record: Record, measured: Measured) -> Record:
    """How often the texts that were answered with an outcome, and not with `no stance`, were answered rightly."""
    scalars = measured.scalars(np.ones(len(measured.truth), dtype=np.intp))
    return {
        "n": int(measured.answers.decided.sum()),
        "accuracy": rounded(scalars["decided_accuracy"]),
        "interval": record["intervals"]["decided_accuracy"],
    }


def _silent(answers: Answers | None) -> Record | None:
    """Of the texts labelled as taking no stance: how many were answered `no stance`."""
    if answers is None or not len(answers.decided):
        return None
    return {"n": len(answers.decided), "answered_no_stance": rounded(float((~answers.decided).mean()))}


def _measure_baselines(
    rows: Sequence[Row], measured: Measured, train: Sequence[Row], outcomes: tuple[str, ...], model: AnyModel, groups: Sequence[str]
) -> Mapping[str, Any]:
    fitting = [row for row in train if row.label in outcomes]
    if train and len({row.label for row in fitting}) < 2:
        raise CorpusError(
            f"the training rows of the baselines hold fewer than two of {', '.join(outcomes)}",
            hint="give another file with --baseline-train",
        )
    if not fitting:
        return {}
    found = {}
    for name, answers in climb(fitting, rows, outcomes, model):
        record = measure_record(Measured(measured.truth, answers), groups)
        kept = {key: record[key] for key in ("n", *TOP)}
        intervals = {key: record["intervals"][key] for key in TOP}
        found[name] = {**kept, "intervals": intervals, "fitted_on": len(fitting)}
    return found
