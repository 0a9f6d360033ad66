"""Cross-validation of choices inside the training part, and the kernel matrices that make it quick.

Each block's kernel matrix is made once; a trial adds those of its choice and solves one system for each fold.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold

from classifier.learning.texts.bank import Bank, Option, options_of
from classifier.learning.texts.choices import ENCODER, Choice, Scope, propose
from classifier.learning.texts.ridge import Numbers, calibrate, log_loss, row_weights, solve_dual, targets_of
from classifier.scoring.aggregate import Floats

MOST_KEPT = 6
"""Kernel matrices of blocks that are kept."""


@dataclass(frozen=True)
class Trial:
    """One choice and how it did on held-out folds: `scores` (n, K) as the ridge gives them, weighted F1, log-loss."""

    choice: Choice
    scores: Floats
    f1: float
    loss: float

    @property
    def rank(self) -> float:
        """What trials are compared by; higher is better."""
        return self.f1 - 0.5 * self.loss


@dataclass(frozen=True)
class Found:
    """The best trial, all trials in order, the folds, and the F1 of choosing by the other folds (nearly unbiased)."""

    best: Trial
    trials: tuple[Trial, ...]
    folds: tuple[Numbers, ...]
    honest_f1: float


class Kernels:
    """Kernel matrices of the rows of a bank.

    Args:
        bank: counts.
        vectors: (n, D) vectors of an encoder, where there is one.
    """

    def __init__(self, bank: Bank, vectors: Floats | None = None) -> None:
        self.bank = bank
        self._vectors = vectors
        self._blocks: dict[Option, Floats] = {}
        self._near: Floats | None = None

    def gram(self, choice: Choice) -> Floats:
        """(n, n) kernel of a choice."""
        total = np.zeros((len(self.bank), len(self.bank)))
        for option, weight in options_of(choice):
            total += weight**2 * self._block(option)
        if choice.likeness:
            total = (1 - choice.likeness) * total + choice.likeness * self._likeness(choice, total)
        return total

    def _block(self, option: Option) -> Floats:
        if option not in self._blocks:
            if len(self._blocks) >= MOST_KEPT:
                del self._blocks[next(iter(self._blocks))]
            rows = self.bank.take(option).rows
            self._blocks[option] = (rows @ rows.T).toarray().astype(np.float32)
        return self._blocks[option]

    def _likeness(self, choice: Choice, linear: Floats) -> Floats:
        if choice.likeness_of == ENCODER:
            if self._near is None and self._vectors is not None:
                self._near = self._vectors @ self._vectors.T
            assert self._near is not None
            return np.asarray(np.exp(-choice.gamma * np.maximum(0.0, 2 - 2 * self._near)))
        squares = np.diag(linear)
        return np.asarray(np.exp(-choice.gamma * np.maximum(0.0, squares[:, None] + squares[None, :] - 2 * linear)))


def make_folds(labels: Numbers, groups: Sequence[str], count: int, seed: int) -> tuple[Numbers, ...]:
    """Held-out rows of each fold: groups stay together, classes are spread evenly."""
    count = max(2, min(count, len(set(groups)), int(np.bincount(labels).max())))
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of classes with fewer rows than folds: they are in some folds alone
        parted = list(splitter.split(np.zeros(len(labels)), labels, groups=np.asarray(groups)))
    return tuple(held for _, held in parted if len(held))


def run_trial(choice: Choice, kernels: Kernels, labels: Numbers, classes: int, folds: Sequence[Numbers]) -> Trial:
    """Fits a choice to all folds but one, scores that one, by turns."""
    gram = kernels.gram(choice)
    targets = targets_of(labels, classes)
    scores = np.zeros((len(labels), classes))
    for held in folds:
        seen = np.setdiff1d(np.arange(len(labels)), held, assume_unique=True)
        weights = row_weights(labels[seen], classes, choice.balance)
        dual = solve_dual(gram[np.ix_(seen, seen)], targets[seen], weights, choice.ridge)
        scores[held] = gram[np.ix_(held, seen)] @ dual + dual.sum(axis=0)
    slope, bias = calibrate(scores, labels)
    logits = slope * scores + bias
    return Trial(choice, scores, _weighted_f1(labels, logits), log_loss(logits, labels))


def find_best(
    kernels: Kernels,
    labels: Numbers,
    classes: int,
    folds: Sequence[Numbers],
    scope: Scope,
    budget: int,
    seed: int,
    tell: Callable[[int, Trial], None] = lambda number, trial: None,
) -> Found:
    """Tries `budget` choices, one after the other, each a step from the best so far."""
    proposals = propose(scope, budget, np.random.default_rng(seed))
    trials: list[Trial] = []
    choice = next(proposals)
    while True:
        trials.append(run_trial(choice, kernels, labels, classes, folds))
        best = max(trials, key=lambda trial: trial.rank)
        tell(len(trials), trials[-1])
        try:
            choice = proposals.send(best.choice)
        except StopIteration:
            return Found(best, tuple(trials), tuple(folds), _honest_f1(trials, labels, folds))


def _honest_f1(trials: Sequence[Trial], labels: Numbers, folds: Sequence[Numbers]) -> float:
    """Weighted F1 where each fold is answered by the trial that did best on the others."""
    found = np.zeros(len(labels), dtype=np.intp)
    for held in folds:
        others = np.setdiff1d(np.arange(len(labels)), held, assume_unique=True)
        best = max(trials, key=lambda trial: _weighted_f1(labels[others], trial.scores[others]))
        found[held] = best.scores[held].argmax(axis=1)
    return float(f1_score(labels, found, average="weighted", zero_division=0))


def _weighted_f1(labels: Numbers, scores: Floats) -> float:
    return float(f1_score(labels, scores.argmax(axis=1), average="weighted", zero_division=0))
