"""Sentence marks of a Doc, read and written in one sweep: making a Token object for each costs more than all the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import SENT_START
from spacy.tokens import Doc


def sentence_starts(doc: Doc) -> NDArray[np.bool_]:
    """Whether a sentence is marked to begin at each token of a Doc."""
    if not len(doc):
        return np.zeros(0, bool)
    return np.asarray(doc.to_array([SENT_START]).ravel().astype(np.int64) == 1)


def mark_sentences(doc: Doc, starts: NDArray[np.bool_]) -> None:
    """Sets where the sentences of a Doc begin."""
    marks: Any = np.where(starts, 1, -1).astype(np.int64).astype(np.uint64)
    doc.from_array([SENT_START], marks.reshape(-1, 1))
