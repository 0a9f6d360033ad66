"""Rows for learning, counted by the very code that scoring uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from classifier.pipeline.evidence import Reading
from classifier.scoring.aggregate import Floats
from classifier.scoring.vocabulary import Vocabulary, features_by_sentence, grow_ngrams, lower_case_terms
from classifier.scoring.weigh import count_rows


@dataclass(frozen=True)
class FeatureSettings:
    """What is counted: n-grams in at least `least` sentences, up to `longest` terms; cue features weighted by `cue_scale`."""

    least: int = 2
    longest: int = 3
    least_cue: int = 3
    cue_scale: float = 0.4


def build_vocabulary(readings: Sequence[Reading], settings: FeatureSettings) -> tuple[Vocabulary, Floats]:
    """The columns that the texts give reason for, and the scale of each.

    Args:
        readings: of the labelled sentences.
        settings: thresholds and scales.

    Returns:
        The vocabulary, and (F,) scales: smoothed inverse document frequency for n-grams, `cue_scale` for cues.
    """
    known = lower_case_terms(s.terms for reading in readings for s in reading.sentences)
    resolver = Vocabulary((), (), known)
    resolved = [resolver.resolve(s.terms) for reading in readings for s in reading.sentences]
    ngrams = grow_ngrams(resolved, least=settings.least, longest=settings.longest)
    names = Counter(n for reading in readings for row in features_by_sentence(reading) for n in set(row))
    features = sorted(name for name, count in names.items() if count >= settings.least_cue)
    vocabulary = Vocabulary(ngrams, features, known)
    counts = np.zeros(len(vocabulary))
    for terms in resolved:
        counts[vocabulary.ngram_columns(terms)] += 1
    idf = np.log((1 + len(resolved)) / (1 + counts)) + 1
    idf[len(ngrams) :] = settings.cue_scale
    return vocabulary, idf


def as_matrix(readings: Iterable[Reading], vocabulary: Vocabulary, scale: Floats) -> tuple[csr_matrix, list[int]]:
    """One row a sentence of each reading, and how many rows each reading has."""
    columns, values, starts, lengths = [], [], [0], []
    for reading in readings:
        rows = count_rows(reading, vocabulary, scale)
        columns.append(rows.columns)
        values.append(rows.values)
        bounds = np.append(rows.starts, len(rows.columns))
        starts += (bounds[1:] - bounds[0] + starts[-1]).tolist() if len(rows.starts) else []
        lengths.append(len(rows.starts))
    data = (np.concatenate(values), np.concatenate(columns), np.array(starts))
    return csr_matrix(data, shape=(len(starts) - 1, len(vocabulary))), lengths
