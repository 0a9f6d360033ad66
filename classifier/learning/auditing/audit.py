"""Audits the labels of a corpus: out of fold, and never with a text of the same group on the other side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.learning.auditing.confident import find_doubts
from classifier.learning.labelled.read import BY_USUAL_NAMES, read_labelled
from classifier.learning.labelled.row import CorpusError, Fields, LabelledText

FOLDS = 5
FEWEST = 2
"""Texts of a class, in different groups, below which none can be learnt from while another is asked about."""

SEED = 20


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A row whose label a model that never saw it doubts: its own probability and the predicted class's."""

    id: str
    line: int
    text: str
    given: str
    predicted: str
    given_probability: float
    predicted_probability: float

    def as_record(self) -> dict[str, Any]:
        """As JSON has it."""
        own = {"id": self.id, "line": self.line, "text": self.text, "given": self.given, "predicted": self.predicted}
        return own | {"given_probability": self.given_probability, "predicted_probability": self.predicted_probability}


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit gives.

    `doubtful` are ordered, the most doubted first; `rows` those that were judged; `accuracy` that of the model out of fold, which
    says how much its doubts are worth; `wrong_share` the estimated share of wrong labels; `left_out` classes too small to judge.
    """

    rows: int
    folds: int
    accuracy: float
    wrong_share: float
    left_out: tuple[str, ...]
    doubtful: tuple[Doubtful, ...]

    def as_record(self) -> dict[str, Any]:
        """As JSON has it, without the rows."""
        own = {"rows": self.rows, "folds": self.folds, "accuracy": self.accuracy, "estimated_wrong_share": self.wrong_share}
        return own | {"left_out": list(self.left_out), "doubted": len(self.doubtful)}


def audit_corpus(path: Path, fields: Fields = BY_USUAL_NAMES, *, leave_out: Collection[str] = (), folds: int = FOLDS) -> Audit:
    """Asks a plain model, TF-IDF of words and letters with logistic regression, about every label of a corpus.

    Args:
        path: as for `read_labelled`.
        fields: which fields hold what; texts of one group are never on both sides of a fold.
        leave_out: labels that are no classes, such as one for disputed texts.
        folds: at most so many parts; fewer where a class has fewer groups.

    Raises:
        CorpusError: a row cannot be used, or fewer than two classes have texts enough.
    """
    rows = [row for row in read_labelled(path, fields) if row.label not in leave_out]
    clusters: dict[str, set[str]] = {}
    for row in rows:
        clusters.setdefault(row.label, set()).add(row.cluster)
    small = sorted(label for label, where in clusters.items() if len(where) < FEWEST)
    rows = [row for row in rows if row.label not in small]
    classes = sorted(clusters.keys() - set(small))
    if len(classes) < 2:
        hint = f"an audit needs two classes with texts in {FEWEST} groups each at least"
        raise CorpusError(f"{path}: has {len(classes)} class{'' if len(classes) == 1 else 'es'} that can be judged", hint=hint)
    folds = min(folds, *(len(clusters[label]) for label in classes))
    given = np.array([classes.index(row.label) for row in rows])
    probabilities = _predict_out_of_fold(rows, given, len(classes), folds)
    return _judge(rows, classes, given, probabilities, folds, small)


def _judge(
    rows: Sequence[LabelledText],
    classes: Sequence[str],
    given: NDArray[np.intp],
    probabilities: NDArray[np.float64],
    folds: int,
    small: list[str],
) -> Audit:
    doubt = find_doubts(given, probabilities)
    order = [int(n) for n in np.argsort(doubt.margin, kind="stable") if doubt.doubted[n]]
    doubtful = tuple(
        Doubtful(
            rows[n].id,
            rows[n].line,
            rows[n].text,
            rows[n].label,
            classes[doubt.likely[n]],
            float(probabilities[n, given[n]]),
            float(probabilities[n, doubt.likely[n]]),
        )
        for n in order
    )
    accuracy = float((probabilities.argmax(axis=1) == given).mean())
    return Audit(len(rows), folds, accuracy, doubt.wrong_share, tuple(small), doubtful)


def _predict_out_of_fold(rows: Sequence[LabelledText], given: NDArray[np.intp], classes: int, folds: int) -> NDArray[np.float64]:
    """Probabilities of each row by a model fitted without its fold (n, classes); a class missing from a fold has 0 there."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.pipeline import make_pipeline, make_union

    texts = [row.text for row in rows]
    groups = [row.cluster for row in rows]
    probabilities = np.zeros((len(rows), classes))
    for fitted, asked in StratifiedGroupKFold(folds, shuffle=True, random_state=SEED).split(texts, given, groups):
        if len(Counter(given[fitted])) < 2:
            probabilities[asked, given[fitted[0]]] = 1.0
            continue
        features = make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b"),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, max_features=200_000),
        )
        model = make_pipeline(features, LogisticRegression(C=10.0, max_iter=1_000))
        model.fit([texts[n] for n in fitted], given[fitted])
        probabilities[np.ix_(asked, model.classes_)] = model.predict_proba([texts[n] for n in asked])
    return probabilities
