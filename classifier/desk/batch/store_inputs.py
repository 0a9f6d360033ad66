"""Records from the store of what was collected: those that the model has not scored; what it says of them is kept there."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifier.batch.record import Note, Record
from classifier.desk.batch.inputs import Inputs
from classifier.desk.batch.walk import Walk
from scraper.rows import FieldNames

if TYPE_CHECKING:
    from scraper.store.opening import Store

_PLACE = "store:"
_CREDENTIALS = re.compile(r"//[^/?#]*@")


@dataclass(slots=True)
class StoreInputs(Inputs):
    """What a store holds and the model of hash `model_hash` has not scored.

    A score is kept once its row is where it is wanted: with a killed run nothing is lost, and nothing
    that was not written counts as scored.
    """

    store: Store | None = None
    model_hash: str = ""
    address: str = ""

    @property
    def from_store(self) -> str | None:
        """The store's address, or a word for the usual one."""
        return _CREDENTIALS.sub("//", self.address) or "the usual store"

    def records(self) -> Iterator[Record]:
        """Wordings that are not scored, in the order in which they came."""
        if self.store is not None:
            for item in self.store.scores.unscored(self.model_hash):
                yield Record(source=f"{_PLACE}{item.id}", id=item.key, release=item.release)

    def tell_store(self, notes: Sequence[Note]) -> None:
        """Keeps scores.

        Raises:
            StoreError: the store cannot be written.
        """
        from scraper.store.scores import Score

        if self.store is not None and notes:
            rows = [Score(int(n.source.removeprefix(_PLACE)), n.verdict, n.probability, n.low, n.high, dict(n.values)) for n in notes]
            self.store.scores.keep(self.model_hash, rows)


def open_store_inputs(store: Store, model_hash: str, address: str | None) -> StoreInputs:
    """The inputs of `--new`."""
    return StoreInputs(Walk(()), FieldNames(), io.BytesIO(), store=store, model_hash=model_hash, address=address or "")
