"""How far a score may move: a 90 % bootstrap over the sentences of a release (Efron 1979).

Every release of n sentences is resampled with the same draws, so the same text has the same interval
anywhere, and what does not depend on the text is worked out once for each n. Sentences of the training texts are drawn
into every resample, so that a short text has a wide interval.

Many texts are resampled together. What is computed for one of them does not depend on those beside it: values are
gathered, compared and added up in the order of the draws, and no product of matrices is taken, whose last digits hang
on its size.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.scoring.aggregate import AGGREGATES, Floats, aggregates
from classifier.scoring.draws import BACKGROUND_SENTENCES, FIRST, LAST, MIDDLE, PLACES, RESAMPLES, Draws, make_draws

Numbers = NDArray[np.int64]

RESAMPLE_ROWS = 40_000
"""Sentences of resamples held at once, so that a long text needs no more memory."""

_LONGEST = 1000  # sentences whose draws are kept: 0.8 MB
_MOST_KEPT = 12_000  # sentences of all the draws that are kept: 10 MB
_TOGETHER = 256  # sentences whose resamples are worked out in one go, and
_TEXTS = 32  # texts: they stay in the processor's cache
_LOW, _HIGH = 0.05, 0.95


@dataclass(frozen=True)
class _Sentences:
    """Sentences of all texts: `linear` (N, PLACES) what each adds to the log-odds by its place; `ranks` (N, W) its rank by probability
    among those of its text, for each class; `ordered` (K, N + T) the probabilities of each text in falling order, with -inf after them.
    """

    linear: Floats
    ranks: Numbers
    ordered: Floats


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
        self._kept: OrderedDict[int, Draws] = OrderedDict()

    def bounds(self, probabilities: Floats, shares: Floats, starts: Numbers) -> Floats:
        """Lowest and highest log-odds of the middle 90 % of the resamples of each text, (T, 2).

        Args:
            probabilities: (N, K) of the sentences of all texts.
            shares: (N,) what each sentence adds to its document's log-odds.
            starts: (T + 1,) the first sentence of each text, and past the last; each has at least one.
        """
        counts = np.diff(starts)
        found = np.empty((len(counts), RESAMPLES))
        planned = np.flatnonzero(counts <= _LONGEST)
        for text in np.flatnonzero(counts > _LONGEST).tolist():
            own = slice(int(starts[text]), int(starts[text + 1]))
            found[text] = self._drawn(np.column_stack([probabilities[own], counts[text] * shares[own]]))
        if len(planned):
            found[planned] = self._planned(probabilities, shares, starts, planned)
        found.sort(axis=1)
        return np.stack([_quantiles(found, _LOW), _quantiles(found, _HIGH)], axis=1)

    def _planned(self, probabilities: Floats, shares: Floats, starts: Numbers, texts: Numbers) -> Floats:
        """(T, R) log-odds of the resamples of some texts."""
        counts = np.diff(starts)[texts]
        sentences = self._prepare(probabilities, shares, starts)
        found = np.empty((len(texts), RESAMPLES))
        codes = np.empty((2, len(texts), RESAMPLES, sentences.ranks.shape[1]), np.uint16)
        strongest = np.empty((len(texts), 2, len(sentences.ordered), RESAMPLES))
        for n in sorted(set(counts.tolist())):  # np.unique would first load masked arrays
            draws, equal = self._draws(n), np.flatnonzero(counts == n)
            strongest[equal] = draws.strongest
            step = max(1, _TOGETHER // n)
            for some in (equal[i : i + step] for i in range(0, len(equal), step)):
                rows = starts[texts[some]][:, None] + np.arange(n)
                found[some] = np.add.reduce(sentences.linear[rows].reshape(len(some), -1).take(draws.placed, axis=1), axis=1) + draws.linear
                codes[0, some], codes[1, some] = _best_two(sentences.ranks[rows], draws.chosen)
        bases = starts[texts] + texts
        for low in range(0, len(texts), _TEXTS):
            some_ = slice(low, low + _TEXTS)
            found[some_] += self._by_strength(sentences.ordered, bases[some_], counts[some_], codes[:, some_], strongest[some_])
        return found + self._bias

    def _prepare(self, probabilities: Floats, shares: Floats, starts: Numbers) -> _Sentences:
        counts = np.diff(starts)
        owners = np.repeat(np.arange(len(counts)), counts)
        sizes = counts + BACKGROUND_SENTENCES
        low = np.where(sizes < 3, 0, -(-sizes // 3))
        middles = np.maximum(low + 1, (2 * sizes) // 3) - low
        linear = np.zeros((len(owners), PLACES))
        mean, first, last, middle = (sum(probabilities[:, k] * part[k] for k in range(len(part))) for part in self._parts[[0, 3, 4, 5]])
        linear += ((mean + counts[owners] * shares) / sizes[owners])[:, None]
        for place, values in ((FIRST, first), (LAST, last), (MIDDLE, middle / middles[owners])):
            linear[:, np.arange(PLACES) & place > 0] += np.reshape(values, (-1, 1))
        k = probabilities.shape[1]
        ranks = np.zeros((len(owners), 1 << (k - 1).bit_length()), np.int64)  # so many are copied at once
        ordered = np.full((k, len(owners) + len(counts)), -np.inf)
        within = np.arange(len(owners)) - starts[owners]
        for number, values in enumerate(probabilities.T):
            order = np.lexsort((-values, owners))
            ranks[order, number] = within
            ordered[number, np.arange(len(owners)) + owners] = values[order]
        return _Sentences(linear, ranks, ordered)

    def _by_strength(self, ordered: Floats, bases: Numbers, counts: Numbers, codes: NDArray[np.uint16], strongest: Floats) -> Floats:
        """(T, R) what the strongest and the two strongest sentences of each resample add to the log-odds."""
        k = len(ordered)
        of_background = strongest.transpose(1, 2, 0, 3)
        best, gap = codes[..., :k].transpose(0, 3, 1, 2).astype(np.int64, order="C")
        following = np.minimum((best + gap + 1) >> 1, counts[:, None])
        base = bases[:, None] + (ordered.shape[1] * np.arange(k))[:, None, None]
        first, second = ordered.reshape(-1).take((best >> 1) + base), ordered.reshape(-1).take(following + base)
        second = np.maximum(np.minimum(first, of_background[0]), np.maximum(second, of_background[1]))
        first = np.maximum(first, of_background[0])
        two = self._parts[2] / 2
        found = np.zeros(first.shape[1:])
        for values, weights in ((first, self._parts[1] + two), (second, two)):
            for of_class, weight in zip(values, weights.tolist(), strict=True):
                found += of_class * weight
        return found

    def _draws(self, n: int) -> Draws:
        draws = self._kept.get(n)
        if draws is None:
            draws = self._kept[n] = make_draws(n, self._parts, self._background)
            while sum(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return draws

    def _drawn(self, own: Floats) -> Floats:
        """The log-odds of the resamples of one long text (n, K + 1), some at a time."""
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


def _best_two(ranks: Numbers, chosen: NDArray[np.uint16]) -> tuple[NDArray[np.unsignedinteger], NDArray[np.unsignedinteger]]:
    """The code of the best rank among the drawn sentences, and how far below it the next one comes, less one; (T, R, W) each.

    A rank's code is an even number, twice the rank, and the odd one after it where the sentence was drawn before. So the
    best stands once in each resample, and a number without sign finds nothing between itself and one less. A byte each is
    gathered and compared many times faster than a probability. With one sentence the gap is the largest number there is.

    Args:
        ranks: (T, n, W) of texts of equally many sentences.
        chosen: (n, R), as in `Draws`.
    """
    texts, n, width = ranks.shape
    kind = np.uint8 if n < 128 else np.uint16
    codes = np.empty((texts, n, 2, width), kind)
    np.multiply(ranks, 2, out=codes[:, :, 0], casting="unsafe")
    np.add(codes[:, :, 0], kind(1), out=codes[:, :, 1])
    drawn = codes.reshape(texts, 2 * n, width).take(chosen, axis=1)
    best = np.minimum.reduce(drawn, axis=1)
    drawn -= (best + kind(1))[:, None]
    return best, np.minimum.reduce(drawn, axis=1)


def _quantiles(ordered: Floats, q: float) -> Floats:
    """The q-quantile of each row of numbers in order, by linear interpolation."""
    at = q * (ordered.shape[1] - 1)
    low = int(at)
    return np.asarray(ordered[:, low] + (at - low) * (ordered[:, min(low + 1, ordered.shape[1] - 1)] - ordered[:, low]))
