"""How far annotators agree: percent, Cohen's kappa and Krippendorff's alpha, each with a bootstrap interval.

Sources: J. Cohen, A coefficient of agreement for nominal scales (1960); K. Krippendorff, Computing Krippendorff's
Alpha-Reliability (2011). All are ratios of sums over texts, so a bootstrap needs only to weigh the texts anew.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Level = Literal["nominal", "ordinal", "interval"]
REPLICATES = 1_000
CONFIDENCE = 0.95
SEED = 20
MOST_BAGS, LEAST_BAGS, MOST_CELLS = 5_000, 200, 5_000_000
"""Clusters that are drawn by themselves, and matrix cells that are held for them."""

_Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A coefficient with the interval that holds it with 95 % confidence; null where it is not defined."""

    value: float | None
    low: float | None
    high: float | None

    def as_record(self) -> dict[str, float | None]:
        """As JSON has it."""
        return {"value": self.value, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of all annotators (alpha), and of each two on the texts that both labelled (percent, kappa).

    `texts` counts those with two labels at least; `clusters` what was resampled: groups, or texts where there are none.
    """

    annotators: tuple[str, ...]
    texts: int
    clusters: int
    level: Level
    alpha: Figure
    pairs: tuple[Pair, ...]

    def as_record(self) -> dict[str, Any]:
        """As JSON has it."""
        pairs = [
            {"annotators": [p.one, p.other], "texts": p.texts, "percent": p.percent.as_record(), "kappa": p.kappa.as_record()}
            for p in self.pairs
        ]
        own = {"annotators": list(self.annotators), "texts": self.texts, "clusters": self.clusters, "level": self.level}
        return own | {"confidence": CONFIDENCE, "krippendorff_alpha": self.alpha.as_record(), "pairs": pairs}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two annotators on the texts that both labelled; percent and kappa as shares (0.9 is 90 %)."""

    one: str
    other: str
    texts: int
    percent: Figure
    kappa: Figure


def measure_agreement(
    labels: Sequence[Mapping[str, str]], groups: Sequence[str] | None = None, *, level: Level = "nominal", replicates: int = REPLICATES
) -> Agreement:
    """Agreement on texts.

    Args:
        labels: for each text, annotator -> label; an annotator may be missing.
        groups: for each text, what it may not be parted from when texts are drawn again; null for each by itself.
        level: of measurement, for alpha; the values of other than nominal ones must be numbers.
        replicates: of the bootstrap.

    Raises:
        ValueError: no text has two labels, or a label is no number where one is needed.
    """
    kept = [n for n, given in enumerate(labels) if len(given) > 1]
    if not kept:
        raise ValueError("no text has two annotators' labels")
    names = sorted({name for n in kept for name in labels[n]})
    classes = _order({label for n in kept for label in labels[n].values()}, level)
    index = {label: number for number, label in enumerate(classes)}
    clusters, where = _bag([groups[n] for n in kept] if groups is not None else range(len(kept)), len(classes))
    weights = _draw(max(where) + 1, replicates)
    texts = [labels[n] for n in kept]
    alpha = _figure([_alpha(sums, classes, level) for sums in _resample(_coincidences(texts, index), where, weights, len(index))])
    pairs = [pair for one, other in combinations(names, 2) if (pair := _pair(one, other, texts, index, where, weights))]
    return Agreement(tuple(names), len(kept), clusters, level, alpha, tuple(pairs))


def _order(labels: set[str], level: Level) -> list[str]:
    if level == "nominal":
        return sorted(labels)
    try:
        return sorted(labels, key=float)
    except ValueError:
        wrong = next(label for label in sorted(labels) if not _is_number(label))
        raise ValueError(f"{level} agreement needs numbers as labels, and {wrong!r} is none") from None


def _is_number(label: str) -> bool:
    try:
        float(label)
    except ValueError:
        return False
    return True


def _draw(clusters: int, replicates: int) -> _Array:
    """How often each cluster is drawn: the first row is the sample as it is."""
    random = np.random.Generator(np.random.PCG64(SEED))
    drawn = [np.bincount(random.integers(0, clusters, clusters), minlength=clusters) for _ in range(replicates)]
    return np.array([np.ones(clusters), *drawn], dtype=np.float64)


def _bag(clusters: Sequence[Hashable], classes: int) -> tuple[int, list[int]]:
    """How many clusters there are, and for each text which one it is in.

    Many clusters are put together at random into as many bags as memory allows: sums over bags of independent clusters
    vary as sums over the clusters do.
    """
    numbers: dict[Hashable, int] = {}
    where = [numbers.setdefault(cluster, len(numbers)) for cluster in clusters]
    most = max(LEAST_BAGS, min(MOST_BAGS, MOST_CELLS // classes**2))
    if len(numbers) <= most:
        return len(numbers), where
    bags = np.random.Generator(np.random.PCG64(SEED)).permutation(len(numbers)) % most
    return len(numbers), [int(bags[number]) for number in where]


Cells = Iterator[tuple[int, int, int, float]]
"""Number of a text, row and column of the matrix, and what the text adds there."""


def _resample(cells: Cells, where: Sequence[int], weights: _Array, side: int) -> _Array:
    """Sums over texts of a matrix each, for each row of weights of the clusters."""
    clusters = np.zeros((weights.shape[1], side, side))
    for text, row, column, value in cells:
        clusters[where[text], row, column] += value
    return (weights @ clusters.reshape(weights.shape[1], side * side)).reshape(len(weights), side, side)


def _coincidences(texts: Sequence[Mapping[str, str]], index: Mapping[str, int]) -> Cells:
    """Each ordered pair of labels within a text, weighed so that a text counts as often as it has labels."""
    for number, given in enumerate(texts):
        for one, other in permutations(given.values(), 2):
            yield number, index[one], index[other], 1 / (len(given) - 1)


def _crossed(one: str, other: str, texts: Sequence[Mapping[str, str]], index: Mapping[str, int]) -> Cells:
    """One annotator's label against the other's."""
    for number, given in enumerate(texts):
        if one in given and other in given:
            yield number, index[given[one]], index[given[other]], 1.0


def _alpha(coincidences: _Array, classes: Sequence[str], level: Level) -> float:
    """Alpha = 1 - observed / expected disagreement of a coincidence matrix; not a number where nothing varies."""
    totals = coincidences.sum(axis=1)
    total = totals.sum()
    distance = _distances(totals, classes, level)
    expected = float((np.outer(totals, totals) * distance).sum()) / (total - 1) if total > 1 else 0.0
    return 1 - float((coincidences * distance).sum()) / expected if expected > 0 else float("nan")


def _distances(totals: _Array, classes: Sequence[str], level: Level) -> _Array:
    if level == "nominal":
        return 1 - np.eye(len(classes))
    if level == "interval":
        values = np.array([float(label) for label in classes])
        return np.asarray((values[:, None] - values[None, :]) ** 2, dtype=np.float64)
    # Ordinal: values between the two, and half of either's own, by how often each was used.
    ranks = np.cumsum(totals) - totals / 2
    return np.asarray((ranks[:, None] - ranks[None, :]) ** 2, dtype=np.float64)


def _pair(
    one: str, other: str, texts: Sequence[Mapping[str, str]], index: Mapping[str, int], where: Sequence[int], weights: _Array
) -> Pair | None:
    drawn = _resample(_crossed(one, other, texts, index), where, weights, len(index))
    both = round(float(drawn[0].sum()))
    return Pair(one, other, both, _figure(map(_percent, drawn)), _figure(map(_kappa, drawn))) if both else None


def _percent(table: _Array) -> float:
    total = table.sum()
    return float(np.trace(table) / total) if total else float("nan")


def _kappa(table: _Array) -> float:
    """Agreement beyond that of chance; not a number where chance alone would agree on everything."""
    total = table.sum()
    if not total:
        return float("nan")
    expected = float(table.sum(axis=0) @ table.sum(axis=1)) / total**2
    return (float(np.trace(table)) / total - expected) / (1 - expected) if expected < 1 else float("nan")


def _figure(values: Iterable[float]) -> Figure:
    """The first value with the percentiles of the others."""
    first, *drawn = values
    usable = [value for value in drawn if not np.isnan(value)]
    if np.isnan(first):
        return Figure(None, None, None)
    if not usable:
        return Figure(float(first), None, None)
    low, high = np.percentile(usable, [50 * (1 - CONFIDENCE), 100 - 50 * (1 - CONFIDENCE)])
    return Figure(float(first), float(low), float(high))
