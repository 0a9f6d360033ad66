"""From a corpus of any kind to the rows that figures are made of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classifier.learning.figures.answers import Row
from classifier.learning.labelled.read import read_labelled
from classifier.learning.labelled.row import CorpusError, Fields, LabelledText


def read_rows(path: Path, fields: Fields, *, split: str | None = None) -> list[Row]:
    """The labelled rows of a corpus; fields named `kind` and `topic` become slices.

    Args:
        path: as for `read_labelled`.
        fields: which fields hold what.
        split: only rows of this part; null for all.

    Raises:
        CorpusError: a row cannot be used, or no row is of the part asked for.
    """
    texts = list(read_labelled(path, fields, keep=True))
    chosen = [text for text in texts if split is None or text.split == split]
    if texts and not chosen:
        there = ", ".join(sorted({text.split or "none" for text in texts}))
        raise CorpusError(f"{path}: no row is of the part {split!r}", hint=f"its parts are: {there}")
    return [_as_row(text) for text in chosen]


def _as_row(text: LabelledText) -> Row:
    rest: Mapping[str, Any] = text.kept.rest if text.kept else {}
    return Row(
        id=text.id,
        text=text.text,
        label=text.label,
        group=text.cluster,
        date=text.date or "",
        kind=_word(rest.get("kind")),
        topic=_word(rest.get("topic")),
        annotators=text.annotators,
    )


def _word(value: object) -> str:
    return value.strip()[:80] if isinstance(value, str) else ""
