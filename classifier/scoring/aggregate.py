"""From the sentences' probabilities to a release: weighted means that keep track of every sentence's share.

Each aggregate of a class is a weighted mean of that class's sentence probabilities, its weights over
the sentences summing to 1. So a release's log-odds are a sum over its sentences, exactly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

AGGREGATES = ("mean", "strongest", "two strongest", "first", "last", "middle")
"""`middle` is the second third of the sentences (all of them where there are fewer than three)."""

Floats = NDArray[np.float64]


def aggregate_weights(probabilities: Floats) -> Floats:
    """The share of each sentence in each aggregate.

    Args:
        probabilities: (..., n, K), n sentences (at least 1) and K classes; leading axes are independent texts.

    Returns:
        (..., A, n, K) weights, summing to 1 over the sentences, A as in `AGGREGATES`.
    """
    *lead, n, k = probabilities.shape
    weights = np.zeros((*lead, len(AGGREGATES), n, k))
    weights[..., 0, :, :] = 1 / n
    order = np.argsort(-probabilities, axis=-2, kind="stable")
    np.put_along_axis(weights[..., 1, :, :], order[..., :1, :], 1.0, axis=-2)
    top = order[..., :2, :]
    np.put_along_axis(weights[..., 2, :, :], top, 1.0 / top.shape[-2], axis=-2)
    weights[..., 3, 0, :] = 1.0
    weights[..., 4, -1, :] = 1.0
    low, high = middle_third(n)
    weights[..., 5, low:high, :] = 1 / (high - low)
    return weights


def middle_third(n: int) -> tuple[int, int]:
    """First and past-the-last number of the sentences in the middle third of `n`; all where n is below 3."""
    return (0, n) if n < 3 else (-(-n // 3), max(-(-n // 3) + 1, (2 * n) // 3))


def aggregates(probabilities: Floats) -> Floats:
    """Values of the aggregates, (..., n, K) -> (..., A * K), class by class within each aggregate.

    The same as weighing by `aggregate_weights`, without making the weights.
    """
    n = probabilities.shape[-2]
    low, high = middle_third(n)
    top = probabilities if n < 3 else np.partition(probabilities, n - 2, axis=-2)[..., -2:, :]
    parts = (
        probabilities.mean(axis=-2),
        probabilities.max(axis=-2),
        top.mean(axis=-2),
        probabilities[..., 0, :],
        probabilities[..., -1, :],
        probabilities[..., low:high, :].mean(axis=-2),
    )
    return np.concatenate(parts, axis=-1)


def softmax(logits: Floats) -> Floats:
    """Probabilities from logits along the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def segment_aggregates(probabilities: Floats, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
    """`aggregates` of many texts at once, each the rows from its start up to its end, (n, K) -> (T, A * K).

    Texts must not be empty nor overlap; every text's numbers come from its own rows alone.
    """
    n = (ends - starts)[:, None]
    padded = np.concatenate([probabilities, np.zeros((1, probabilities.shape[1]))])
    spans = np.column_stack([starts, ends]).ravel()
    mean = np.add.reduceat(padded, spans, axis=0)[::2] / n
    top = np.maximum.reduceat(padded, spans, axis=0)[::2]
    # The second strongest is the strongest of the others, or as strong as the first where several are equal.
    inside = np.repeat(np.arange(len(starts)), ends - starts)
    rows = np.concatenate([np.arange(a, b) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]) if len(starts) else starts
    equal = np.zeros(padded.shape, bool)
    equal[rows] = probabilities[rows] == top[inside]
    several = np.add.reduceat(equal, spans, axis=0, dtype=np.int64)[::2] > 1
    second = np.maximum.reduceat(np.where(equal, -np.inf, padded), spans, axis=0)[::2]
    two = np.where(n < 2, top, (top + np.where(several, top, second)) / 2)
    low = np.where(n[:, 0] < 3, 0, -(-n[:, 0] // 3))
    high = np.where(n[:, 0] < 3, n[:, 0], np.maximum(low + 1, (2 * n[:, 0]) // 3))
    thirds = np.column_stack([starts + low, starts + high]).ravel()
    middle = np.add.reduceat(padded, thirds, axis=0)[::2] / (high - low)[:, None]
    return np.concatenate([mean, top, two, probabilities[starts], probabilities[ends - 1], middle], axis=1)
