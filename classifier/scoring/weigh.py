"""From sentences to sparse rows of weighted features: one code for learning and for scoring."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.pipeline.evidence import Reading
from classifier.scoring.aggregate import Floats
from classifier.scoring.vocabulary import Vocabulary, features_by_sentence


@dataclass(frozen=True)
class Rows:
    """Sparse rows of a text's sentences: `columns` and `values` end to end, `starts` where each sentence begins."""

    columns: NDArray[np.intp]
    values: Floats
    starts: NDArray[np.intp]


def count_rows(reading: Reading, vocabulary: Vocabulary, scale: Floats) -> Rows:
    """Counts the n-grams and cue features of each sentence.

    An n-gram that occurs weighs its scale, and the n-grams of a sentence are brought to length 1
    (L2); cue features weigh their scale as they are.
    """
    columns: list[int] = []
    ends: list[int] = []
    parts: list[int] = []
    for sentence, names in zip(reading.sentences, features_by_sentence(reading), strict=True):
        columns += vocabulary.ngram_columns(sentence.terms)
        parts.append(len(columns))
        columns += vocabulary.feature_columns(names)
        ends.append(len(columns))
    index = np.array(columns, dtype=np.intp)
    values = scale[index]
    start = 0
    for part, end in zip(parts, ends, strict=True):
        block = values[start:part]
        norm = math.sqrt(float(block @ block))
        if norm:
            block /= norm
        start = end
    return Rows(index, values, np.array([0, *ends[:-1]] if ends else [], dtype=np.intp))
