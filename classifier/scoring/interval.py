"""How far a score may move: a 90 % bootstrap over the sentences of a release (Efron 1979).

Every release of n sentences is resampled with the same draws, so the same text has the same interval
anywhere, and what does not depend on the text is worked out once for each n. Sentences of the training texts are drawn
into every resample, so that a short text has a wide interval.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.scoring.aggregate import AGGREGATES, Floats, aggregates, middle_third

RESAMPLES = 200
BACKGROUND_SENTENCES = 2
RESAMPLE_ROWS = 40_000
"""Sentences of resamples held at once, so that a long text needs no more memory."""

_LONGEST_PLAN = 100  # sentences; what is kept for a longer release would take more room than it saves time
_MOST_PLANS = 60
_LOW, _HIGH = 0.05, 0.95


@dataclass(frozen=True)
class _Plan:
    """The draws for releases of n sentences.

    `chosen` (n, R) are the own sentences drawn, `linear` (R, n * (K + 1)) and `constant` (R,) the part of the
    log-odds that is linear in them, `first` and `second` (R, K) the two strongest of the background drawn.
    """

    chosen: NDArray[np.intp]
    linear: Floats
    constant: Floats
    first: Floats
    second: Floats


class Resampler:
    """Draws resamples for one model.

    Args:
        head: (A * K,) weights of the aggregates.
        bias: the head's bias.
        background: (B, K + 1) sentences of the training texts: probabilities, and what they add to the document.
    """

    def __init__(self, head: Floats, bias: float, background: Floats) -> None:
        self._head = head
        self._bias = bias
        self._background = background
        self._parts = head.reshape(len(AGGREGATES), -1)
        self._plans: OrderedDict[int, _Plan] = OrderedDict()

    def bounds(self, probabilities: Floats, shares: Floats) -> tuple[float, float]:
        """Lowest and highest log-odds of the middle 90 % of the resamples.

        Args:
            probabilities: (n, K) of the sentences, n at least 1.
            shares: (n,) what each sentence adds to the document's log-odds.
        """
        n = len(probabilities)
        own = np.column_stack([probabilities, n * shares])
        found = np.sort(self._planned(own) if n <= _LONGEST_PLAN else self._drawn(own))
        return _quantile(found, _LOW), _quantile(found, _HIGH)

    def _planned(self, own: Floats) -> Floats:
        plan = self._plans.get(len(own))
        if plan is None:
            plan = self._plans[len(own)] = self._plan(len(own))
            if len(self._plans) > _MOST_PLANS:
                self._plans.popitem(last=False)
        drawn = own[:, :-1][plan.chosen]
        first, second = plan.first, plan.second
        for sentence in drawn:
            second = np.maximum(second, np.minimum(first, sentence))
            first = np.maximum(first, sentence)
        strongest, two = self._parts[1], self._parts[2] / 2
        return np.asarray(plan.linear @ own.ravel() + plan.constant + first @ (strongest + two) + second @ two)

    def _plan(self, n: int) -> _Plan:
        chosen, drawn = self._draw(n)
        k = drawn.shape[2] - 1
        size = n + BACKGROUND_SENTENCES
        weights = np.zeros((size, k + 1))
        low, high = middle_third(size)
        weights[:, :k] = self._parts[0] / size
        weights[0, :k] += self._parts[3]
        weights[-1, :k] += self._parts[4]
        weights[low:high, :k] += self._parts[5] / (high - low)
        weights[:, k] = 1 / size
        linear = np.zeros((RESAMPLES, n, k + 1))
        every = np.arange(RESAMPLES)
        own = np.delete(weights, range(1, 1 + BACKGROUND_SENTENCES), axis=0)
        for place in range(n):
            linear[every, chosen[:, place]] += own[place]
        constant = (drawn * weights[1 : 1 + BACKGROUND_SENTENCES]).sum(axis=(1, 2)) + self._bias
        ranked = np.sort(drawn[..., :k], axis=1)
        return _Plan(np.ascontiguousarray(chosen.T), linear.reshape(RESAMPLES, -1), constant, ranked[:, -1], ranked[:, -2])

    def _draw(self, n: int) -> tuple[NDArray[np.intp], Floats]:
        """Own sentences (R, n), in order, and background ones (R, 2, K + 1); they stand after the first own one."""
        rng = np.random.default_rng(n)
        drawn = self._background[rng.integers(0, len(self._background), (RESAMPLES, BACKGROUND_SENTENCES))]
        return np.sort(rng.integers(0, n, (RESAMPLES, n)), axis=1), drawn

    def _drawn(self, own: Floats) -> Floats:
        """The same without a plan, some resamples at a time."""
        n, k = len(own), own.shape[1] - 1
        rng = np.random.default_rng(n)
        drawn = self._background[rng.integers(0, len(self._background), (RESAMPLES, BACKGROUND_SENTENCES))]
        log_odds = np.empty(RESAMPLES)
        step = max(1, RESAMPLE_ROWS // n)
        for start in range(0, RESAMPLES, step):
            extra = drawn[start : start + step]
            chosen = own[np.sort(rng.integers(0, n, (len(extra), n)), axis=1)]
            sample = np.concatenate([chosen[:, :1], extra, chosen[:, 1:]], axis=1)
            log_odds[start : start + step] = aggregates(sample[..., :k]) @ self._head + self._bias + sample[..., k].mean(axis=1)
        return log_odds


def _quantile(ordered: Floats, q: float) -> float:
    """The q-quantile of numbers in order, by linear interpolation."""
    at = q * (len(ordered) - 1)
    low = int(at)
    return float(ordered[low] + (at - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low]))
