"""What scoring hands on: frozen values, offsets in code points of the given text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, overload

from classifier.pipeline.evidence import Cue

NO_STANCE = "no stance"

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """One sentence: `probabilities` by class name, summing to 1; `stance` the largest; `cues` numbers into the release's cues;
    `evidence` probabilities by kind of evidence (codes of `corpus/CODEBOOK.md`), where the model knows kinds.
    """

    start: int
    end: int
    stance: str
    probabilities: Mapping[str, float]
    cues: tuple[int, ...] = ()
    evidence: Mapping[str, float] = field(default_factory=dict)


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


class Later(Sequence[Part]):
    """Parts of a score, worked out when they are first looked at: most scores are asked for their verdict alone.

    Args:
        make: works out those of a text of that number.
        text: the number.
        count: how many there will be, where that is known.
    """

    __slots__ = ("_count", "_found", "_make", "_text")

    def __init__(self, make: Callable[[int], tuple[Part, ...]], text: int, count: int | None = None) -> None:
        self._make: Callable[[int], tuple[Part, ...]] | None = make
        self._text = text
        self._count = count
        self._found: tuple[Part, ...] = ()

    def _all(self) -> tuple[Part, ...]:
        if self._make is not None:
            self._found, self._make = self._make(self._text), None
        return self._found

    @overload
    def __getitem__(self, index: int) -> Part: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Part, ...]: ...

    def __getitem__(self, index: int | slice) -> Part | tuple[Part, ...]:
        return self._all()[index]

    def __iter__(self) -> Iterator[Part]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all()) if self._count is None else self._count

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce__(self) -> tuple[Callable[..., tuple[Part, ...]], tuple[tuple[Part, ...]]]:
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


class LaterMapping(Mapping[str, Any]):
    """A mapping that is worked out when it is first looked at.

    Args:
        make: works out that of a text of that number.
        text: the number.
    """

    __slots__ = ("_found", "_make", "_text")

    def __init__(self, make: Callable[[int], dict[str, Any]], text: int) -> None:
        self._make: Callable[[int], dict[str, Any]] | None = make
        self._text = text
        self._found: dict[str, Any] = {}

    def _all(self) -> dict[str, Any]:
        if self._make is not None:
            self._found, self._make = self._make(self._text), None
        return self._found

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - whatever it holds
        return self._all()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        return dict, (self._all(),)


@dataclass(frozen=True, slots=True)
class ReleaseScore:
    """The verdict on a text, and all it rests on.

    For a model with poles: `probability` is P(first pole, given a stance), `interval` its 90 %
    bootstrap over sentences, `index` (first - second pole) / all sentences in [-1, 1], and the
    `contributions` with `intercept` add up to logit(`probability`) within 1e-9. For a model of
    other classes `probability` and `index` are null and `verdict` is the likeliest class.
    `stance_probability` is P(the text takes any stance at all).
    Sentences, paragraphs, cues, contributions and signals may be worked out only when they are looked at.
    """

    verdict: str
    probabilities: Mapping[str, float]
    probability: float | None
    interval: tuple[float, float] | None
    index: float | None
    stance_probability: float | None
    paragraphs: Sequence[ParagraphScore]
    sentences: Sequence[SentenceScore]
    cues: Sequence[Cue]
    contributions: Sequence[Contribution]
    intercept: float
    signals: Mapping[str, Any] = field(default_factory=dict)
    model: Mapping[str, str] = field(default_factory=dict)
