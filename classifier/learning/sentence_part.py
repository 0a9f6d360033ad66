"""The lower half of a model: a classifier of sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from classifier.learning.corpora import ReadCorpus
from classifier.learning.features import FeatureSpace, as_matrix, build_space
from classifier.learning.kinds import NAMES, kind_shares
from classifier.learning.settings import CLASSES, TrainingSettings
from classifier.pipeline.evidence import Reading, TermRun
from classifier.scoring.aggregate import Floats, softmax
from classifier.scoring.pieces import PieceTable

LEAST_SHARE = 0.03
"""Of a sentence in a kind of evidence; a smaller one is left out."""
UNSEEN = -20.0
"""The bias of a kind that no sentence is of."""


@dataclass(frozen=True)
class SentencePart:
    """The lower half of a model: its columns, and (columns, K) weights over terms and pieces together, K kinds of evidence."""

    space: FeatureSpace
    weights: Floats
    bias: Floats

    def probabilities(self, readings: Sequence[Reading]) -> list[Floats]:
        """(n, K) probabilities by kind of the sentences of each reading; the bias alone where it has none."""
        matrix, lengths = as_matrix(readings, self.space)
        rows = softmax(np.asarray(matrix @ self.weights) + self.bias)
        bounds = np.cumsum([0, *lengths])
        prior = softmax(self.bias[None, :])
        return [rows[a:b] if b > a else prior for a, b in zip(bounds[:-1], bounds[1:], strict=True)]

    def pieces(self) -> PieceTable:
        """The pieces with what each adds to the logits."""
        weights = self.weights[len(self.space.vocabulary) :] * self.space.piece_idf[:, None] * self.space.piece_scale
        return PieceTable(self.space.pieces, weights, self.space.piece_idf)


def fit_sentences(texts: ReadCorpus, rows: np.ndarray, settings: TrainingSettings) -> SentencePart:
    """Fits the sentence classifier on the labelled sentences numbered in `rows`."""
    labelled = [texts.corpus.sentences[i] for i in rows]
    merged = [merge_sentences(texts.sentences[i]) for i in rows]
    space = build_space(merged, settings.features)
    matrix, _ = as_matrix(merged, space)
    weight = _sentence_weights([(s.source, s.label) for s in labelled], settings)
    shares = kind_shares(labelled)
    # A sentence of several kinds stands once for each, with its share as weight.
    row, kind = np.nonzero(shares > LEAST_SHARE)
    learner = LogisticRegression(C=settings.sentence_c, max_iter=200, tol=1e-3)
    learner.fit(matrix[row], kind, sample_weight=weight[row] * shares[row, kind])
    weights, bias = np.zeros((matrix.shape[1], len(NAMES))), np.full(len(NAMES), UNSEEN)
    weights[:, learner.classes_], bias[learner.classes_] = learner.coef_.T, learner.intercept_
    return SentencePart(space, weights, bias)


def _sentence_weights(rows: Sequence[tuple[str, str]], settings: TrainingSettings) -> Floats:
    """Weights by which the classes weigh alike within each source: their shares come from how texts were picked."""
    counts = Counter(rows)
    sizes = Counter(source for source, _ in rows)
    kinds = Counter(source for source, _ in counts)
    own = {"given": settings.given_sentence_weight}
    return np.array([own.get(source, 1.0) * sizes[source] / (kinds[source] * counts[source, label]) for source, label in rows])


def merge_sentences(reading: Reading) -> Reading:
    """One sentence of a labelled row, even where the splitter sees two: their terms and cues together."""
    if len(reading.sentences) == 1:
        return reading
    if not reading.sentences:
        raise ValueError("a labelled sentence holds no text")
    first, last = reading.sentences[0], reading.sentences[-1]
    run = TermRun.of([term for sentence in reading.sentences for term in sentence.terms])
    return Reading((replace(first, end=last.end, run=run),), tuple(replace(cue, sentence=0) for cue in reading.cues))


def usable_sentences(texts: ReadCorpus) -> np.ndarray:
    """Numbers of the sentences with a class of the model (not `disputed`)."""
    return np.array([i for i, s in enumerate(texts.corpus.sentences) if s.label in CLASSES and texts.sentences[i].sentences])
