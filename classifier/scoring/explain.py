"""Which words made the score: contributions in log-odds that add up to it exactly.

A release's log-odds are `head_bias` plus, for each sentence, a weighted sum of its class probabilities.
Beside them stand the words of the whole release, linear in themselves, each split evenly over the sentences
that hold it. A sentence's probabilities are a softmax of logits that are linear in its features. What a feature adds
is taken along the straight line from no feature at all to the sentence as it stands (Aumann & Shapley
1974; integrated gradients, Sundararajan et al. 2017, arXiv:1703.01365): it has the completeness
property, so the parts sum to the whole, and no sampling is involved.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from classifier.scoring.aggregate import AGGREGATES, Floats, aggregate_weights, middle_third, softmax
from classifier.scoring.document import weigh_documents
from classifier.scoring.verdict import Contribution

if TYPE_CHECKING:
    from classifier.scoring.artefact import Model
    from classifier.scoring.weigh import Counted

# What np.polynomial.legendre.leggauss(12) gives: nodes above zero with their weights (Abramowitz & Stegun 1964, table 25.4).
# Loading numpy's polynomials and solving for them takes longer than explaining a text.
_HALF = (
    (0.1252334085114689, 0.2491470458134027),
    (0.3678314989981802, 0.2334925365383546),
    (0.5873179542866175, 0.20316742672306573),
    (0.7699026741943047, 0.16007832854334642),
    (0.9041172563704748, 0.10693932599531907),
    (0.9815606342467192, 0.04717533638651141),
)


@cache
def _nodes() -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights on [0, 1]."""
    x, w = np.array(_HALF).T
    return (np.concatenate([-x[::-1], x]) + 1) / 2, np.concatenate([w[::-1], w]) / 2


@dataclass(frozen=True)
class Explanation:
    """What is needed to explain the score of one of several texts that were counted together.

    `logits` and `probabilities` (n, K) are those of its own sentences.
    """

    counted: Counted
    text: int
    logits: Floats
    probabilities: Floats
    model: Model

    def contributions(self) -> tuple[Contribution, ...]:
        """Every feature's contribution, the weightiest first.

        For a model of other classes each class has its own contributions to its own logit.
        """
        if not len(self.logits):
            return ()
        model, counted = self.model, self.counted.part(self.text)
        shares = aggregate_weights(self.probabilities)
        documents = weigh_documents(counted, counted.owners, model.document_scale)
        names = [model.vocabulary.name(column) for column in (*counted.ngram_column.tolist(), *counted.cue_column.tolist())]
        names += [counted.pieces.names[row] for row in counted.word_row.tolist()]
        columns = np.concatenate([counted.ngram_column, counted.cue_column])
        values = np.concatenate([counted.ngram_value, counted.cue_value])
        sentence = np.concatenate([counted.ngram_sentence, counted.cue_sentence])
        owners = np.concatenate([sentence, counted.word_sentence]).tolist()
        found: list[Contribution] = []
        for output in range(model.head.shape[1]):
            head = model.head[:, output].reshape(shares.shape[0], -1)
            gains = _mean_gradient(self.logits, model.bias, np.einsum("ak,ank->nk", head, shares))
            terms = (model.weights[columns] * gains[sentence]).sum(axis=1) * values
            terms += (documents.values * model.document[documents.column, output])[documents.places] * documents.shares
            words = (counted.pieces.vectors(counted.word_row) * gains[counted.word_sentence]).sum(axis=1) * counted.word_value
            merged: dict[tuple[str, int], float] = {}
            for key, value in zip(zip(names, owners, strict=True), np.concatenate([terms, words]).tolist(), strict=True):
                merged[key] = merged.get(key, 0.0) + value
            outcome = None if model.poles else model.classes[output]
            found += [Contribution(name, value, number, outcome) for (name, number), value in merged.items() if value]
        found.sort(key=lambda part: (-abs(part.value), part.sentence, part.feature))
        return tuple(found)


def intercepts_of(model: Model) -> list[float]:
    """The log-odds of a text none of whose sentences has a feature, by output: every aggregate is that of the bias alone."""
    base = np.tile(softmax(model.bias), len(AGGREGATES))
    return [float(value) for value in model.head_bias + base @ model.head]


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
    lean = (probabilities[:, first] - probabilities[:, second]).tolist()
    low, high = middle_third(count)
    parts = {"opening": lean[:low], "middle": lean[low:high], "closing": lean[high:]}
    means = {name: round(sum(part) / len(part), 4) if part else None for name, part in parts.items()}
    ends = [value for name, value in means.items() if name != "middle" and value is not None]
    middle = means["middle"]
    differs = bool(ends) and middle is not None and abs(middle - sum(ends) / len(ends)) >= 0.3
    return {"middle": {**means, "differs": differs}}
