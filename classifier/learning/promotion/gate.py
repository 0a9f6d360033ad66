"""Holds a challenger against the champion: on the fixed test sets, on slices of them, and on the tables of behaviour."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from classifier.learning.figures.answering import answer, outcomes_of
from classifier.learning.figures.answers import UNITS, Answers, Row, truth_of
from classifier.learning.figures.measured_rows import NONE, UNSETTLED, choose_rows
from classifier.learning.figures.measures import SCALARS, Measured
from classifier.learning.figures.names import COUNCIL, SETS
from classifier.learning.figures.pairs import paired_differences
from classifier.learning.figures.sets import load_set
from classifier.learning.figures.slices import year_of
from classifier.learning.figures.tested import read_tested, recall, rows_of
from classifier.learning.labelled.row import CorpusError
from classifier.learning.promotion.behaviour import NAMES, passed
from classifier.learning.promotion.own_test import MEASURES, find_shared
from classifier.scoring.artefact import AnyModel

GATE = Path(__file__).parent / "gate.toml"
LEAST_ROWS = 10
FIELDS: dict[str, Callable[[Row], str]] = {"year": year_of, "kind": lambda row: row.kind, "topic": lambda row: row.topic}


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison: `held` unless the challenger is worse beyond noise; null figures where nothing could be measured."""

    what: str
    held: bool
    told: str
    n: int = 0
    difference: float | None = None
    worse: float | None = None


@dataclass(frozen=True, slots=True)
class SetCheck:
    """Measures to compare on a set, or on the rows of it whose `field` begins with `value`."""

    set: str
    unit: str
    measures: tuple[str, ...]
    field: str = ""
    value: str = ""

    @property
    def name(self) -> str:
        """What it is called in the report."""
        part = f", {self.field} {self.value}" if self.field else ""
        return f"{self.set} {self.unit}s{part}"


@dataclass(frozen=True, slots=True)
class Gate:
    """What must hold; see `gate.toml`."""

    level: float
    checks: tuple[SetCheck, ...]
    tables: tuple[str, ...]
    most_lost: int


def read_gate(path: Path = GATE) -> Gate:
    """Reads a gate.

    Raises:
        CorpusError: the file is missing or holds something that no gate has.
    """
    try:
        with path.open("rb") as stream:
            found = tomllib.load(stream)
        checks = tuple(SetCheck(**{**row, "measures": tuple(row["measures"])}) for row in found.get("check", []))
        behaviour = found.get("behaviour", {})
        gate = Gate(float(found["level"]), checks, tuple(behaviour.get("tables", ())), int(behaviour.get("most_lost", 0)))
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror})", hint="name a gate with --gate", exit_code=1) from error
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{path}: is no gate: {str(error)[:200]}", hint="see the one that is shipped: gate.toml") from error
    wrong = [c.set for c in checks if c.set not in SETS] + [c.unit for c in checks if c.unit not in UNITS]
    wrong += [c.field for c in checks if c.field and c.field not in FIELDS] + [m for c in checks for m in c.measures if m not in SCALARS]
    wrong += [name for name in gate.tables if name not in NAMES]
    if wrong or not 0.5 <= gate.level <= 1:
        raise CorpusError(
            f"{path}: is no gate: {wrong[0] if wrong else gate.level!r} is not known", hint="see the one that is shipped: gate.toml"
        )
    return gate


def hold(challenger: AnyModel, champion: AnyModel, gate: Gate, data: Path | None) -> list[Finding]:
    """Every check of the gate, in its order."""
    if (challenger.classes, challenger.poles) != (champion.classes, champion.poles):
        told = f"{challenger.name} tells {', '.join(challenger.classes)} apart, {champion.name} {', '.join(champion.classes)}"
        return [Finding("classes", False, f"{told}: no test is the same for both")]
    if not _knows_sets(champion.classes):
        return _hold_own(champion.folder, challenger.folder, champion.poles or champion.classes, gate.level)
    findings: list[Finding] = []
    for check in gate.checks:
        findings += _hold_set(check, challenger, champion, gate, data)
    for table in gate.tables:
        findings.append(_hold_table(table, challenger, champion, gate.most_lost))
    return findings


def summary(findings: Sequence[Finding]) -> dict[str, Any]:
    """What the ledger keeps of a gate."""
    return {"held": all(f.held for f in findings), "findings": [asdict(finding) for finding in findings]}


def _knows_sets(classes: Sequence[str]) -> bool:
    """Whether the project's own test sets and tables are of these classes."""
    return {row.label for row in load_set(COUNCIL, None)["release"]} - {*NONE, *UNSETTLED} <= set(classes)


def _hold_own(champion: Path, challenger: Path, outcomes: tuple[str, ...], level: float) -> list[Finding]:
    """Models of other classes: on the held-out rows that both have answered."""
    findings = []
    for name, (before, after, groups) in sorted(find_shared(champion, challenger, outcomes).items()):
        if len(groups) >= LEAST_ROWS:
            found = paired_differences(before, after, groups, MEASURES)
            findings += [_judge(f"{name}: {measure}", values, len(groups), level) for measure, values in found.items()]
    return findings or [
        Finding("held-out rows", False, "there are no rows that both have answered: train both on one corpus with one split")
    ]


def _hold_set(check: SetCheck, challenger: AnyModel, champion: AnyModel, gate: Gate, data: Path | None) -> list[Finding]:
    rows = _rows(check, challenger, champion, data)
    if isinstance(rows, Finding):
        return [rows]
    chosen = choose_rows(rows, champion, source=check.set, unit=check.unit)
    measured_rows = [row for row in chosen.rows if not check.field or FIELDS[check.field](row).startswith(check.value)]
    if len(measured_rows) < LEAST_ROWS:
        return [Finding(check.name, True, f"{len(measured_rows)} rows: too few to compare", len(measured_rows))]
    pair = [_measure(model, check, measured_rows) for model in (champion, challenger)]
    if pair[0] is None or pair[1] is None:
        name = champion.name if pair[0] is None else challenger.name
        return [Finding(check.name, False, f"{name} has no recorded answers, and the texts are not here: name their folder with --data")]
    groups = [row.group for row in measured_rows]
    found = paired_differences(pair[0], pair[1], groups, check.measures)
    return [_judge(f"{check.name}: {measure}", values, len(measured_rows), gate.level) for measure, values in found.items()]


def _judge(what: str, values: Mapping[str, Any], n: int, level: float) -> Finding:
    low, high = values["interval"] or (None, None)
    held = values["worse"] is None or values["worse"] < level
    told = f"{values['value']:+.4f}" if values["value"] is not None else "-"
    told += f" ({low:+.4f} to {high:+.4f})" if low is not None else ""
    return Finding(what, held, told, n, values["value"], values["worse"])


def _rows(check: SetCheck, challenger: AnyModel, champion: AnyModel, data: Path | None) -> Sequence[Row] | Finding:
    """The set's rows; without the texts, those that both models' recorded answers name."""
    try:
        return load_set(check.set, data)[check.unit]
    except CorpusError as error:
        if check.set == COUNCIL or data is not None:
            raise
        tested = [read_tested(model.folder).get((check.set, check.unit), {}) for model in (champion, challenger)]
        if tested[0] and set(tested[0]) == set(tested[1]):
            return rows_of(tested[0])
        return Finding(check.name, False, f"{error.message}: {error.hint}")


def _measure(model: AnyModel, check: SetCheck, rows: Sequence[Row]) -> Measured | None:
    outcomes = outcomes_of(model, check.unit)
    answers: Answers | None = recall(read_tested(model.folder).get((check.set, check.unit), {}), rows, outcomes)
    if answers is None:
        if not all(row.text for row in rows):
            return None
        answers = answer(rows, model, check.unit)
    return Measured(truth_of(rows, outcomes), answers)


def _hold_table(table: str, challenger: AnyModel, champion: AnyModel, most_lost: int) -> Finding:
    before, after = passed(table, champion), passed(table, challenger)
    lost, won = sorted(before - after), sorted(after - before)
    told = f"{len(after)} passed, {len(before)} before" + (f"; lost {', '.join(lost[:8])}{' ...' if len(lost) > 8 else ''}" if lost else "")
    return Finding(f"behaviour: {table}", len(after) >= len(before) - most_lost, told, len(before | after), float(len(won) - len(lost)))
