"""Fits a model: a sentence classifier, and above it a release's log-odds and whether there is any stance.

The upper part learns from sentence probabilities of folds that the sentence classifier did not see, so
that it meets in training what it will meet in use (stacking, Wolpert 1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from classifier.learning.corpora import ReadCorpus
from classifier.learning.features import FeatureSpace
from classifier.learning.kinds import NAMES, OWNERS
from classifier.learning.sentence_part import SentencePart, fit_sentences, usable_sentences
from classifier.learning.settings import CLASSES, POLES, TrainingSettings
from classifier.pipeline.evidence import Reading
from classifier.pipeline.lexicon import DATA, load_lexicon
from classifier.scoring.aggregate import Floats, aggregates
from classifier.scoring.artefact import Model
from classifier.scoring.document import weigh_documents
from classifier.scoring.terms import TermReader
from classifier.scoring.weigh import count_texts


def group_folds(texts: ReadCorpus, count: int) -> dict[str, int]:
    """A fold for every group; a hand's constructed statements stay together, real releases by their id."""
    origin = {r.group: r.origin for r in texts.corpus.releases} | {s.group: s.origin for s in texts.corpus.sentences}
    groups = sorted(origin)
    real = [g for g in groups if origin[g] == "real"]
    folds: dict[str, int] = {}
    if real:
        for number, (_, held) in enumerate(GroupKFold(min(count, len(real))).split(real, groups=real)):
            folds.update({real[i]: number for i in held})
    hands = [g for g in groups if origin[g] != "real"]
    folds.update({hand: i % count for i, hand in enumerate(hands)})
    return folds


def out_of_fold(texts: ReadCorpus, settings: TrainingSettings) -> list[Floats]:
    """Sentence probabilities of each release, from a classifier that saw nothing of its group."""
    folds = group_folds(texts, settings.folds)
    usable = usable_sentences(texts)
    of_sentence = np.array([folds[texts.corpus.sentences[i].group] for i in usable])
    found: list[Floats] = [np.empty((0, 0))] * len(texts.releases)
    for number in sorted(set(folds.values())):
        part = fit_sentences(texts, usable[of_sentence != number], settings)
        held = [i for i, r in enumerate(texts.corpus.releases) if folds[r.group] == number]
        for i, probabilities in zip(held, part.probabilities([texts.releases[i] for i in held]), strict=True):
            found[i] = probabilities
    return found


@dataclass(frozen=True)
class ReleasePart:
    """The upper half of a model: what `Model` says of the fields of the same names."""

    head: Floats
    head_bias: Floats
    document: Floats
    document_scale: Floats
    presence: Floats
    presence_document: Floats
    presence_bias: float
    least_presence: float
    background: Floats


def fit_releases(texts: ReadCorpus, lower: SentencePart, probabilities: Sequence[Floats], settings: TrainingSettings) -> ReleasePart:
    """Fits the release's log-odds and the stance test on out-of-fold sentence probabilities and the release's own words."""
    rows = np.array([aggregates(p) for p in probabilities])
    labels = np.array([r.label for r in texts.corpus.releases])
    groups = np.array([r.group for r in texts.corpus.releases])
    weight = np.array([1.0 if r.origin == "real" else settings.constructed_release_weight for r in texts.corpus.releases])
    sided = np.isin(labels, POLES)
    positive = labels[sided] == POLES[0]
    even = _balance(labels, np.array([r.origin == "real" for r in texts.corpus.releases]), weight)[sided]
    matrix, scale = document_matrix(texts.releases, lower.space, sided, settings)
    document, bias, held = _fit_document(matrix[sided], positive, even, groups[sided], settings.document_c)
    upper = np.column_stack([rows[sided], held])
    head, head_bias = fit_log_odds(upper, positive, even, groups[sided], settings.release_c)
    document = document * head[-1]
    background = _background(probabilities, matrix @ document, settings.seed)
    return ReleasePart(
        head=head[:-1, None],
        head_bias=np.array([head_bias + bias * head[-1]]),
        document=document[:, None],
        document_scale=scale,
        background=background,
        **_fit_presence(rows, matrix, labels, weight, groups, settings),
    )


def _balance(labels: np.ndarray, real: np.ndarray, weight: Floats) -> Floats:
    """Weights by which the two poles weigh alike among the real releases.

    Which releases were labelled decides how many of each pole there are; that is no fact about wording.
    """
    balanced = weight.copy()
    for pole in POLES:
        rows = real & (labels == pole)
        if rows.any():
            balanced[rows] *= (real & np.isin(labels, POLES)).sum() / (2 * rows.sum())
    return balanced


def document_matrix(
    readings: Sequence[Reading], space: FeatureSpace, counted: np.ndarray, settings: TrainingSettings
) -> tuple[csr_matrix, Floats]:
    """One row a release, as `classifier.scoring.document` weighs it, and the (F,) scales.

    Single stems count by inverse document frequency over the releases in `counted`, cue categories by one scale.
    """
    vocabulary = space.vocabulary
    rows = count_texts(readings, TermReader(vocabulary, space.empty_table()), space.scale)
    n = len(vocabulary.ngrams)
    bare = weigh_documents(rows, rows.owners, np.ones(len(vocabulary)))
    frequency = np.bincount(bare.column[counted[bare.text]], minlength=len(vocabulary))
    scale = np.log((1 + counted.sum()) / (1 + frequency)) + 1
    single = np.array([" " not in ngram for ngram in vocabulary.ngrams], dtype=bool)
    scale[:n][~single | (frequency[:n] < settings.features.least_document)] = 0
    scale[n:] = settings.document_cue_scale
    found = weigh_documents(rows, rows.owners, scale)
    return csr_matrix((found.values, (found.text, found.column)), shape=(len(readings), len(vocabulary))), scale


def _fit_document(matrix: csr_matrix, positive: np.ndarray, weight: Floats, groups: np.ndarray, c: float) -> tuple[Floats, float, Floats]:
    """Weights and bias on all rows, and the log-odds of each row from the other groups."""
    held = np.zeros(len(positive))
    for seen, unseen in GroupKFold(min(10, len(set(groups)))).split(positive, groups=groups):
        learner = LogisticRegression(C=c, max_iter=1000).fit(matrix[seen], positive[seen], sample_weight=weight[seen])
        held[unseen] = learner.decision_function(matrix[unseen])
    learner = LogisticRegression(C=c, max_iter=1000).fit(matrix, positive, sample_weight=weight)
    return learner.coef_[0], float(learner.intercept_[0]), held


def _fit_presence(
    rows: Floats, matrix: csr_matrix, labels: np.ndarray, weight: Floats, groups: np.ndarray, settings: TrainingSettings
) -> dict[str, Any]:
    """Log-odds of any stance, and the value below which the answer is `no stance`."""
    known = np.isin(labels, (*POLES, "none"))
    stance, weight, groups = np.isin(labels[known], POLES), weight[known], groups[known]
    document, document_bias, held = _fit_document(matrix[known], stance, weight, groups, settings.document_c)
    upper = np.column_stack([rows[known], held])
    presence, bias = fit_log_odds(upper, stance, weight, groups, settings.presence_c)
    log_odds = held_out_log_odds(upper, stance, weight, groups, settings.presence_c)
    # The held-out log-odds are not calibrated; the map that `fit_log_odds` found is put on them too.
    whole, whole_bias = _logistic(upper, stance, weight, settings.presence_c)
    slope = float(presence @ whole / (whole @ whole))
    offset = bias - slope * whole_bias
    return {
        "presence": presence[:-1],
        "presence_document": document * presence[-1],
        "presence_bias": bias + document_bias * presence[-1],
        "least_presence": float(np.quantile(slope * log_odds[stance] + offset, settings.most_lost)),
    }


def _background(probabilities: Sequence[Floats], document: Floats, seed: int) -> Floats:
    """A sample of training sentences: probabilities, and their release's document log-odds."""
    every = np.concatenate([np.column_stack([p, np.full(len(p), d)]) for p, d in zip(probabilities, document, strict=True)])
    drawn = np.random.default_rng(seed).choice(len(every), size=min(256, len(every)), replace=False)
    return np.asarray(every[np.sort(drawn)])


def fit_log_odds(rows: Floats, positive: np.ndarray, weight: Floats, groups: np.ndarray, c: float) -> tuple[Floats, float]:
    """Logistic regression on standardised rows, then an affine map of its log-odds fitted on held-out groups (Platt 1999)."""
    weights, bias = _logistic(rows, positive, weight, c)
    held = held_out_log_odds(rows, positive, weight, groups, c)
    scaler = LogisticRegression(C=1e6).fit(held[:, None], positive, sample_weight=weight)
    slope = float(scaler.coef_[0, 0])
    return weights * slope, bias * slope + float(scaler.intercept_[0])


def held_out_log_odds(rows: Floats, positive: np.ndarray, weight: Floats, groups: np.ndarray, c: float) -> Floats:
    """Log-odds of each row from a regression that saw nothing of its group; ten folds."""
    found = np.zeros(len(rows))
    for seen, held in GroupKFold(min(10, len(set(groups)))).split(rows, groups=groups):
        weights, bias = _logistic(rows[seen], positive[seen], weight[seen], c)
        found[held] = rows[held] @ weights + bias
    return found


def _logistic(rows: Floats, positive: np.ndarray, weight: Floats, c: float) -> tuple[Floats, float]:
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    learner = LogisticRegression(C=c, max_iter=2000).fit((rows - mean) / spread, positive, sample_weight=weight)
    weights = learner.coef_[0] / spread
    return weights, float(learner.intercept_[0] - weights @ mean)


def fit_model(texts: ReadCorpus, settings: TrainingSettings, *, name: str, lexicon: Path = DATA) -> Model:
    """Fits a whole model; same texts, settings and library versions give the same weights."""
    with threadpool_limits(1):  # sums in one order: the same weights however many cores there are
        lower = fit_sentences(texts, usable_sentences(texts), settings)
        upper = fit_releases(texts, lower, out_of_fold(texts, settings), settings)
    return Model(
        name=name,
        version="0",
        folder=Path(),
        classes=CLASSES,
        poles=POLES,
        neutral="neutral",
        evidence=NAMES,
        evidence_class=OWNERS,
        vocabulary=lower.space.vocabulary,
        pieces=lower.pieces(),
        lexicon=lexicon,
        lexicon_sha256=load_lexicon(lexicon).sha256,
        weights=lower.weights[: len(lower.space.vocabulary)],
        bias=lower.bias,
        scale=lower.space.scale,
        **{f.name: getattr(upper, f.name) for f in fields(upper)},
        manifest={},
    )
