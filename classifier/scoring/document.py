"""The words of a whole release, weighed beside its sentences.

Sentence labels say hawkish or cautious, not how much it matters; which acts and which subjects weigh
most is learned from whole releases. A release's row is linear in its terms and cues, so each sentence's
share of it is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.scoring.aggregate import Floats
from classifier.scoring.weigh import Entries


@dataclass(frozen=True)
class DocumentRow:
    """One release: `columns` each once, their `values`, and for each entry of its sentences the place in `columns` and its share."""

    columns: NDArray[np.intp]
    values: Floats
    places: NDArray[np.intp]
    shares: Floats


def document_row(rows: Entries, scale: Floats, ngrams: int) -> DocumentRow:
    """Weighs each column by how many sentences hold it.

    A term weighs (1 + ln count) times its scale, the terms together brought to length 1 (L2); a cue
    feature weighs ln(1 + count) times its scale. `scale` is 0 for columns that do not count here.

    Args:
        rows: n-grams and cue features of the release's sentences.
        scale: (F,) scales.
        ngrams: how many of the columns are n-grams; the others are cue features.
    """
    columns, places, counts = np.unique(rows.columns, return_inverse=True, return_counts=True)
    terms = columns < ngrams
    values = np.where(terms, 1 + np.log(np.maximum(counts, 1)), np.log1p(counts)) * scale[columns]
    norm = float(np.sqrt((values[terms] ** 2).sum()))
    if norm:
        values[terms] /= norm
    return DocumentRow(columns, values, places, 1 / counts[places])
