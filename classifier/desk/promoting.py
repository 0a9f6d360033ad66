"""Promotes a model: takes a folder in where one is named, holds it against the model in use, and puts it in its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.desk.guard import guard_terminal
from classifier.learning.export import export_folder
from classifier.learning.promotion.gate import GATE, Finding, hold, read_gate, summary
from classifier.learning.promotion.ledger import check_own, own_models, put_in_use
from classifier.scoring.artefact import AnyModel, load_model
from classifier.scoring.errors import ModelError
from classifier.scoring.places import find_named, is_model_name


@dataclass(frozen=True, slots=True)
class Promotion:
    """What came of it: the findings of the gate, and whether the model is in use now."""

    name: str
    promoted: bool
    champion: str
    findings: tuple[Finding, ...]
    forced: bool

    @property
    def record(self) -> dict[str, Any]:
        """In plain values."""
        told = {"name": self.name, "champion": self.champion, "promoted": self.promoted, "forced": self.forced}
        return {**told, "gate": summary(self.findings)}

    @property
    def lines(self) -> list[str]:
        """For a terminal."""
        lines = [f"{'ok  ' if f.held else 'FAIL'} {f.what} {f.told}{f' (n {f.n})' if f.n else ''}" for f in self.findings]
        if self.promoted:
            lines.append(f"{self.name} is in use{', by force' if self.forced else ''}; before it was {self.champion}")
        return [guard_terminal(line) for line in lines]


def promote(model: str, *, data: Path | None, gate: Path | None, force: bool, reason: str) -> Promotion:
    """Puts a model in use if the gate holds, or by force.

    Raises:
        ModelError: the model cannot be used or is in use already.
        CorpusError: the gate, or the texts of a set, cannot be read.
    """
    check_own()
    rules = read_gate(gate or GATE)
    challenger = load_model(model)
    name = challenger.folder.name
    try:
        champion = load_model()
    except ModelError as error:
        if not force:
            hint = f"the model in use cannot be compared with ({error.message}); --force promotes all the same"
            raise ModelError(f"{name} is not promoted", hint=hint) from error
        findings = [Finding("champion", False, error.message)]
        told = "a model that cannot be used"
    else:
        told = champion.folder.name
        if champion.folder == challenger.folder:
            raise ModelError(f"{name} is in use already", hint="see all models with nac models list")
        findings = hold(challenger, champion, rules, data)
    held = all(finding.held for finding in findings)
    if held or force:
        put_in_use(_take_in(challenger), reason=reason, forced=not held, checks=summary(findings))
    return Promotion(name, held or force, told, tuple(findings), not held and force)


def _take_in(model: AnyModel) -> str:
    """The name under which a model is found; a folder that lies elsewhere is copied among the user's own first."""
    name = model.folder.name
    if not is_model_name(name):
        raise ModelError(f"{name!r} cannot be the name of a model", hint="letters, digits, dots, dashes and underscores; rename the folder")
    found = find_named(name)
    if found is not None and found.resolve() == model.folder.resolve():
        return name
    if found is not None:
        raise ModelError(f"there is another model {name!r} in {found}", hint="rename the folder that you promote")
    export_folder(model.folder, own_models() / name)
    return name
