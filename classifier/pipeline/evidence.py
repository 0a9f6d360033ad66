"""What the pipeline hands on: cues and sentences as plain frozen values, offsets in code points of the given text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from classifier.pipeline.terms import NAME
from classifier.pipeline.words import Numbers, WordTable, word_table

CATEGORIES: dict[str, str] = {
    "posture_action": "hawkish",
    "named_operation": "hawkish",
    "deterrence_commitment": "hawkish",
    "threat_of_consequence": "hawkish",
    "attribution_and_demand": "hawkish",
    "lowered_threshold": "hawkish",
    "capability_build": "hawkish",
    "contact_and_consultation": "cautious",
    "monitoring_and_evidence": "cautious",
    "de_escalation_and_dialogue": "cautious",
    "self_limitation": "cautious",
    "concern_and_solidarity": "cautious",
    "deferral_and_review": "cautious",
    "resource_allocation": "neutral",
    "interoperability_standards": "neutral",
    "article_4": "neutral",
    "article_5": "neutral",
    "consensus_procedure": "neutral",
    "unilateral_national_action": "neutral",
    "deterrence_cost": "neutral",
    "hybrid_and_grey_zone": "neutral",
}
"""Cue category -> the side its wording stands for."""

STANCES = ("hawkish", "cautious", "neutral")
QUALIFIERS = ("negated", "hedged", "conditional", "reported", "historical")
QUALIFIER_SETS = tuple(tuple(name for bit, name in enumerate(QUALIFIERS) if bits >> bit & 1) for bits in range(2 ** len(QUALIFIERS)))
"""Sets of qualifiers in the order of `QUALIFIERS`, by their bits."""

CUE_KINDS = tuple((category, qualifiers) for category in CATEGORIES for qualifiers in QUALIFIER_SETS)
"""Kinds of cue: category and qualifiers."""
_KIND_NUMBERS = {kind: number for number, kind in enumerate(CUE_KINDS)}


def number_kind(category: str, qualifiers: tuple[str, ...]) -> int:
    """The number in `CUE_KINDS` of a category with its qualifiers, these in the order of `QUALIFIERS`."""
    return _KIND_NUMBERS[category, qualifiers]


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase of the lexicon met in a text.

    `entry` is the lexicon row, `category` and `stance` its own; `start` and `end` span the given
    text; `sentence` is the number of the sentence that holds it, from 0; `qualifiers` is any of
    `QUALIFIERS`, in that order.
    """

    entry: str
    category: str
    stance: str
    start: int
    end: int
    sentence: int
    qualifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TermRun:
    """The terms of a sentence as numbers of a table, one a token, 0 where a token has none (see `terms`)."""

    table: WordTable
    numbers: Numbers

    @classmethod
    def of(cls, terms: Sequence[str]) -> TermRun:
        """A run of the given terms."""
        table = word_table()
        return cls(table, np.array([table.term_number(term) for term in terms], np.int32))

    def names(self) -> tuple[str, ...]:
        """The terms, in order; a run of one placeholder is one term."""
        terms: list[str] = []
        for number in self.numbers.tolist():
            term = self.table.term_names[number]
            if term and not (terms and term[0] == NAME[0] and terms[-1] == term):
                terms.append(term)
        return tuple(terms)

    def __reduce__(self) -> Any:  # noqa: ANN401 - pickle's protocol
        """Numbers hold within one process: terms travel by name."""
        return TermRun.of, (self.names(),)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the given text, the paragraph (from 0) it stands in, and its terms."""

    start: int
    end: int
    paragraph: int
    run: TermRun = field(compare=False)

    @property
    def terms(self) -> tuple[str, ...]:
        """Its terms by name."""
        return self.run.names()


@dataclass(frozen=True)
class Tally:
    """What is counted of a text, as rows of numbers.

    `terms` (n,) are the numbers of the terms of its tokens in `table`, 0 for none; sentence by sentence, of `lengths` (S,)
    tokens each; `paragraphs` (S,) are the sentences' paragraphs. Of each cue `cue_kinds` (C,) holds its kind (see
    `number_kind`) and `cue_sentences` its sentence. A text without sentences may have no table.
    """

    table: WordTable | None
    terms: Numbers
    lengths: NDArray[np.int64]
    paragraphs: NDArray[np.int64]
    cue_kinds: NDArray[np.int64]
    cue_sentences: NDArray[np.int64]


class Source(Protocol):
    """What a reading is made from when it is looked at."""

    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences."""

    def cues(self) -> tuple[Cue, ...]:
        """The cues."""

    def tally(self) -> Tally:
        """What is counted."""


class Reading:
    """All that the pipeline says of a text: its sentences and its cues, each in order."""

    def __init__(self, sentences: tuple[Sentence, ...], cues: tuple[Cue, ...]) -> None:
        vars(self).update(sentences=sentences, cues=cues)

    @classmethod
    def later(cls, source: Source) -> Reading:
        """A reading whose parts are made when they are looked at."""
        reading = cls.__new__(cls)
        reading._source = source
        return reading

    _source: Source

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Its sentences."""
        return self._source.sentences()

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """Its cues."""
        return self._source.cues()

    @cached_property
    def tally(self) -> Tally:
        """What is counted of it."""
        return self._source.tally() if "_source" in vars(self) else tally_of(self.sentences, self.cues)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reading) and (self.sentences, self.cues) == (other.sentences, other.cues)

    def __hash__(self) -> int:
        return hash((self.sentences, self.cues))

    def __repr__(self) -> str:
        return f"Reading({self.sentences!r}, {self.cues!r})"

    def __reduce__(self) -> Any:  # noqa: ANN401 - pickle's protocol
        """Numbers hold within one process: a reading travels as its parts."""
        return Reading, (self.sentences, self.cues)


def join_tallies(parts: Sequence[Tally]) -> Tally:
    """What is counted of a text whose parts, one after the other, were read with one table."""
    before = np.cumsum([0, *(len(part.lengths) for part in parts[:-1])])
    return Tally(
        next((part.table for part in parts if len(part.lengths)), None),
        np.concatenate([part.terms for part in parts]),
        np.concatenate([part.lengths for part in parts]),
        np.concatenate([part.paragraphs for part in parts]),
        np.concatenate([part.cue_kinds for part in parts]),
        np.concatenate([part.cue_sentences + first for part, first in zip(parts, before.tolist(), strict=True)]),
    )


def tally_of(sentences: Sequence[Sentence], cues: Sequence[Cue]) -> Tally:
    """What is counted of given sentences and cues."""
    runs = [sentence.run.numbers for sentence in sentences]
    known = [cue for cue in cues if cue.category in CATEGORIES]
    return Tally(
        sentences[0].run.table if sentences else None,
        np.concatenate(runs) if runs else np.zeros(0, np.int32),
        np.array([len(run) for run in runs], np.int64),
        np.array([sentence.paragraph for sentence in sentences], np.int64),
        np.array([number_kind(cue.category, cue.qualifiers) for cue in known], np.int64),
        np.array([cue.sentence for cue in known], np.int64),
    )
