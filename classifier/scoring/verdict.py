"""What scoring hands on: frozen values, offsets in code points of the given text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

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


class Contributions(Sequence[Contribution]):
    """Contributions, worked out when they are first looked at: most scores are never asked for theirs.

    Args:
        explain: works them out.
    """

    def __init__(self, explain: Callable[[], tuple[Contribution, ...]]) -> None:
        self._explain: Callable[[], tuple[Contribution, ...]] | None = explain
        self._found: tuple[Contribution, ...] = ()

    def _all(self) -> tuple[Contribution, ...]:
        if self._explain is not None:
            self._found, self._explain = self._explain(), None
        return self._found

    @overload
    def __getitem__(self, index: int) -> Contribution: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Contribution, ...]: ...

    def __getitem__(self, index: int | slice) -> Contribution | tuple[Contribution, ...]:
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce__(self) -> tuple[Callable[..., tuple[Contribution, ...]], tuple[tuple[Contribution, ...]]]:
        return tuple, (self._all(),)


def describe_cue(cue: Cue, text: str) -> dict[str, Any]:
    """A cue in plain values, with its words; its offsets are code points of the text."""
    return {
        "entry": cue.entry,
        "category": cue.category,
        "stance": cue.stance,
        "text": text[cue.start : cue.end],
        "start": cue.start,
        "end": cue.end,
        "sentence": cue.sentence,
        "qualifiers": list(cue.qualifiers),
    }


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
    contributions: Sequence[Contribution]
    intercept: float
    signals: Mapping[str, Any] = field(default_factory=dict)
    model: Mapping[str, str] = field(default_factory=dict)
