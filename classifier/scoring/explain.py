"""Which words made the score: contributions in log-odds that add up to it exactly.

A release's log-odds are `head_bias` plus, for each sentence, a weighted sum of its class probabilities.
Beside them stand the words of the whole release, linear in themselves, each split evenly over the sentences
that hold it. A sentence's probabilities are a softmax of logits that are linear in its features. What a feature adds
is taken along the straight line from no feature at all to the sentence as it stands (Aumann & Shapley
1974; integrated gradients, Sundararajan et al. 2017, arXiv:1703.01365): it has the completeness
property, so the parts sum to the whole, and no sampling is involved.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from classifier.scoring.aggregate import AGGREGATES, Floats, aggregate_weights, middle_third, softmax
from classifier.scoring.document import document_row
from classifier.scoring.verdict import Contribution

if TYPE_CHECKING:
    from classifier.scoring.artefact import Model
    from classifier.scoring.weigh import Rows


@cache
def _nodes() -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights on [0, 1]."""
    x, w = np.polynomial.legendre.leggauss(12)
    return (x + 1) / 2, w / 2


def contributions_of(
    rows: Rows, logits: Floats, probabilities: Floats, log_odds: Floats, model: Model
) -> tuple[float, tuple[Contribution, ...]]:
    """The intercept (a constant of the model) and every feature's contribution, the weightiest first.

    `log_odds` are the release's. For a model of other classes each class has its own contributions
    to its own logit, and the intercept is that of the likeliest class.
    """
    best = int(np.argmax(log_odds))
    intercept = _intercept(model, best)
    if not len(logits):
        return intercept, ()
    shares = aggregate_weights(probabilities)
    document = document_row(rows.terms, model.document_scale, len(model.vocabulary.ngrams))
    names = [model.vocabulary.name(column) for column in rows.terms.columns.tolist()]
    names += [model.pieces.names[row] for row in rows.words.columns.tolist()]
    sentence, of_word = rows.terms.owners(), rows.words.owners()
    owners = np.concatenate([sentence, of_word]).tolist()
    found: list[Contribution] = []
    for output in range(model.head.shape[1]):
        head = model.head[:, output].reshape(shares.shape[0], -1)
        gains = _mean_gradient(logits, model.bias, np.einsum("ak,ank->nk", head, shares))
        terms = (model.weights[rows.terms.columns] * gains[sentence]).sum(axis=1) * rows.terms.values
        terms += (document.values * model.document[document.columns, output])[document.places] * document.shares
        words = (model.pieces.vectors(rows.words.columns) * gains[of_word]).sum(axis=1) * rows.words.values
        merged: dict[tuple[str, int], float] = {}
        for key, value in zip(zip(names, owners, strict=True), np.concatenate([terms, words]).tolist(), strict=True):
            merged[key] = merged.get(key, 0.0) + value
        outcome = None if model.poles else model.classes[output]
        found += [Contribution(name, value, number, outcome) for (name, number), value in merged.items() if value]
    found.sort(key=lambda part: (-abs(part.value), part.sentence, part.feature))
    return intercept, tuple(found)


def _intercept(model: Model, output: int) -> float:
    """The log-odds of a text none of whose sentences has a feature: every aggregate is that of the bias alone."""
    base = softmax(model.bias)
    return float(model.head_bias[output] + model.head[:, output] @ np.tile(base, len(AGGREGATES)))


def _mean_gradient(logits: Floats, bias: Floats, slope: Floats) -> Floats:
    """Mean of d(slope . softmax(z)) / dz over z from `bias` to each sentence's logits, (n, K).

    The small rest that the quadrature leaves is put along the path, so that gradient times path is exact.
    """
    nodes, weights = _nodes()
    path = logits - bias
    points = softmax(bias + nodes[:, None, None] * path)
    gradients = points * (slope - (points * slope).sum(axis=-1, keepdims=True))
    mean = (weights[:, None, None] * gradients).sum(axis=0)
    exact = (slope * (softmax(logits) - softmax(bias[None, :]))).sum(axis=1)
    rest = exact - (mean * path).sum(axis=1)
    length = (path * path).sum(axis=1)
    length[length == 0] = 1
    return np.asarray(mean + (rest / length)[:, None] * path)


def middle_signal(probabilities: Floats, count: int, model: Model) -> dict[str, Any]:
    """How the middle third of the sentences leans beside the opening and closing thirds, each in [-1, 1]."""
    if not model.poles or not count:
        return {}
    first, second = (model.classes.index(pole) for pole in model.poles)
    lean = probabilities[:, first] - probabilities[:, second]
    low, high = middle_third(count)
    parts = {"opening": lean[:low], "middle": lean[low:high], "closing": lean[high:]}
    means = {name: round(float(part.mean()), 4) if len(part) else None for name, part in parts.items()}
    ends = [value for name, value in means.items() if name != "middle" and value is not None]
    middle = means["middle"]
    differs = bool(ends) and middle is not None and abs(middle - sum(ends) / len(ends)) >= 0.3
    return {"middle": {**means, "differs": differs}}
