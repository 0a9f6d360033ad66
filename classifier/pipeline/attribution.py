"""Who acts: whether what a cue says is done or said by an adversary rather than by the issuer.

Read from word order alone: the nearest actor before the cue that can be a subject decides. "Russia
deployed" is reported; "against Russia", "called on Russia", "Russia will face" and "Russia's actions
will be met with" are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_ROOM = 14  # words between an acting adversary and what it does
_ATTRIBUTIVE_ROOM = 3  # "Russian deployment of missiles": an adjective or possessive owns only what follows at once
_AGENT_ROOM = 5  # words between a cue and the "by Russia" after it

# A name right after one of these is no subject.
_OBJECT_MARKS = frozenset(
    "against to with on at from of toward towards upon for about over into in regarding concerning versus between among "
    "despite following unlike than by like near "
    "urge urges urged urging ask asks asked asking tell tells told demand demands demanded press presses pressed allow let make "
    "hold holds holding held condemn condemns condemned condemning support supports supported supporting help helps helped "
    "deter deters deterring deterred prevent prevents preventing prevented request requests requested calls call called calling "
    "enable enables ensure ensures ensuring include includes including assist remind reminds reminded warn warns warned warning "
    "face faces faced facing counter counters countering defeat defend".split()
)
_SKIPPED = frozenset({"the", "all", "both", "other", "and", "any", "or"})
# Words that hand the clause to another subject, or make the adversary the one addressed.
_CLAUSE_ENDS = frozenset(
    {";", ":", "but", "while", "whereas", "however", "we", "which", "until", "unless", "because", "so", "must", "should",
     "face", "faces", "pay", "required", "shall"}
)  # fmt: skip
_OWN_DEMANDS = "attribution_and_demand"


@dataclass(frozen=True, slots=True)
class Actor:
    """A named actor: token span, side, and whether it stands before a noun as its owner or adjective."""

    start: int
    end: int
    side: str
    attributive: bool = False
    id: str = ""


def is_reported(words: Sequence[str], start: int, end: int, first: int, last: int, actors: Sequence[Actor], category: str) -> bool:
    """Whether an adversary does what the cue at tokens `start` to `end` says, in the sentence `first` to `last`."""
    if category == _OWN_DEMANDS:
        return False
    for actor in reversed(actors):
        if actor.start < first or actor.end > start + 1:
            continue
        between = words[actor.end : start]
        if len(between) > _ROOM or not _CLAUSE_ENDS.isdisjoint(between):
            break
        if actor.attributive and len(between) > _ATTRIBUTIVE_ROOM:
            continue
        if _is_future_passive(between, words[start]):
            break
        if _can_act(words, actor.start, first):
            return actor.side == "adversary"
    return any(
        actor.side == "adversary" and not actor.attributive and "by" in words[max(end, actor.start - 2) : actor.start]
        for actor in actors
        if end <= actor.start < min(last, end + _AGENT_ROOM)
    )


def _is_future_passive(between: Sequence[str], cue_word: str) -> bool:
    """What is announced is done to the name before it, not by it: "Russia will be held to account"."""
    return len(between) > 1 and between[-1] == "be" and between[-2] in {"will", "would"} and not cue_word.endswith("ing")


def _can_act(words: Sequence[str], start: int, first: int) -> bool:
    """Whether the actor at token `start` may be a subject: nothing before it makes it an object."""
    before = start - 1
    while before >= first and words[before] in _SKIPPED:
        before -= 1
    if before < first:
        return True
    word = words[before]
    return word not in _OBJECT_MARKS and not (len(word) > 4 and word.endswith(("ed", "ing")))
