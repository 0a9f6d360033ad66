"""Fits a model: a sentence classifier, and above it a release's log-odds and whether there is any stance.

The upper part learns from sentence probabilities of folds that the sentence classifier did not see, so
that it meets in training what it will meet in use (stacking, Wolpert 1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from classifier.learning.corpora import ReadCorpus
from classifier.learning.features import FeatureSettings, as_matrix, build_vocabulary
from classifier.pipeline.evidence import Reading
from classifier.pipeline.lexicon import DATA, load_lexicon
from classifier.scoring.aggregate import Floats, aggregates, softmax
from classifier.scoring.artefact import Model

CLASSES = ("cautious", "hawkish", "neutral")
POLES = ("hawkish", "cautious")


@dataclass(frozen=True)
class TrainingSettings:
    """Everything that is chosen; each default comes from cross-validation inside 2021-2022.

    `sentence_c`, `release_c`, `presence_c` are inverse strengths of L2 regularisation; `folds` those of
    stacking; `most_lost` the share of hawkish and cautious releases that may be answered `no stance`.
    """

    features: FeatureSettings = field(default_factory=FeatureSettings)
    sentence_c: float = 5.0
    release_c: float = 0.3
    presence_c: float = 0.3
    folds: int = 5
    most_lost: float = 0.025
    constructed_weight: float = 1.0
    seed: int = 4


@dataclass(frozen=True)
class SentencePart:
    """The lower half of a model: what `Model` says of `vocabulary`, `scale`, `weights` and `bias`."""

    vocabulary: Any
    scale: Floats
    weights: Floats
    bias: Floats

    def probabilities(self, readings: Sequence[Reading]) -> list[Floats]:
        """(n, K) class probabilities of the sentences of each reading; the bias alone where it has none."""
        matrix, lengths = as_matrix(readings, self.vocabulary, self.scale)
        rows = softmax(np.asarray(matrix @ self.weights) + self.bias)
        bounds = np.cumsum([0, *lengths])
        prior = softmax(self.bias[None, :])
        return [rows[a:b] if b > a else prior for a, b in zip(bounds[:-1], bounds[1:], strict=True)]


def fit_sentences(texts: ReadCorpus, rows: np.ndarray, settings: TrainingSettings) -> SentencePart:
    """Fits the sentence classifier on the labelled sentences numbered in `rows`."""
    chosen = [texts.sentences[i] for i in rows]
    labelled = [texts.corpus.sentences[i] for i in rows]
    merged = [merge_sentences(reading) for reading in chosen]
    vocabulary, scale = build_vocabulary(merged, settings.features)
    matrix, _ = as_matrix(merged, vocabulary, scale)
    weight = np.array([1.0 if s.origin == "real" else settings.constructed_weight for s in labelled])
    learner = LogisticRegression(C=settings.sentence_c, max_iter=400, tol=1e-5)
    learner.fit(matrix, [s.label for s in labelled], sample_weight=weight)
    order = [list(learner.classes_).index(name) for name in CLASSES]
    return SentencePart(vocabulary, scale, np.ascontiguousarray(learner.coef_[order].T), learner.intercept_[order])


def merge_sentences(reading: Reading) -> Reading:
    """One sentence of a labelled row, even where the splitter sees two: their terms and cues together."""
    if len(reading.sentences) == 1:
        return reading
    if not reading.sentences:
        raise ValueError("a labelled sentence holds no text")
    first, last = reading.sentences[0], reading.sentences[-1]
    terms = tuple(term for sentence in reading.sentences for term in sentence.terms)
    return Reading(
        (replace(first, end=last.end, terms=terms),), tuple(replace(cue, sentence=0) for cue in reading.cues)
    )


def usable_sentences(texts: ReadCorpus) -> np.ndarray:
    """Numbers of the sentences with a class of the model (not `disputed`)."""
    return np.array([i for i, s in enumerate(texts.corpus.sentences) if s.label in CLASSES and texts.sentences[i].sentences])


def group_folds(texts: ReadCorpus, count: int) -> dict[str, int]:
    """A fold for every group; a hand's constructed statements stay together, real releases by their id."""
    groups = sorted({r.group for r in texts.corpus.releases} | {s.group for s in texts.corpus.sentences})
    origin = {r.group: r.origin for r in [*texts.corpus.releases, *texts.corpus.sentences]}
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
    """The upper half of a model: what `Model` says of `head`, `presence` and `background`."""

    head: Floats
    head_bias: Floats
    presence: Floats
    presence_bias: float
    least_presence: float
    background: Floats


def fit_releases(texts: ReadCorpus, probabilities: Sequence[Floats], settings: TrainingSettings) -> ReleasePart:
    """Fits the release's log-odds and the stance test on out-of-fold sentence probabilities."""
    rows = np.array([aggregates(p) for p in probabilities])
    labels = np.array([r.label for r in texts.corpus.releases])
    groups = np.array([r.group for r in texts.corpus.releases])
    weight = np.array([1.0 if r.origin == "real" else settings.constructed_weight for r in texts.corpus.releases])
    sided = np.isin(labels, POLES)
    head, bias = fit_log_odds(rows[sided], labels[sided] == POLES[0], weight[sided], groups[sided], settings.release_c)
    known = sided | (labels == "none")
    presence, presence_bias = fit_log_odds(rows[known], sided[known], weight[known], groups[known], settings.presence_c)
    held = held_out_log_odds(rows[known], sided[known], weight[known], groups[known], settings.presence_c)
    least = float(np.quantile(held[sided[known]], settings.most_lost))
    every = np.concatenate(list(probabilities))
    drawn = np.random.default_rng(settings.seed).choice(len(every), size=min(256, len(every)), replace=False)
    return ReleasePart(head[:, None], np.array([bias]), presence, presence_bias, least, every[np.sort(drawn)])


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
    upper = fit_releases(texts, out_of_fold(texts, settings), settings)
    lower = fit_sentences(texts, usable_sentences(texts), settings)
    return Model(
        name=name,
        version="0",
        folder=Path(),
        classes=CLASSES,
        poles=POLES,
        neutral="neutral",
        vocabulary=lower.vocabulary,
        lexicon=lexicon,
        lexicon_sha256=load_lexicon(lexicon).sha256,
        weights=lower.weights,
        bias=lower.bias,
        scale=lower.scale,
        head=upper.head,
        head_bias=upper.head_bias,
        presence=upper.presence,
        presence_bias=upper.presence_bias,
        least_presence=upper.least_presence,
        background=upper.background,
        manifest={},
    )

