"""Sentence marks of a Doc, read and written in one sweep: making a Token object for each costs more than all the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from spacy.attrs import SENT_START
from spacy.tokens import Doc


def sentence_bounds(doc: Doc) -> list[tuple[int, int]]:
    """First and past-the-last token of each sentence; the whole Doc where none is marked."""
    if not len(doc):
        return []
    marks = doc.to_array([SENT_START]).ravel().astype(np.int64)
    starts = np.flatnonzero(marks == 1).tolist()
    if not starts or starts[0] != 0:
        starts.insert(0, 0)
    return list(zip(starts, [*starts[1:], len(doc)], strict=True))


def mark_sentences(doc: Doc, starts: Sequence[bool]) -> None:
    """Sets where the sentences of a Doc begin."""
    marks: Any = np.where(np.array(starts, dtype=bool), 1, -1).astype(np.int64).astype(np.uint64)
    doc.from_array([SENT_START], marks.reshape(-1, 1))
