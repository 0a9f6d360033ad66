"""The shapes of files: plain rows, and the exports of doccano, Label Studio and Prodigy (text classification).

Each export is made flat, so that fields are found in all of them in one way, and built again from a labelled text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from classifier.learning.labelled import doccano, label_studio, prodigy
from classifier.learning.labelled.row import LabelledText

Flat = tuple[dict[str, Any], Mapping[str, str] | None]
"""A flat record, and the annotators' labels where the shape holds them elsewhere than in columns."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a tool writes a labelled text.

    `flatten` raises ValueError (problem, hint) for a record that is not of the shape or has several labels.
    `exported`: the tool writes texts that nobody has labelled yet, so such rows are no fault.
    """

    name: str
    recognises: Callable[[Mapping[str, Any]], bool]
    flatten: Callable[[Mapping[str, Any]], Flat]
    build: Callable[[LabelledText, Mapping[str, Any]], dict[str, Any]]
    exported: bool = True


def build_plain(row: LabelledText, rest: Mapping[str, Any]) -> dict[str, Any]:
    """A flat record: the fields under their first usual names, `annotator_NAME` for each annotator, then the rest."""
    own: dict[str, Any] = {"id": row.id, "text": row.text, "label": row.label or None}
    own |= {name: value for name in ("group", "date", "split") if (value := getattr(row, name)) is not None}
    own |= {f"annotator_{name}": label for name, label in row.annotators.items()}
    return own | {name: value for name, value in rest.items() if name not in own}


PLAIN = Shape("plain", lambda record: True, lambda record: (dict(record), None), build_plain, exported=False)
SHAPES = (
    Shape("label-studio", label_studio.recognise, label_studio.flatten, label_studio.build),
    Shape("prodigy", prodigy.recognise, prodigy.flatten, prodigy.build),
    Shape("doccano", doccano.recognise, doccano.flatten, doccano.build),
    PLAIN,
)
BY_NAME = {shape.name: shape for shape in SHAPES}


def find_shape(record: Mapping[str, Any]) -> Shape:
    """The shape of a file by its first record."""
    return next(shape for shape in SHAPES if shape.recognises(record))
