"""What a model adds that is not linear: how like a text is to texts of the training, by an RBF kernel.

    sum over texts m of  exp(-gamma * |u(text) - u(m)|^2) * weight(m)

`u` is either the sparse row of the linear part, or the vector that a sentence encoder gives. Fitted by kernel ridge
regression (Saunders, Gammerman & Vovk 1998). Such a part has no exact explanation by features.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from classifier.scoring.aggregate import Floats
from classifier.scoring.texts.columns import Numbers


class Kernel(Protocol):
    """Adds to the logits of a text what it has in common with training texts."""

    def likeness(self, columns: Numbers, values: Floats, text: str) -> Floats:
        """(K,) what is added to the logits; the text is given as a sparse row and as it stands."""
        ...


class Encoder(Protocol):
    """Gives a text as a vector of length 1."""

    def encode(self, text: str) -> Floats:
        """(D,) the vector."""
        ...


@dataclass(frozen=True)
class DenseKernel:
    """Likeness by the vectors of an encoder: `landmarks` (M, D) of length 1, `weights` (M, K)."""

    gamma: float
    landmarks: Floats
    weights: Floats
    encoder: Encoder

    def likeness(self, columns: Numbers, values: Floats, text: str) -> Floats:
        """(K,) what is added to the logits."""
        near = np.exp(-self.gamma * (2 - 2 * self.landmarks @ self.encoder.encode(text)))
        return np.asarray(near @ self.weights)


@dataclass(frozen=True)
class SparseKernel:
    """Likeness by words and pieces: landmarks as entries (row, column, value), `weights` (M, K)."""

    gamma: float
    rows: Floats
    columns: Floats
    values: Floats
    weights: Floats
    width: int
    squares: Floats = field(init=False, repr=False, compare=False)
    _rows: Numbers = field(init=False, repr=False, compare=False)
    _columns: Numbers = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Takes the entries as whole numbers, once."""
        object.__setattr__(self, "_rows", self.rows.astype(np.intp))
        object.__setattr__(self, "_columns", self.columns.astype(np.intp))
        squares = np.bincount(self._rows, weights=self.values**2, minlength=len(self.weights))
        object.__setattr__(self, "squares", squares)

    def likeness(self, columns: Numbers, values: Floats, text: str) -> Floats:
        """(K,) what is added to the logits."""
        row = np.zeros(self.width)
        row[columns] = values
        common = np.bincount(self._rows, weights=self.values * row[self._columns], minlength=len(self.weights))
        distance = np.maximum(0.0, float(values @ values) + self.squares - 2 * common)
        return np.asarray(np.exp(-self.gamma * distance) @ self.weights)
