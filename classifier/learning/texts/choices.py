"""What can be chosen for a text model, and in which order choices are tried."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from classifier.scoring.texts.grams import GIVEN, MASKED

ENCODER, ROWS = "encoder", "rows"


@dataclass(frozen=True, order=True)
class Choice:
    """One setting of everything that is chosen by cross-validation.

    `view`: the text as given, or names, numbers and dates put aside. `words`: longest run of words; `least`: texts that a word must be in.
    `stems`: longest run of stems, 0 for none. `pieces`: shortest and longest run of letters. `places`: words of the first and
    last third. `cues`: weight of the lexicon's cues, 0 for none. `piece_weight`: of pieces beside 1 for words. `ridge`: strength of
    L2 regularisation. `balance`: power of the inverse class frequency by which rows weigh. `likeness`: share of the kernel
    (0: linear), `gamma` its width, `likeness_of` what it compares.
    """

    view: str = GIVEN
    words: int = 2
    least: int = 1
    stems: int = 0
    pieces: tuple[int, int] = (2, 5)
    places: bool = False
    cues: float = 0.0
    piece_weight: float = 1.0
    ridge: float = 0.3
    balance: float = 0.5
    likeness: float = 0.0
    gamma: float = 1.0
    likeness_of: str = ""

    @property
    def needs_reading(self) -> bool:
        """Whether the pipeline must read the texts."""
        return self.view == MASKED or self.cues > 0


Move = dict[str, Any]

_LINEAR: tuple[Move, ...] = (
    {"ridge": 1.0},
    {"stems": 1},
    {"balance": 1.0},
    {"cues": 0.3},
    {"view": MASKED},
    {"piece_weight": 2.0},
    {"ridge": 0.1},
    {"balance": 0.0},
    {"least": 2},
    {"piece_weight": 0.5},
    {"stems": 2},
    {"words": 1},
    {"places": True},
    {"pieces": (3, 5)},
    {"words": 3},
    {"ridge": 3.0},
    {"cues": 0.6},
)
_STRONG: tuple[Move, ...] = (
    {"likeness": 0.75},
    {"likeness": 0.3},
    {"likeness": 0.0},
    {"ridge": 0.1},
    {"gamma": 2.0},
    {"gamma": 0.5},
    {"ridge": 0.03},
    {"balance": 1.0},
)
_LEXICON = ("cues", "view")
_STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0)


@dataclass(frozen=True)
class Scope:
    """What may be chosen: with or without the lexicon; linear alone, or likeness to texts by `encoder` or by `rows`."""

    lexicon: bool = True
    likeness_of: str = ""

    def first(self) -> Choice:
        """Where the search begins."""
        if self.likeness_of:
            share = 0.6 if self.likeness_of == ENCODER else 0.5
            return Choice(likeness=share, likeness_of=self.likeness_of)
        return Choice()

    def moves(self) -> list[Move]:
        """Changes of one thing, the most promising first."""
        moves = [*(_STRONG if self.likeness_of else ()), *_LINEAR]
        found: list[Move] = []
        for move in moves:
            if move not in found and (self.lexicon or not set(_LEXICON) & set(move)):
                found.append(move)
        return found

    def wander(self, best: Choice, rng: np.random.Generator) -> Choice:
        """A neighbour of the best choice with two things changed."""
        moves = self.moves()
        changed = best
        for number in rng.choice(len(moves), size=2, replace=False):
            changed = replace(changed, **moves[int(number)])
        return replace(changed, ridge=float(rng.choice(_STRENGTHS)) if rng.random() < 0.3 else changed.ridge)


def propose(scope: Scope, budget: int, rng: np.random.Generator) -> Generator[Choice, Choice, None]:
    """Choices to try, at most `budget`; after each, `send` the best so far.

    First a round of single changes, each from the best so far, then neighbours of the best drawn by `rng`.
    """
    tried: set[Choice] = set()
    best = scope.first()
    moves = iter(scope.moves())
    candidate = best
    idle = 0
    while len(tried) < budget and idle < 200:
        if candidate in tried:
            idle += 1
        else:
            tried.add(candidate)
            best = yield candidate
        candidate = next((replace(best, **move) for move in moves), None) or scope.wander(best, rng)
