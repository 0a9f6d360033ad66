"""What the pipeline hands on: cues and sentences as plain frozen values, offsets in code points of the given text."""

from __future__ import annotations

from dataclasses import dataclass

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
class Sentence:
    """A sentence of the given text, the paragraph (from 0) it stands in, and its terms (see `terms`)."""

    start: int
    end: int
    paragraph: int
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the pipeline says of a text: its sentences and its cues, each in order."""

    sentences: tuple[Sentence, ...]
    cues: tuple[Cue, ...]
