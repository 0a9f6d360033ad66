"""The measures, written so that a bootstrap resample costs one pass: a resample is a count for each row.

Two outcomes: Brier and ECE are of the probability of the first, in [0, 1]. More: Brier (1950) is the sum of squares over
the outcomes, in [0, 2]; ECE is of the likeliest outcome's probability; ROC AUC is the mean over one outcome against the rest.
"""

from __future__ import annotations

import numpy as np

from classifier.learning.figures.answers import Answers, Floats, Ints
from classifier.learning.figures.names import MEASURES

BINS = 10
LEAST_PROBABILITY = 1e-15
TOP = tuple(MEASURES)
"""Measures that a record has at its top."""

SCALARS = (*TOP, "decided_accuracy")
HIGHER_IS_BETTER = {name: name not in ("brier", "log_loss", "ece") for name in SCALARS}
PER_CLASS = ("precision", "recall", "f1")


class Measured:
    """All measures of some answers, on any resample of the rows.

    Args:
        truth: (n,) numbers of the right outcomes.
        answers: what was said of the same n texts.
    """

    def __init__(self, truth: Ints, answers: Answers) -> None:
        self.truth = truth
        self.answers = answers
        p = answers.probabilities
        n, self.k = p.shape
        self._chosen = answers.chosen
        right = self._chosen == truth
        self._right = right.astype(float)
        self._decided = answers.decided.astype(float)
        self._log = -np.log(np.maximum(p[np.arange(n), truth], LEAST_PROBABILITY))
        hot = np.eye(self.k)[truth]
        two = self.k == 2
        self._square = (p[:, 0] - hot[:, 0]) ** 2 if two else ((p - hot) ** 2).sum(axis=1)
        self.confidence = p[:, 0] if two else p.max(axis=1)
        self.event = hot[:, 0] if two else self._right
        self._order = np.argsort(self.confidence, kind="stable")
        self._ties = [np.unique(p[:, c], return_inverse=True)[1].ravel() for c in range(1 if two else self.k)]

    def confusion(self, counts: Ints | None = None) -> Floats:
        """(K, K): rows are the right outcomes, columns the answers."""
        cells = self.truth * self.k + self._chosen
        return np.bincount(cells, weights=counts, minlength=self.k * self.k).reshape(self.k, self.k).astype(float)

    def scalars(self, counts: Ints) -> dict[str, float]:
        """Every measure of `SCALARS`; NaN where it has no meaning (ROC AUC of one class)."""
        total = counts.sum()
        table = self.confusion(counts)
        decided = float(counts @ self._decided)
        shares = per_class(table)
        f1, recall = shares["f1"], shares["recall"]
        support = table.sum(axis=1)
        return {
            "accuracy": float(np.trace(table) / total),
            "balanced_accuracy": float(recall[support > 0].mean()),
            "macro_f1": float(f1[(support + table.sum(axis=0)) > 0].mean()),
            "weighted_f1": float(f1 @ support / total),
            "roc_auc": self._auc(counts),
            "brier": float(counts @ self._square / total),
            "log_loss": float(counts @ self._log / total),
            "ece": self._ece(counts),
            "coverage": decided / float(total),
            "decided_accuracy": float(counts @ (self._decided * self._right)) / decided if decided else float("nan"),
        }

    def _auc(self, counts: Ints) -> float:
        """Share of pairs in the right order, ties by half (Mann and Whitney 1947)."""
        found = []
        for outcome, tie in enumerate(self._ties):
            yes = np.bincount(tie, weights=counts * (self.truth == outcome))
            no = np.bincount(tie, weights=counts * (self.truth != outcome))
            pairs = yes.sum() * no.sum()
            found.append(float(yes @ (np.cumsum(no) - no / 2) / pairs) if pairs else float("nan"))
        known = [value for value in found if not np.isnan(value)]
        return sum(known) / len(known) if known else float("nan")

    def _ece(self, counts: Ints) -> float:
        """Mean gap of probability and frequency over bins of equal count (Naeini et al. 2015)."""
        rows = np.repeat(self._order, counts[self._order])
        edges = bin_edges(len(rows))
        gaps = np.concatenate([[0.0], np.cumsum(self.confidence[rows] - self.event[rows])])
        return float(np.abs(np.diff(gaps[edges])).sum() / len(rows))

    def bins(self) -> list[Ints]:
        """Numbers of the rows in each bin of equal count, least probability first."""
        edges = bin_edges(len(self._order))
        return [self._order[a:b] for a, b in zip(edges[:-1], edges[1:], strict=True) if b > a]


def bin_edges(n: int, bins: int = BINS) -> Ints:
    """Where bins of as equal a count as can be begin and end, (bins + 1,); the first ones hold one more."""
    sizes = np.full(bins, n // bins)
    sizes[: n % bins] += 1
    return np.concatenate([[0], np.cumsum(sizes)])


def per_class(table: Floats) -> dict[str, Floats]:
    """Precision, recall and F1 of each class from a confusion matrix; 0 where nothing was to find or was found."""
    hits, said, there = np.diag(table), table.sum(axis=0), table.sum(axis=1)

    def share(part: Floats, whole: Floats) -> Floats:
        return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)

    return {"precision": share(hits, said), "recall": share(hits, there), "f1": share(2 * hits, said + there)}
