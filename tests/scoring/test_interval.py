"""Intervals: what is resampled together says the same as alone, and the same as a plain resampling would."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.scoring.aggregate import AGGREGATES, aggregates
from classifier.scoring.draws import BACKGROUND_SENTENCES, RESAMPLES
from classifier.scoring.interval import Resampler

CLASSES = 3


def make_resampler(classes=CLASSES):
    rng = np.random.default_rng(7)
    background = np.column_stack([rng.dirichlet(np.ones(classes), 50), rng.normal(size=50) / 10])
    return Resampler(rng.normal(size=len(AGGREGATES) * classes), 0.3, background)


def make_sentences(count, classes=CLASSES, seed=1):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(classes), count), rng.normal(size=count) / 5


def resample_plainly(resampler, probabilities, shares):
    """Log-odds of the middle 90 % by drawing each resample and aggregating it."""
    n, k = probabilities.shape
    rng = np.random.default_rng(n)
    drawn = resampler._background[rng.integers(0, len(resampler._background), (RESAMPLES, BACKGROUND_SENTENCES))]
    chosen = np.sort(rng.integers(0, n, (RESAMPLES, n)), axis=1)
    own = np.column_stack([probabilities, n * shares])
    samples = [np.concatenate([own[some[:1]], extra, own[some[1:]]]) for some, extra in zip(chosen, drawn, strict=True)]
    log_odds = [aggregates(s[:, :k]) @ resampler._head + resampler._bias + s[:, k].mean() for s in samples]
    return np.quantile(log_odds, [0.05, 0.95])


@pytest.mark.parametrize(
    ("n", "classes", "reason"),
    [
        (1, 3, "no second sentence of its own"),
        (2, 3, "no middle but all"),
        (3, 3, "a middle of one"),
        (7, 3, "a short text"),
        (40, 2, "as many classes as poles"),
        (12, 5, "more classes than a word of four bytes holds"),
        (127, 3, "the most that fit into a byte"),
        (128, 9, "one too many for a byte"),
        (1000, 3, "the longest whose draws are kept"),
        (1001, 3, "one longer"),
    ],
)
def test_bounds_are_those_of_plain_resampling(n, classes, reason):
    resampler = make_resampler(classes)
    probabilities, shares = make_sentences(n, classes)
    found = resampler.bounds(probabilities, shares, np.array([0, n]))[0]
    assert found == pytest.approx(resample_plainly(resampler, probabilities, shares), abs=1e-12), reason


def test_equal_probabilities_are_both_strongest():
    resampler = make_resampler()
    probabilities = np.repeat(make_sentences(1)[0], 5, axis=0)
    shares = np.zeros(5)
    found = resampler.bounds(probabilities, shares, np.array([0, 5]))[0]
    assert found == pytest.approx(resample_plainly(resampler, probabilities, shares), abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([1, 2, 3, 6, 6, 6, 17, 127, 128, 1001]), min_size=1, max_size=30), st.integers(0, 1000))
def test_texts_resampled_together_have_the_bounds_they_have_alone(counts, seed):
    resampler = make_resampler()
    starts = np.concatenate([[0], np.cumsum(counts)])
    probabilities, shares = make_sentences(starts[-1], seed=seed)
    together = resampler.bounds(probabilities, shares, starts)
    for number, (low, high) in enumerate(zip(starts, starts[1:], strict=False)):
        alone = resampler.bounds(probabilities[low:high], shares[low:high], np.array([0, high - low]))
        assert together[number].tolist() == alone[0].tolist(), "to the last bit"
