"""The ladder a model is read beside: majority, lexicon alone, TF-IDF with logistic regression."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from classifier.learning.corpora import ReadCorpus
from classifier.learning.evaluate import release_figures, sentence_figures
from classifier.learning.settings import CLASSES, POLES
from classifier.pipeline.evidence import Reading
from classifier.scoring.aggregate import Floats

_VOID = frozenset({"negated", "reported", "historical"})


def baseline_figures(train: ReadCorpus, test: ReadCorpus) -> dict[str, Any]:
    """Release and sentence figures of each rung, fitted to `train` and measured on `test`."""
    return {
        "majority": _figures(test, *_majority(train, test)),
        "lexicon": _figures(test, *_lexicon(train, test)),
        "tfidf": _figures(test, *_tfidf(train, test)),
    }


def _figures(test: ReadCorpus, releases: Floats, sentences: Floats) -> dict[str, Any]:
    owners = [s.id.split("@")[0] if s.origin != "real" else s.group for s in test.corpus.sentences]
    return {
        "release": release_figures([r.label for r in test.corpus.releases], releases, [r.id for r in test.corpus.releases]),
        "sentence": sentence_figures([s.label for s in test.corpus.sentences], sentences, owners),
    }


def _majority(train: ReadCorpus, test: ReadCorpus) -> tuple[Floats, Floats]:
    sided = [r.label for r in train.corpus.releases if r.label in POLES]
    share = sided.count(POLES[0]) / len(sided)
    counts = np.array([sum(s.label == name for s in train.corpus.sentences) for name in CLASSES], dtype=float)
    return np.full(len(test.releases), share), np.tile(counts / counts.sum(), (len(test.sentences), 1))


def lean_of(reading: Reading) -> float:
    """(hawkish - cautious) / (hawkish + cautious + 1) over cues that stand: a plain count, in (-1, 1)."""
    standing = [cue.stance for cue in reading.cues if not _VOID.intersection(cue.qualifiers)]
    first, second = standing.count(POLES[0]), standing.count(POLES[1])
    return (first - second) / (first + second + 1)


def _lexicon(train: ReadCorpus, test: ReadCorpus) -> tuple[Floats, Floats]:
    """Counts of cues alone; one logistic curve turns the release's lean into a probability."""
    rows = [(lean_of(x), r.label == POLES[0]) for x, r in zip(train.releases, train.corpus.releases, strict=True) if r.label in POLES]
    curve = LogisticRegression(C=1e6).fit([[lean] for lean, _ in rows], [y for _, y in rows])
    releases = curve.predict_proba([[lean_of(x)] for x in test.releases])[:, list(curve.classes_).index(True)]
    sentences = np.array([_one_hot(lean_of(x)) for x in test.sentences])
    return releases, sentences


def _one_hot(lean: float) -> list[float]:
    name = POLES[0] if lean > 0 else POLES[1] if lean < 0 else "neutral"
    return [float(c == name) for c in CLASSES]


def _tfidf(train: ReadCorpus, test: ReadCorpus) -> tuple[Floats, Floats]:
    """TF-IDF of words (1-2) and characters (2-5) with logistic regression: the usual first model."""

    def fit(texts: list[str], labels: list[str]) -> Any:  # noqa: ANN401 - a scikit-learn pipeline
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True)
        return make_pipeline(make_union(words, characters), LogisticRegression(C=4, max_iter=1000)).fit(texts, labels)

    sided = [(r.text, r.label) for r in train.corpus.releases if r.label in POLES]
    upper = fit([t for t, _ in sided], [y for _, y in sided])
    releases = upper.predict_proba([r.text for r in test.corpus.releases])[:, list(upper.classes_).index(POLES[0])]
    known = [(s.text, s.label) for s in train.corpus.sentences if s.label in CLASSES]
    lower = fit([t for t, _ in known], [y for _, y in known])
    found = lower.predict_proba([s.text for s in test.corpus.sentences])
    return releases, found[:, [list(lower.classes_).index(name) for name in CLASSES]]
