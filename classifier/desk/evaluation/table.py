"""Figures for a terminal: models and sets side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from classifier.desk.guard import guard_terminal
from classifier.learning.figures.names import MEASURES, RUNGS

Record = dict[str, Any]
WIDTH, FIRST = 26, 30
MOST_WORST = 3


def build_table(records: Sequence[Record]) -> str:
    """One block for each unit (releases, sentences), a column for each model and set."""
    blocks = []
    for unit in dict.fromkeys(record["model"]["unit"] for record in records):
        chosen = [record for record in records if record["model"]["unit"] == unit]
        blocks.append("\n".join(_block(unit, chosen)))
    return "\n\n".join(blocks) + "\n"


def _block(unit: str, records: Sequence[Record]) -> Iterator[str]:
    yield _line(f"{unit}s", [record["model"]["corpus"] for record in records])
    yield _line("model", [f"{record['model']['name']} {record['model']['version']}" for record in records])
    yield _line("answers", [_told(record) for record in records])
    yield _line("n (groups)", [f"{record['n']} ({record['model']['groups']})" for record in records])
    for key, name in MEASURES.items():
        yield _line(name, [show_value(record[key], record["intervals"].get(key)) for record in records])
    yield _line(
        "accuracy of the decided", [show_value(r["model"]["decided"]["accuracy"], r["model"]["decided"]["interval"]) for r in records]
    )
    if any(record["model"]["silent"] for record in records):
        yield _line("no stance, rightly", [_silent(record) for record in records])
    for name in dict.fromkeys(name for record in records for name in record["classes"]):
        for measure in ("precision", "recall"):
            yield _line(f"{measure} of {name}", [_of_class(record, name, measure) for record in records])
    for rung in dict.fromkeys(rung for record in records for rung in record["baselines"]):
        for measure in ("accuracy", "macro_f1"):
            yield _line(f"{RUNGS.get(rung, rung)[:18]}, {MEASURES[measure]}", [_of_rung(record, rung, measure) for record in records])
    if any(record["model"]["annotators"] for record in records):
        yield _line("annotators agree", [_ceiling(record) for record in records])
    for record in records:
        yield from _details(record, named=len(records) > 1)


def _line(name: str, cells: Sequence[str]) -> str:
    return (
        guard_terminal(name)[: FIRST - 1].ljust(FIRST) + "".join(guard_terminal(cell)[: WIDTH - 1].ljust(WIDTH) for cell in cells)
    ).rstrip()


def show_value(value: float | None, interval: Sequence[float] | None = None) -> str:
    """A figure with its interval, three decimals; a dash where it has no meaning."""
    if value is None:
        return "-"
    return f"{value:.3f}" + (f" ({interval[0]:.3f} to {interval[1]:.3f})" if interval else "")


def _told(record: Record) -> str:
    return "recorded, of its twin" if record["model"]["predictions"] == "recorded" else "made now"


def _silent(record: Record) -> str:
    silent = record["model"]["silent"]
    return f"{silent['answered_no_stance']:.3f} of {silent['n']}" if silent else "-"


def _of_class(record: Record, name: str, measure: str) -> str:
    found = record["per_class"].get(name)
    return show_value(found[measure], found["intervals"][measure]) if found else "-"


def _of_rung(record: Record, rung: str, measure: str) -> str:
    found = record["baselines"].get(rung)
    return show_value(found[measure], found["intervals"].get(measure)) if found else "-"


def _ceiling(record: Record) -> str:
    found = record["model"]["annotators"]
    kappa = f", kappa {found['kappa']:.2f}" if found and found["kappa"] is not None else ""
    return f"{found['percent']:.3f}{kappa}" if found else "-"


def _details(record: Record, *, named: bool) -> Iterator[str]:
    """Confusion, the paired test, and the worst errors of one record."""
    who = f" {record['model']['name']}, {record['model']['corpus']}" if named else ""
    yield ""
    yield guard_terminal(f"confusion{who} (rows: given, columns: answered)")
    yield "  " + "".ljust(18) + "".join(guard_terminal(name)[:13].rjust(14) for name in record["classes"])
    for name, row in zip(record["classes"], record["confusion"], strict=True):
        yield "  " + guard_terminal(name)[:17].ljust(18) + "".join(f"{count:14d}" for count in row)
    if paired := record["model"]["paired"]:
        yield from _paired(paired)
    if record["model"]["worst"]:
        yield "worst errors"
    for error in record["model"]["worst"][:MOST_WORST]:
        yield (
            "  "
            + guard_terminal(f"{error['id']}: {error['label']} answered {error['answer']} ({error['probability']:.3f}): {error['text']}")[
                :150
            ]
        )
        words = ", ".join(f"{part['feature']} {part['value']:+.2f}" for part in error["contributions"][:4])
        yield "    " + guard_terminal(words)[:146]


def _paired(paired: Record) -> Iterator[str]:
    test = paired["mcnemar"]
    yield guard_terminal(
        f"beside {paired['beside']}: only it right {test['only_first_right']}, only this right {test['only_second_right']}, "
        f"McNemar p {test['p']:.4f}"
    )
    for measure, found in paired["differences"].items():
        interval = found["interval"]
        told = (
            f"{found['value']:+.4f}" + (f" ({interval[0]:+.4f} to {interval[1]:+.4f})" if interval else "")
            if found["value"] is not None
            else "-"
        )
        yield f"  difference of {MEASURES[measure]}: {told}"
