"""Figures of a model on labelled texts, each with a bootstrap interval over groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, brier_score_loss, f1_score, roc_auc_score

from classifier.learning.corpora import ReadCorpus
from classifier.learning.sentence_part import merge_sentences
from classifier.learning.settings import CLASSES, POLES
from classifier.scoring.aggregate import Floats
from classifier.scoring.artefact import Model
from classifier.scoring.figures import weigh_texts
from classifier.scoring.weigh import count_texts

RESAMPLES = 1000
BINS = 10

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Predictions:
    """What a model says of the texts: P(first pole) and presence log-odds of releases, class probabilities of sentences."""

    releases: Floats
    presence: Floats
    sentences: Floats


def predict(texts: ReadCorpus, model: Model) -> Predictions:
    """Scores every release and every labelled sentence with the arithmetic of `score`."""
    releases = weigh_texts(count_texts(texts.releases, model.terms, model.scale), model)
    sentences = weigh_texts(count_texts([merge_sentences(reading) for reading in texts.sentences], model.terms, model.scale), model)
    return Predictions(1 / (1 + np.exp(-releases.log_odds[:, 0])), releases.presence, sentences.probabilities)


def expected_calibration_error(positive: Bools, probability: Floats, bins: int = BINS) -> float:
    """Mean gap between probability and frequency over bins of equal count (Naeini et al. 2015)."""
    order = np.argsort(probability, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [abs(probability[part].mean() - positive[part].mean()) * len(part) for part in parts]
    return float(sum(gaps) / max(1, len(positive)))


def release_figures(labels: Sequence[str], probability: Floats, groups: Sequence[str]) -> dict[str, Any]:
    """n, accuracy, macro-F1, ROC AUC, Brier and ECE over the releases with a side, each with its 90 % interval."""
    names = np.array(labels)
    sided = np.isin(names, POLES)
    positive, p = names[sided] == POLES[0], probability[sided]
    measures: dict[str, Callable[[Bools, Floats], float]] = {
        "accuracy": lambda y, q: accuracy_score(y, q > 0.5),
        "macro_f1": lambda y, q: f1_score(y, q > 0.5, average="macro", zero_division=0),
        "roc_auc": lambda y, q: roc_auc_score(y, q) if len(set(y.tolist())) == 2 else float("nan"),
        "brier": lambda y, q: brier_score_loss(y, q),
        "ece": expected_calibration_error,
    }
    return {"n": int(sided.sum()), **_with_intervals(measures, positive, p, np.array(groups)[sided])}


def stance_figures(labels: Sequence[str], presence: Floats, least: float) -> dict[str, Any]:
    """Shares answered `no stance`: of the `none` releases, and of those with a side."""
    names = np.array(labels)
    silent = presence < least
    none, sided = names == "none", np.isin(names, POLES)
    return {
        "n_none": int(none.sum()),
        "none_answered_no_stance": float(silent[none].mean()) if none.any() else None,
        "sided_answered_no_stance": float(silent[sided].mean()) if sided.any() else None,
    }


def sentence_figures(labels: Sequence[str], probabilities: Floats, groups: Sequence[str]) -> dict[str, Any]:
    """n, accuracy and macro-F1 over sentences with a class, each with its 90 % interval by release."""
    names = np.array(labels)
    known = np.isin(names, CLASSES)
    truth = np.array([CLASSES.index(name) for name in names[known]])
    found = probabilities[known].argmax(axis=1)
    measures: dict[str, Callable[[Any, Any], float]] = {
        "accuracy": accuracy_score,
        "macro_f1": lambda y, q: f1_score(y, q, average="macro", zero_division=0),
    }
    return {"n": int(known.sum()), **_with_intervals(measures, truth, found, np.array(groups)[known])}


def _with_intervals(
    measures: dict[str, Callable[[Any, Any], float]], truth: NDArray[Any], found: NDArray[Any], groups: NDArray[Any]
) -> dict[str, Any]:
    """Each measure with the 5th and 95th percentile over resampled groups (bootstrap, Efron 1979)."""
    rng = np.random.default_rng(0)
    names, inverse = np.unique(groups, return_inverse=True)
    members = [np.flatnonzero(inverse == i) for i in range(len(names))]
    drawn: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(RESAMPLES):
        rows = np.concatenate([members[i] for i in rng.integers(0, len(names), len(names))])
        for name, measure in measures.items():
            drawn[name].append(float(measure(truth[rows], found[rows])))
    figures: dict[str, Any] = {}
    for name, measure in measures.items():
        low, high = np.nanquantile(drawn[name], [0.05, 0.95])
        figures[name] = round(float(measure(truth, found)), 4)
        figures[f"{name}_interval"] = [round(float(low), 4), round(float(high), 4)]
    return figures


def model_figures(texts: ReadCorpus, model: Model) -> dict[str, Any]:
    """All figures of a model on one set; resampled by release."""
    predictions = predict(texts, model)
    labels = [r.label for r in texts.corpus.releases]
    ids = [r.id for r in texts.corpus.releases]
    owners = [s.id.split("@")[0] if s.origin != "real" else s.group for s in texts.corpus.sentences]
    return {
        "release": release_figures(labels, predictions.releases, ids),
        "stance": stance_figures(labels, predictions.presence, model.least_presence),
        "sentence": sentence_figures([s.label for s in texts.corpus.sentences], predictions.sentences, owners),
    }
