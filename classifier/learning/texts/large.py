"""Corpora of more rows than one solve can hold: the search sees a sample, the fit goes over all rows column by column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold

from classifier.learning.texts.bank import Bank
from classifier.learning.texts.choices import Choice
from classifier.learning.texts.ridge import Numbers, calibrate, row_weights, targets_of
from classifier.pipeline.evidence import Reading
from classifier.scoring.aggregate import Floats
from classifier.scoring.texts.part import Part
from classifier.scoring.vocabulary import Vocabulary, lower_case_terms

if TYPE_CHECKING:
    from classifier.learning.texts.fitting import PartSettings

LEAST_OF_CLASS = 20
"""Rows of each class that a sample keeps, as far as there are so many."""

FOLDS = 3


def sample_rows(labels: Numbers, most: int, seed: int) -> Numbers:
    """Numbers of at most `most` rows, in order, drawn evenly; rare classes keep some rows all the same."""
    if len(labels) <= most:
        return np.arange(len(labels))
    order = np.random.default_rng(seed).permutation(len(labels))
    kept = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        kept[order[labels[order] == label][: min(LEAST_OF_CLASS, max(2, most // (4 * len(np.unique(labels)))))]] = True
    kept[order[~kept[order]][: max(0, most - int(kept.sum()))]] = True
    return np.flatnonzero(kept)


def fit_large(
    texts: Sequence[str],
    labels: Numbers,
    groups: Sequence[str],
    classes: Sequence[str],
    choice: Choice,
    settings: PartSettings,
    read: Callable[[Sequence[str]], Sequence[Reading]] | None,
) -> tuple[Part, Floats]:
    """Fits a linear choice to all rows by conjugate gradients, and gives their calibrated held-out logits."""
    from classifier.learning.texts.fitting import stack_blocks

    readings = read(texts) if read is not None and choice.needs_reading else None
    terms = (s.terms for reading in readings or () for s in reading.sentences)
    bank = Bank(texts, readings, Vocabulary((), (), lower_case_terms(terms)))
    rows, blocks, weigh, scale = stack_blocks(bank, choice)
    bank.forget()
    scores = np.zeros((len(texts), len(classes)))
    clusters = np.unique(np.asarray(groups), return_inverse=True)[1]
    for seen, held in GroupKFold(min(FOLDS, int(clusters.max()) + 1)).split(clusters, groups=clusters):
        weights, bias = _fit(rows[seen], labels[seen], len(classes), choice)
        scores[held] = rows[held] @ weights + bias
    slope, shift = calibrate(scores, labels)
    weights, bias = _fit(rows, labels, len(classes), choice)
    part = Part(tuple(classes), choice.view, blocks, weigh, bank.known, scale, slope * weights, slope * bias + shift)
    return part, slope * scores + shift


def _fit(rows: csr_matrix, labels: Numbers, classes: int, choice: Choice) -> tuple[Floats, Floats]:
    """(F, K) weights and (K,) biases of a ridge regression."""
    learner = Ridge(alpha=choice.ridge, solver="sparse_cg", tol=1e-4, max_iter=200)
    learner.fit(rows, targets_of(labels, classes), sample_weight=row_weights(labels, classes, choice.balance))
    return np.ascontiguousarray(learner.coef_.T), np.asarray(learner.intercept_, dtype=np.float64)
