"""One linear model of texts: blocks of columns, how each is weighed, and what each adds to the logits of the classes.

Within a block a column weighs (1 + ln count) times its inverse document frequency, and the block is brought to length
1 (L2), then to its own weight. Logits are linear in these values; a model that is not linear has a `Kernel` beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from classifier.pipeline.evidence import Reading
from classifier.scoring.aggregate import Floats
from classifier.scoring.texts.columns import CUES, Block, Numbers
from classifier.scoring.texts.grams import MASKED, read_chunks
from classifier.scoring.texts.kernel import Kernel
from classifier.scoring.vocabulary import Vocabulary


@dataclass(frozen=True)
class Row:
    """One text: `columns` each once with their `values`.

    For each occurrence: its `places` in `columns`, the sentence that owns it, its share of the value, and of a piece the number
    of its chunk in `words` (else -1).
    """

    columns: Numbers
    values: Floats
    places: Numbers
    owners: Numbers
    shares: Floats
    chunks: Numbers
    words: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Part:
    """A linear model of texts, F columns and K classes.

    `view` is `given` or `masked`; `weigh` holds each block's weight; `scale` (F,) inverse document frequencies;
    `weights` (F, K) and `bias` (K,) make logits, already calibrated; `known` are words that occur in lower case.
    """

    classes: tuple[str, ...]
    view: str
    blocks: tuple[Block, ...]
    weigh: tuple[float, ...]
    known: Vocabulary
    scale: Floats
    weights: Floats
    bias: Floats
    kernel: Kernel | None = None

    @property
    def needs_reading(self) -> bool:
        """Whether the pipeline must read a text before it can be weighed."""
        return self.view == MASKED or any(block.kind == CUES for block in self.blocks)

    def row(self, text: str, reading: Reading | None) -> Row:
        """What a text holds, weighed."""
        chunks = read_chunks(text, reading, self.known, masked=self.view == MASKED)
        rows: list[Row] = []
        first = before = 0
        for block, weight in zip(self.blocks, self.weigh, strict=True):
            found = block.find(chunks)
            columns, places, counts = np.unique(found.columns, return_inverse=True, return_counts=True)
            columns = columns + first
            values = weigh_counts(counts, self.scale[columns], weight)
            rows.append(Row(columns, values, places + before, found.owners, 1 / counts[places], found.chunks))
            first += len(block)
            before += len(columns)
        return Row(
            columns=np.concatenate([row.columns for row in rows]),
            values=np.concatenate([row.values for row in rows]),
            places=np.concatenate([row.places for row in rows]),
            owners=np.concatenate([row.owners for row in rows]),
            shares=np.concatenate([row.shares for row in rows]),
            chunks=np.concatenate([row.chunks for row in rows]),
            words=chunks.words,
        )

    def logits(self, row: Row, text: str) -> Floats:
        """(K,) logits of a text."""
        logits = np.asarray(row.values @ self.weights[row.columns] + self.bias)
        return logits if self.kernel is None else logits + self.kernel.likeness(row.columns, row.values, text)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the columns stand for."""
        return tuple(name for block in self.blocks for name in block.names())


def weigh_counts(counts: Any, scale: Floats, weight: float) -> Floats:  # noqa: ANN401 - integers of any width
    """Values of one block of one text."""
    values = (1 + np.log(counts)) * scale
    norm = float(np.sqrt(values @ values))
    return np.asarray(values * (weight / norm)) if norm else np.asarray(values)


def describe_blocks(part: Part) -> list[Mapping[str, Any]]:
    """The blocks as the manifest tells them."""
    return [
        {"kind": block.kind, "longest": block.longest, "weight": weight, "size": len(block)}
        for block, weight in zip(part.blocks, part.weigh, strict=True)
    ]
