"""Figures as one HTML file that needs nothing else: no script, nothing from elsewhere, plots drawn by ourselves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

from jinja2 import Template
from markupsafe import Markup

from classifier.desk.evaluation.plots import bar, plot_reliability, plot_risk, shade
from classifier.desk.evaluation.table import show_value
from classifier.desk.report import TEMPLATES, hash_style, make_environment
from classifier.learning.figures.names import MEASURES, RUNGS

Record = dict[str, Any]
LADDER = ("accuracy", "macro_f1", "weighted_f1", "roc_auc", "brier", "log_loss", "ece")
SLICED = ("accuracy", "macro_f1", "roc_auc", "brier")


def build_page(records: Sequence[Record]) -> list[str]:
    """The page in pieces, ready to be written one after the other."""
    style = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("report.css", "evaluation.css"))
    return list(
        _template().generate(
            sections=[_section(record, number) for number, record in enumerate(records, 1)],
            style=Markup(style),  # ours, and let in by its hash alone
            style_hash=hash_style(style),
            generator=f"nac-stance {version('nac-stance')}",
            measures=MEASURES,
        )
    )


@cache
def _template() -> Template:
    return make_environment().get_template("evaluation.html")


def _section(record: Record, number: int) -> dict[str, Any]:
    model = record["model"]
    two = len(record["classes"]) == 2
    return {
        "anchor": f"e{number}",
        "heading": f"{model['name']} {model['version']} on {model['corpus']}, {model['unit']}s",
        "record": record,
        "model": model,
        "summary": f"accuracy {show_value(record['accuracy'], record['intervals'].get('accuracy'))}",
        "figures": [
            {"name": name, "told": show_value(record[key], record["intervals"].get(key)), "bar": _bar(record, key)}
            for key, name in MEASURES.items()
        ],
        "decided": show_value(model["decided"]["accuracy"], model["decided"]["interval"]),
        "ladder": _ladder(record, _rungs_of(record)),
        "ladder_names": [MEASURES[key] for key in _rungs_of(record)],
        "confusion": [
            {"name": name, "cells": [{"n": n, "shade": shade(n, sum(row))} for n in row], **_class_row(record, name)}
            for name, row in zip(record["classes"], record["confusion"], strict=True)
        ],
        "reliability": plot_reliability(model["reliability"]),
        "event": f"of {record['classes'][0]}" if two else "of the likeliest class",
        "risk": plot_risk(model["risk_coverage"], model["decided"], record["coverage"]),
        "slices": {field: [_slice(part) for part in parts] for field, parts in model["slices"].items() if parts},
        "slice_names": [MEASURES[key] for key in SLICED],
        "paired": _paired(model["paired"]),
    }


def _bar(record: Record, key: str) -> dict[str, float] | None:
    if key == "log_loss" or (key == "brier" and len(record["classes"]) > 2):
        return None  # not on a scale from 0 to 1
    return bar(record[key], record["intervals"].get(key))


def _class_row(record: Record, name: str) -> dict[str, Any]:
    found = record["per_class"][name]
    return {"n": found["n"], "shares": [show_value(found[key], found["intervals"][key]) for key in ("precision", "recall", "f1")]}


def _rungs_of(record: Record) -> list[str]:
    """The measures that some baseline has."""
    return [key for key in LADDER if any(found.get(key) is not None for found in record["baselines"].values())]


def _ladder(record: Record, keys: Sequence[str]) -> list[dict[str, Any]]:
    rungs = [
        {"name": RUNGS.get(rung, rung), "note": _fitted(found["fitted_on"]), "cells": _cells(found, keys)}
        for rung, found in record["baselines"].items()
    ]
    return [*rungs, {"name": "this model", "note": "", "cells": _cells(record, keys)}]


def _fitted(fitted: object) -> str:
    return f"fitted to {fitted} texts" if isinstance(fitted, int) else str(fitted)


def _cells(found: Record, keys: Sequence[str]) -> list[str]:
    return [show_value(found[key], found["intervals"].get(key)) for key in keys]


def _slice(part: Record) -> dict[str, Any]:
    return {
        "value": part["value"],
        "n": part["n"],
        "cells": _cells(part, SLICED),
        "bar": bar(part["accuracy"], part["intervals"]["accuracy"]),
    }


def _paired(paired: Record | None) -> dict[str, Any] | None:
    if not paired:
        return None
    rows = []
    for key, found in paired["differences"].items():
        low, high = found["interval"] or (None, None)
        told = "-" if found["value"] is None else f"{found['value']:+.4f}"
        told += f" ({low:+.4f} to {high:+.4f})" if low is not None else ""
        rows.append({"name": MEASURES[key], "told": told, "worse": show_value(found["worse"])})
    return {"beside": paired["beside"], "mcnemar": paired["mcnemar"], "rows": rows}
