"""The ladder that a model is read beside: majority, lexicon alone, TF-IDF with logistic regression."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from classifier.learning.figures.answering import reads_sentences
from classifier.learning.figures.answers import Answers, Floats, Row
from classifier.pipeline.evidence import Reading
from classifier.pipeline.extract import read_texts
from classifier.scoring.artefact import AnyModel

FEW_ROWS = 50
"""Training rows below which terms that occur once are kept: there would be none else."""

_VOID = frozenset({"negated", "reported", "historical"})


def climb(train: Sequence[Row], test: Sequence[Row], outcomes: tuple[str, ...], model: AnyModel) -> Iterator[tuple[str, Answers]]:
    """Yields every rung's name and its answers on `test`, fitted to `train`; the lexicon only where the model has cues.

    Args:
        train: rows whose labels are among the outcomes.
        test: rows to answer.
        outcomes: what a text can be.
        model: whose lexicon counts the cues.
    """
    yield "majority", _answers(np.tile(_shares(train, outcomes), (len(test), 1)), outcomes)
    if _has_cues(model):
        yield "lexicon", _fit_lexicon(train, test, outcomes, model)
    yield "tfidf", _fit_tfidf(train, test, outcomes)


def _has_cues(model: AnyModel) -> bool:
    return reads_sentences(model) and any(feature.startswith("cue:") for feature in model.vocabulary.features)


def _shares(train: Sequence[Row], outcomes: tuple[str, ...]) -> Floats:
    counts = np.array([sum(row.label == name for row in train) for name in outcomes], dtype=float)
    return np.asarray(counts / counts.sum())


def _answers(probabilities: Floats, outcomes: tuple[str, ...]) -> Answers:
    return Answers(outcomes, probabilities, np.ones(len(probabilities), dtype=bool))


def _spread(learner: Any, found: Floats, outcomes: tuple[str, ...]) -> Answers:  # noqa: ANN401 - a scikit-learn classifier
    """Probabilities in the order of the outcomes; 0 for one that no training row has."""
    probabilities = np.zeros((len(found), len(outcomes)))
    for column, name in enumerate(learner.classes_):
        probabilities[:, outcomes.index(name)] = found[:, column]
    return _answers(probabilities, outcomes)


def _fit_lexicon(train: Sequence[Row], test: Sequence[Row], outcomes: tuple[str, ...], model: AnyModel) -> Answers:
    """Counts of standing cues by their side, and how they lean: three numbers a text, one logistic curve."""

    def count(rows: Sequence[Row]) -> Floats:
        readings = read_texts(((row.text, None) for row in rows), lexicon=model.lexicon)
        return np.array([count_cues(reading) for reading in readings])

    learner = LogisticRegression(C=1.0, max_iter=1000).fit(count(train), [row.label for row in train])
    return _spread(learner, learner.predict_proba(count(test)), outcomes)


def count_cues(reading: Reading) -> tuple[float, float, float]:
    """Lean in (-1, 1), and ln(1 + count) of hawkish and of cautious cues that stand (not negated, reported or historical)."""
    standing = [cue.stance for cue in reading.cues if not _VOID.intersection(cue.qualifiers)]
    first, second = standing.count("hawkish"), standing.count("cautious")
    return (first - second) / (first + second + 1), float(np.log1p(first)), float(np.log1p(second))


def _fit_tfidf(train: Sequence[Row], test: Sequence[Row], outcomes: tuple[str, ...]) -> Answers:
    """TF-IDF of words (1-2) and characters (2-5) with logistic regression: the usual first model."""
    least = 2 if len(train) >= FEW_ROWS else 1
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=least, sublinear_tf=True)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=least, sublinear_tf=True)
    learner = make_pipeline(make_union(words, characters), LogisticRegression(C=4, max_iter=1000))
    learner.fit([row.text for row in train], [row.label for row in train])
    return _spread(learner, learner.predict_proba([row.text for row in test]), outcomes)
