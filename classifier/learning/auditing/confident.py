"""Confident learning: which labels a classifier that never saw them doubts, and how many labels are wrong in all.

Source: C. Northcutt, L. Jiang and I. Chuang, Confident Learning: Estimating Uncertainty in Dataset Labels, JAIR 70 (2021):
thresholds of self-confidence, the confident joint (equation 1) and its calibration (equation 3). A row is doubted when it falls
off the diagonal of the confident joint; rows are ordered by normalised margin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]
_Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What confident learning finds.

    `likely` is the class that each row confidently is, or its given one where it is none confidently (n,);
    `doubted` whether that is another than the given one (n,); `margin` the probability of the given class less the largest
    of the others, -1 to 1 (n,); `joint` the estimated share of all rows with a given class (row) and a true one (column),
    summing to 1 (k, k); `thresholds` the mean probability of a class among the rows given it (k,).
    """

    likely: _Ints
    doubted: NDArray[np.bool_]
    margin: _Floats
    joint: _Floats
    thresholds: _Floats

    @property
    def wrong_share(self) -> float:
        """Estimated share of wrong labels among all rows."""
        return float(1 - np.trace(self.joint))


def find_doubts(given: _Ints, probabilities: _Floats) -> Doubt:
    """Compares given labels with out-of-fold probabilities.

    Args:
        given: number of each row's class, 0 to k - 1; every class occurs (n,).
        probabilities: of each class by a model that was not fitted on the row (n, k).

    Raises:
        ValueError: shapes do not fit, or a class has no row.
    """
    count, classes = probabilities.shape
    sizes = np.bincount(given, minlength=classes)
    if given.shape != (count,) or len(sizes) != classes or not sizes.all():
        raise ValueError(f"{count} rows of probabilities of {classes} classes do not fit the labels")
    own = probabilities[np.arange(count), given]
    thresholds = np.array([own[given == label].mean() for label in range(classes)])
    # A hair is allowed, so that a class with equal probabilities throughout is at its own mean.
    confident = probabilities >= thresholds - 1e-12
    likely = np.where(confident.any(axis=1), np.where(confident, probabilities, -1.0).argmax(axis=1), given)
    counts = np.zeros((classes, classes))
    sure = confident.any(axis=1)
    np.add.at(counts, (given[sure], likely[sure]), 1)
    others = probabilities.copy()
    others[np.arange(count), given] = -1.0
    return Doubt(likely, likely != given, own - others.max(axis=1), _calibrate(counts, sizes), thresholds)


def _calibrate(counts: _Floats, sizes: NDArray[np.intp]) -> _Floats:
    """The joint whose rows sum to the shares of the given labels; a class of which nothing is sure is taken as right."""
    rows = counts.sum(axis=1, keepdims=True)
    shares = np.where(rows > 0, counts / np.where(rows > 0, rows, 1), np.eye(len(sizes)))
    joint = shares * sizes[:, None]
    return np.asarray(joint / joint.sum(), dtype=np.float64)
