"""How many wordings a lexicon stands for, counted without making them: a model of a stranger's may not fill the memory."""

from __future__ import annotations

from math import prod

from classifier.pipeline.lexicon import PIECE, Lexicon, LexiconError

MOST_WORDINGS = 1_000_000
"""The lexicon of the house stands for some 40,000."""


def check_size(lexicon: Lexicon) -> int:
    """Counts the wordings of all phrases.

    Raises:
        LexiconError: they are more than `MOST_WORDINGS`, or a word class is made of itself.
    """
    known: dict[str, int] = {}
    total = 0
    for phrases in (
        *((*row.phrases, *row.first, *row.second) for row in lexicon.cues),
        *(row.phrases for row in lexicon.qualifiers),
        *(row.names for row in lexicon.actors),
    ):
        for phrase in phrases:
            total += _count(phrase, lexicon, known, ())
            if total > MOST_WORDINGS:
                raise LexiconError(f"phrase {phrase[:80]!r} brings the lexicon to more than {MOST_WORDINGS:,} wordings")
    return total


def _count(phrase: str, lexicon: Lexicon, known: dict[str, int], within: tuple[str, ...]) -> int:
    if "{" not in phrase and "(" not in phrase:
        return 1
    return prod(_count_slot(name, choice, lexicon, known, within) for name, choice, _ in PIECE.findall(phrase))


def _count_slot(name: str, choice: str, lexicon: Lexicon, known: dict[str, int], within: tuple[str, ...]) -> int:
    if not name:
        return sum(_count(part, lexicon, known, within) for part in choice.split("|"))
    if name in within:
        raise LexiconError(f"word class {name!r} is made of itself")
    if name not in known:
        if name not in lexicon.forms:
            raise LexiconError(f"there is no word class {name!r}")
        known[name] = sum(_count(form, lexicon, known, (*within, name)) for form in lexicon.forms[name])
    return known[name]
