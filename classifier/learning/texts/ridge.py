"""Kernel ridge regression on classes, its linear form, and the map from its scores to calibrated logits.

Targets are +1 for a row's class and -1 for the others (regularised least-squares classification, Rifkin, Yeo & Poggio
2003). In its dual form a fit is one solve of as many equations as there are rows, whatever the number of columns and classes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

from classifier.scoring.aggregate import Floats, softmax

Numbers = NDArray[np.intp]


def targets_of(labels: Numbers, classes: int) -> Floats:
    """(n, K) targets, +1 and -1."""
    return np.asarray(2.0 * np.eye(classes)[labels] - 1.0)


def row_weights(labels: Numbers, classes: int, balance: float) -> Floats:
    """Weights of rows: the inverse frequency of their class to the power of `balance`, 1 on average."""
    counts = np.bincount(labels, minlength=classes)
    weights = (len(labels) / (classes * np.maximum(counts, 1.0)))[labels] ** balance
    return np.asarray(weights / weights.mean())


def solve_dual(gram: Floats, targets: Floats, weights: Floats, ridge: float) -> Floats:
    """(n, K) dual weights: scores of a text are (its kernel with the rows + 1) times these."""
    system = gram + 1.0
    system[np.diag_indices_from(system)] += ridge / weights
    return np.asarray(cho_solve(cho_factor(system, overwrite_a=True, check_finite=False), targets, check_finite=False))


def calibrate(scores: Floats, labels: Numbers) -> tuple[float, Floats]:
    """A slope and a bias for each class that make held-out scores calibrated logits (temperature and bias; Guo et al. 2017).

    Returns:
        (slope, (K,) biases), with logits = slope * scores + biases.
    """
    n, k = scores.shape
    hot = np.eye(k)[labels]
    spread = float(np.abs(scores - scores.mean(axis=1, keepdims=True)).mean()) or 1.0
    scaled = scores / spread

    def loss(x: Floats) -> tuple[float, Floats]:
        logits = np.exp(x[0]) * scaled + x[1:]
        found = softmax(logits)
        value = -np.log(np.maximum(found[np.arange(n), labels], 1e-300)).sum() + 0.5 * (x[1:] @ x[1:]) + 0.05 * x[0] ** 2
        off = found - hot
        slope = np.exp(x[0]) * (off * scaled).sum() + 0.1 * x[0]
        return float(value), np.concatenate([[slope], off.sum(axis=0) + x[1:]])

    found = minimize(loss, np.zeros(k + 1), jac=True, method="L-BFGS-B", bounds=[(-6.0, 6.0), *[(-30.0, 30.0)] * k]).x
    return float(np.exp(found[0]) / spread), np.asarray(found[1:])


def log_loss(logits: Floats, labels: Numbers) -> float:
    """Mean negative log-likelihood of the true classes."""
    probabilities = softmax(logits)
    return float(-np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-300)).mean())
