"""What the pipeline hands on: cues and sentences as plain frozen values, offsets in code points of the given text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

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


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the pipeline says of a text: its sentences and its cues, each in order."""

    sentences: tuple[Sentence, ...]
    cues: tuple[Cue, ...]
