"""How far a score may move: a 90 % bootstrap over the sentences of a release (Efron 1979).

Every release of n sentences is resampled with the same draws, so the same text has the same interval
anywhere, and what does not depend on the text is worked out once for each n. Sentences of the training texts are drawn
into every resample, so that a short text has a wide interval.

Texts of equally many sentences are resampled together. What is computed for one of them does not depend on those
beside it: values are gathered, compared and added up in the order of the draws, and no product of matrices is taken,
whose last digits hang on its size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.scoring.aggregate import AGGREGATES, Floats, aggregates, middle_third

RESAMPLES = 200
BACKGROUND_SENTENCES = 2
RESAMPLE_ROWS = 40_000
"""Sentences of resamples held at once, so that a long text needs no more memory."""

_LONGEST_PLAN = 100  # sentences; the draws of all plans up to it take 3 MB, and ranks fit into a byte
_TOGETHER = 256  # sentences whose resamples are worked out in one go: they stay in the processor's cache
_LOW, _HIGH = 0.05, 0.95


@dataclass(frozen=True)
class _Plan:
    """The draws for releases of n sentences.

    `chosen` (n, R) are the own sentences drawn. What is linear in a sentence weighs by the place it is drawn to: `weights`
    (U, K + 1) are the unlike weights of places, `weighed` (n, R) the drawn sentences numbered through them, weight by weight.
    `constant` (R,) is the background's part of it, `first` and `second` (K, 1, R) the two strongest of the background drawn.
    """

    chosen: NDArray[np.uint8]
    weights: Floats
    weighed: NDArray[np.uint16]
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
        self._plans: dict[int, _Plan] = {}

    def bounds(self, probabilities: Floats, shares: Floats, starts: NDArray[np.int64]) -> Floats:
        """Lowest and highest log-odds of the middle 90 % of the resamples of each text, (T, 2).

        Args:
            probabilities: (n, K) of the sentences of all texts.
            shares: (n,) what each sentence adds to its document's log-odds.
            starts: (T + 1,) the first sentence of each text, and past the last; each has at least one.
        """
        counts = np.diff(starts)
        found = np.empty((len(counts), 2))
        for n in np.unique(counts).tolist():
            texts = np.flatnonzero(counts == n)
            step = max(1, _TOGETHER // n) if n <= _LONGEST_PLAN else 1
            for some in (texts[i : i + step] for i in range(0, len(texts), step)):
                rows = starts[some][:, None] + np.arange(n)
                own = np.concatenate([probabilities[rows], n * shares[rows][..., None]], axis=2)
                drawn = self._planned(own) if n <= _LONGEST_PLAN else self._drawn(own[0])[None]
                drawn.sort(axis=1)
                found[some, 0], found[some, 1] = _quantiles(drawn, _LOW), _quantiles(drawn, _HIGH)
        return found

    def _planned(self, own: Floats) -> Floats:
        """(T, R) log-odds of the resamples of texts of equally many sentences, (T, n, K + 1)."""
        n = own.shape[1]
        plan = self._plans.get(n)
        if plan is None:
            plan = self._plans[n] = self._plan(n)
        by_weight = sum(own[:, None, :, k] * plan.weights[:, None, k] for k in range(own.shape[2]))
        found = np.add.reduce(np.reshape(by_weight, (len(own), -1)).take(plan.weighed, axis=1), axis=1)
        found += plan.constant
        first, second = _two_strongest(np.ascontiguousarray(own[..., :-1].transpose(2, 0, 1)), plan.chosen)
        second = np.maximum(np.minimum(first, plan.first), np.maximum(second, plan.second))
        first = np.maximum(first, plan.first)
        two = self._parts[2] / 2
        for values, weights in ((first, self._parts[1] + two), (second, two)):
            for of_class, weight in zip(values, weights.tolist(), strict=True):
                found += of_class * weight
        return np.asarray(found)

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
        constant = (drawn * weights[1 : 1 + BACKGROUND_SENTENCES]).sum(axis=(1, 2)) + self._bias
        unlike, kind = np.unique(np.delete(weights, range(1, 1 + BACKGROUND_SENTENCES), axis=0), axis=0, return_inverse=True)
        places = np.ascontiguousarray(chosen.T)
        weighed = places + n * kind.reshape(-1, 1)
        second, first = np.ascontiguousarray(np.sort(drawn[..., :k], axis=1)[:, -2:].transpose(1, 2, 0))[:, :, None]
        return _Plan(places.astype(np.uint8), unlike, weighed.astype(np.uint16), constant, first, second)

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


def _two_strongest(probabilities: Floats, chosen: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """The highest and the second highest probability among the drawn sentences, (K, T, R) each; -inf where none is second.

    Ranks are drawn in place of probabilities, since a byte each is gathered and compared many times faster.

    Args:
        probabilities: (K, T, n) of texts of equally many sentences.
        chosen: (n, R) the sentences drawn.
    """
    k, texts, n = probabilities.shape
    order = np.argsort(-probabilities, axis=2)
    width = 1 << (k - 1).bit_length()  # so many bytes are copied at once
    ranks = np.empty((texts, n, width), np.uint8)
    ranks.reshape(-1)[(order + n * np.arange(texts)[:, None]) * width + np.arange(k)[:, None, None]] = np.arange(n)
    drawn = ranks.take(chosen, axis=1)
    best = np.minimum.reduce(drawn, axis=1)
    is_best = (drawn == best[:, None]).view(np.uint8)
    several = np.add.reduce(is_best, axis=1, dtype=np.uint8) > 1
    following = np.minimum(np.minimum.reduce(drawn | np.negative(is_best), axis=1), n)
    following = np.asarray(np.where(several, best, following))
    ordered = np.full((k, texts, n + 1), -np.inf)
    ordered[..., :n] = np.take_along_axis(probabilities, order, axis=2)
    base = (n + 1) * np.arange(k * texts).reshape(k, texts, 1)
    first, second = (ordered.reshape(-1).take(place.transpose(2, 0, 1)[:k] + base) for place in (best, following))
    return first, second


def _quantiles(ordered: Floats, q: float) -> Floats:
    """The q-quantile of each row of numbers in order, by linear interpolation."""
    at = q * (ordered.shape[1] - 1)
    low = int(at)
    return np.asarray(ordered[:, low] + (at - low) * (ordered[:, min(low + 1, ordered.shape[1] - 1)] - ordered[:, low]))
