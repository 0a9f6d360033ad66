"""Which rows of a corpus a model is measured on, and as what; the rest is set aside by name, never silently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from classifier.learning.figures.answering import reads_sentences
from classifier.learning.figures.answers import Row
from classifier.learning.labelled.row import CorpusError
from classifier.scoring.artefact import AnyModel
from classifier.scoring.statement import outcomes
from classifier.scoring.verdict import NO_STANCE

NONE = ("none", NO_STANCE)
"""Labels of releases that take no stance: a two-pole model should answer `no stance`."""

UNSETTLED = ("disputed", "balanced", "unclear")
"""Labels of texts on which annotators settled for no class."""

MOST_NAMED = 8


@dataclass(frozen=True)
class Chosen:
    """`rows` to measure on as `unit`; `silent` ones that should be answered `no stance`; `aside` those of no class."""

    unit: str
    rows: tuple[Row, ...]
    silent: tuple[Row, ...]
    aside: tuple[Row, ...]

    @property
    def set_aside(self) -> dict[str, int]:
        """How many rows of which label were set aside."""
        return dict(Counter(row.label for row in self.aside))


def choose_rows(rows: Sequence[Row], model: AnyModel, *, source: str, unit: str | None = None, ignored: Sequence[str] = ()) -> Chosen:
    """Decides the unit and parts the rows.

    Texts are taken as single sentences where the model has two poles and its neutral class is among the labels; otherwise
    each is scored whole. Rows labelled `disputed`, `balanced` or `unclear` are set aside, unless the model has such a class;
    with a two-pole model whole texts labelled `none` or `no stance` are measured apart.

    Args:
        rows: labelled texts.
        model: the one that will be measured.
        source: what to call the corpus in messages.
        unit: `release` or `sentence`; null to decide by the labels.
        ignored: further labels to set aside.

    Raises:
        CorpusError: no rows, a label that the model does not know, or rows of one class alone.
    """
    if not rows:
        raise CorpusError(f"{source}: holds no labelled rows", hint="give a corpus with labelled texts")
    labels = Counter(row.label for row in rows)
    unit = unit or ("sentence" if model.poles and model.neutral in labels and reads_sentences(model) else "release")
    known = outcomes(model) if unit == "release" else model.classes
    silent = NONE if unit == "release" and model.poles else ()
    aside = {*UNSETTLED, *ignored} - (set(known) - set(ignored))
    if unknown := [name for name in labels if name not in known and name not in silent and name not in aside]:
        raise CorpusError(
            f"{source}: {_name(unknown)} {'is' if len(unknown) == 1 else 'are'} unknown to model {model.name}, "
            f"which knows {_name(known)}" + (f" for a {unit}" if model.poles else ""),
            hint="correct the labels, set them aside with --ignore-label, or give a model of these classes",
        )
    measured = tuple(row for row in rows if row.label in known and row.label not in aside)
    met = sorted({row.label for row in measured})
    if len(met) < 2:
        what = f"rows of one class alone ({met[0]})" if met else f"no row labelled {_name(known)}"
        raise CorpusError(f"{source}: holds {what}: nothing can be told apart", hint="give rows of at least two classes of the model")
    return Chosen(
        unit=unit,
        rows=measured,
        silent=tuple(row for row in rows if row.label in silent and row.label not in aside),
        aside=tuple(row for row in rows if row.label in aside),
    )


def _name(labels: Sequence[str]) -> str:
    named = ", ".join(repr(name[:60]) for name in labels[:MOST_NAMED])
    return named + (f" and {len(labels) - MOST_NAMED} more" if len(labels) > MOST_NAMED else "")
