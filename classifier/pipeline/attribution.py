"""Who acts: whether what a cue says is done or said by an adversary rather than by the issuer.

Read from word order alone: the nearest actor before the cue that can be a subject decides. "Russia
deployed" is reported; "against Russia", "called on Russia", "Russia will face" and "Russia's actions
will be met with" are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifier.pipeline.actors import Actors
from classifier.pipeline.lexicon import ActorRow
from classifier.pipeline.passages import Passages, Places
from classifier.pipeline.sentences import Bounds
from classifier.pipeline.spans import Flags
from classifier.pipeline.words import Column, WordTable

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
OWN_DEMANDS = "attribution_and_demand"


_CLAUSE_END, _SKIP, _OBJECT, _BE, _WILL, _ING, _BY = (1 << i for i in range(7))


@dataclass(frozen=True)
class Cues:
    """What is qualified: tokens from `firsts` up to `lasts`, whether negation may stand inside, whether it is a demand of the issuer's."""

    firsts: Places
    lasts: Places
    open: Flags
    demands: Flags


class Attribution:
    """Tells who acts.

    Args:
        rows: the actors of a lexicon.
    """

    def __init__(self, rows: Sequence[ActorRow]) -> None:
        self._adversaries = np.array([row.side == "adversary" for row in rows], bool)
        self._table: WordTable | None = None
        self._column = Column(np.int64)

    def find_reported(self, passages: Passages, bounds: Bounds, cues: Cues, actors: Actors) -> Places:
        """The numbers of those cues that say what an adversary does."""
        adversary = self._adversaries[actors.rows]
        sentence = bounds.numbers[cues.firsts]
        named = np.flatnonzero(adversary)
        low, high = (np.searchsorted(actors.firsts[named], ends[sentence]) for ends in (bounds.firsts, bounds.lasts))
        asked = np.flatnonzero((low < high) & ~cues.demands)
        if not len(asked):
            return asked
        words = self._words(passages)
        view = _View(words, np.cumsum(words & _CLAUSE_END > 0), actors, bounds.firsts[sentence], cues)
        acting, open_ = _find_acting(view, asked)
        by_adversary = asked[(acting >= 0) & adversary[acting]]
        agents = named[~actors.attributive[named]]
        own = asked[open_]
        limits = np.minimum(bounds.lasts[sentence[own]], cues.lasts[own] + _AGENT_ROOM)
        return np.concatenate([by_adversary, own[_are_done_by(words, actors.firsts[agents], cues.lasts[own], limits)]])

    def _words(self, passages: Passages) -> Places:
        """What each token is, as bits."""
        if self._table is not passages.table:
            self._table, self._column = passages.table, Column(np.int64)
        for word in passages.table.lowers[len(self._column) :]:
            self._column.append(_bits_of(word))
        words: Places = self._column.values[passages.kinds]
        return words


@dataclass(frozen=True)
class _View:
    """What attribution looks at: bits of tokens, ends of clauses up to each, actors, where the sentences of cues begin, cues."""

    words: Places
    clause_ends: Places
    actors: Actors
    firsts: Places
    cues: Cues


def _bits_of(word: str) -> int:
    makes_object = word in _OBJECT_MARKS or (len(word) > 4 and word.endswith(("ed", "ing")))
    return (
        (_CLAUSE_END if word in _CLAUSE_ENDS else 0)
        | (_SKIP if word in _SKIPPED else 0)
        | (_OBJECT if makes_object else 0)
        | (_BE if word == "be" else 0)
        | (_WILL if word in ("will", "would") else 0)
        | (_ING if word.endswith("ing") else 0)
        | (_BY if word == "by" else 0)
    )


def _find_acting(view: _View, asked: Places) -> tuple[Places, Flags]:
    """For each cue asked about, the actor before it that acts, or -1; and whether none was found."""
    actors, words = view.actors, view.words
    acting = np.full(len(asked), -1)
    at = np.searchsorted(actors.firsts, view.cues.firsts[asked], side="right") - 1
    looking = np.arange(len(asked))
    while True:
        looking = looking[(at[looking] >= 0) & (actors.firsts[at[looking]] >= view.firsts[asked[looking]])]
        if not len(looking):
            return acting, acting < 0
        own, actor = asked[looking], at[looking]
        start, end = view.cues.firsts[own], actors.lasts[actor]
        between = np.maximum(start - end, 0)
        barred = (between > _ROOM) | (view.clause_ends[start - 1] > view.clause_ends[np.minimum(end, start) - 1])
        passed = (end > start + 1) | ~barred & actors.attributive[actor] & (between > _ATTRIBUTIVE_ROOM)
        # What is announced is done to the name before it, not by it: "Russia will be held to account".
        passive = (between > 1) & (words[start - 1] & _BE > 0) & (words[start - 2] & _WILL > 0) & (words[start] & _ING == 0)
        ended = ~passed & (barred | passive)
        acts = ~passed & ~ended & _can_act(words, actors.firsts[actor], view.firsts[own])
        acting[looking[acts]] = actor[acts]
        at[looking] -= 1
        looking = looking[~(ended | acts)]


def _can_act(words: Places, starts: Places, firsts: Places) -> Flags:
    """Whether actors at tokens `starts` may be subjects: nothing before them in their sentence makes them objects."""
    before = starts - 1
    skipped = np.arange(len(before))
    while len(skipped := skipped[(before[skipped] >= firsts[skipped]) & (words[before[skipped]] & _SKIP > 0)]):
        before[skipped] -= 1
    return np.asarray((before < firsts) | (words[before] & _OBJECT == 0))


def _are_done_by(words: Places, agents: Places, ends: Places, limits: Places) -> Flags:
    """Whether an agent with "by" one or two words before it follows cues that end at `ends`, before `limits`."""
    done = np.zeros(len(ends), bool)
    for back in (1, 2):
        own = agents[words[agents - back] & _BY > 0]
        done |= np.searchsorted(own, ends + back) < np.searchsorted(own, limits)
    return done
