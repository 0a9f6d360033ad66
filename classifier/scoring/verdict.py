"""What scoring hands on: frozen values, offsets in code points of the given text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from classifier.pipeline.evidence import Cue

NO_STANCE = "no stance"


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """One sentence: `probabilities` by class name, summing to 1; `stance` the largest; `cues` numbers into the release's cues."""

    start: int
    end: int
    stance: str
    probabilities: Mapping[str, float]
    cues: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ParagraphScore:
    """One paragraph scored as if it stood alone: `probability` as in `ReleaseScore`, null without sentences."""

    start: int
    end: int
    probability: float | None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a feature of one sentence (by number) adds to the log-odds; `outcome` names the class in a model of other classes."""

    feature: str
    value: float
    sentence: int
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class ReleaseScore:
    """The verdict on a text, and all it rests on.

    For a model with poles: `probability` is P(first pole, given a stance), `interval` its 90 %
    bootstrap over sentences, `index` (first - second pole) / all sentences in [-1, 1], and the
    `contributions` with `intercept` add up to logit(`probability`) within 1e-9. For a model of
    other classes `probability` and `index` are null and `verdict` is the likeliest class.
    `stance_probability` is P(the text takes any stance at all).
    """

    verdict: str
    probabilities: Mapping[str, float]
    probability: float | None
    interval: tuple[float, float] | None
    index: float | None
    stance_probability: float | None
    paragraphs: tuple[ParagraphScore, ...]
    sentences: tuple[SentenceScore, ...]
    cues: tuple[Cue, ...]
    contributions: tuple[Contribution, ...]
    intercept: float
    signals: Mapping[str, Any] = field(default_factory=dict)
    model: Mapping[str, str] = field(default_factory=dict)
