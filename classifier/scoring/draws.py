"""What is drawn to resample a release of n sentences: the same for every such release, so it is worked out once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.scoring.aggregate import Floats, middle_third

RESAMPLES = 200
BACKGROUND_SENTENCES = 2

FIRST, LAST, MIDDLE = 1, 2, 4
"""What a place in a resample is beside any: their sum, below `PLACES`, numbers the kinds of places."""
PLACES = 8


@dataclass(frozen=True)
class Draws:
    """The resamples of releases of n sentences.

    `chosen` (n, R) are the own sentences drawn, in their order: twice their number, and one more where the same sentence
    was drawn before. `placed` (n, R) are they again, `PLACES` times their number, and the kind of place that they are
    drawn to. `linear` (R,) is what the background adds to the log-odds by its places, `strongest` (2, K, R) its two
    highest probabilities of each class.
    """

    chosen: NDArray[np.uint16]
    placed: NDArray[np.uint16]
    linear: Floats
    strongest: Floats


def make_draws(n: int, parts: Floats, background: Floats) -> Draws:
    """Draws for releases of n sentences, below 8,192.

    Args:
        n: sentences.
        parts: (A, K) weights of the aggregates.
        background: (B, K + 1) sentences of the training texts: probabilities, and what they add to the document.
    """
    own, drawn = draw(n, np.random.default_rng(n), background)
    k, size = parts.shape[1], n + BACKGROUND_SENTENCES
    again = np.zeros(own.shape, np.int64)
    again[:, 1:] = own[:, 1:] == own[:, :-1]
    places = np.zeros(size, np.int64)
    low, high = middle_third(size)
    places[0], places[-1] = FIRST, LAST
    places[low:high] += MIDDLE
    weights = np.repeat(parts[:1] / size, BACKGROUND_SENTENCES, axis=0)
    foreign = slice(1, 1 + BACKGROUND_SENTENCES)
    for place, part in ((LAST, parts[4]), (MIDDLE, parts[5] / (high - low))):
        weights[places[foreign] & place > 0] += part
    ranked = np.sort(drawn[..., :k], axis=1)
    return Draws(
        np.ascontiguousarray((2 * own + again).T, np.uint16),
        np.ascontiguousarray((PLACES * own + np.delete(places, foreign)).T, np.uint16),
        (drawn[..., :k] * weights).sum(axis=(1, 2)) + drawn[..., k].sum(axis=1) / size,
        np.ascontiguousarray(ranked[:, :-3:-1].transpose(1, 2, 0)),
    )


def draw(n: int, rng: np.random.Generator, background: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Own sentences (R, n), in order, and background ones (R, 2, K + 1); they stand after the first own one."""
    drawn = background[rng.integers(0, len(background), (RESAMPLES, BACKGROUND_SENTENCES))]
    return np.sort(rng.integers(0, n, (RESAMPLES, n)), axis=1), drawn
