"""Many texts as one row of tokens, so that rules run over numbers of all of them at once.

Two tokens of the kind `EDGE_KIND` stand before each text and after the last: a rule that looks at its neighbours
sees that there are none. What is found for one text does not depend on those beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from classifier.pipeline.marks import LED
from classifier.pipeline.plain import lay_out
from classifier.pipeline.shadow import Shadow, cast_shadow
from classifier.pipeline.words import EDGE_KIND, EDGES, Numbers, Words, WordTable

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Passages:
    """The tokens of several texts.

    `kinds` (N,) with edges; `firsts` and `lasts` (T,) are the first token of each text and past the last.
    Places are code points of all texts end to end, of which `offsets` (T,) is where each text begins.
    """

    table: WordTable
    kinds: Numbers

    @cached_property
    def _edges(self) -> Places:
        return np.flatnonzero(self.kinds == EDGE_KIND)

    @property
    def firsts(self) -> Places:
        """The first token of each text."""
        return self._edges[1:-1:2] + 1

    @property
    def lasts(self) -> Places:
        """Past the last token of each text."""
        return self._edges[2::2]

    @cached_property
    def marks(self) -> Numbers:
        """The bits of each token (see `marks`)."""
        marks: Numbers = self.table.marks.values[self.kinds]
        return marks

    @cached_property
    def ends(self) -> Places:
        """The place where each token ends."""
        return np.cumsum(self.table.lengths.values[self.kinds], dtype=np.int64)

    @cached_property
    def starts(self) -> Places:
        """The place where each token begins."""
        lengths = self.table.lengths.values[self.kinds]
        return np.asarray(self.ends - lengths + (self.marks & LED > 0))

    @cached_property
    def offsets(self) -> Places:
        """The place where each text begins."""
        return self.starts[self.firsts]

    def joined(self, first: int, last: int) -> str:
        """The tokens from `first` up to `last` with the blanks between them."""
        kinds = self.kinds[first:last]
        led = (self.table.marks.values[kinds] & LED > 0).tolist()
        return "".join(" " * blank + self.table.texts[kind] for blank, kind in zip([False, *led[1:]], kinds.tolist(), strict=True))


def read_passages(table: WordTable, texts: Sequence[str]) -> tuple[Passages, dict[int, Shadow]]:
    """The tokens of the shadows of some texts, and those shadows that do not agree with their text place by place."""
    laid = lay_out(texts)
    kinds = np.frombuffer(EDGES + table.join(laid.plain), np.int32)
    passages = Passages(table, kinds)
    if laid.is_plain.all():
        return passages, {}
    plain = iter(np.split(kinds, passages.firsts)[1:])
    shadows, parts = {}, [kinds[:2]]
    for number, is_plain in enumerate(laid.is_plain.tolist()):
        if is_plain:
            parts.append(next(plain))
            continue
        shadow = cast_shadow(texts[number])
        parts += [table.read(shadow.text).kinds, kinds[:2]]
        if shadow.origin is not None:
            shadows[number] = shadow
    return Passages(table, np.concatenate(parts)), shadows


def gather(words: Sequence[Words]) -> Passages:
    """Texts that were read one by one, of one table."""
    edges = np.frombuffer(EDGES, np.int32)
    parts = [edges] + [part for own in words for part in (own.kinds, edges)]
    return Passages(words[0].table, np.concatenate(parts))
