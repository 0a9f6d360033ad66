"""What a kind of token is, as bits: judged once a kind, so that rules run over numbers of many texts at once."""

from __future__ import annotations

EDGE = 1
"""No token: the edge of a text."""
SPACE, BREAK, BREAKS = 2, 4, 8
"""White space; with a line break; with several."""
LED = 16
"""A blank stands before it."""
MAY_END, ENDER, CLOSER, POINT, STOPPED, NEVER_LAST = 32, 64, 128, 256, 512, 1024
"""May end a sentence; a mark that does; a mark that closes; a full stop; a word with its stop ("U.S."); one that ends no sentence."""
ABBREVIATION, SHORT_NUMBER = 2048, 4096
"""Leaves its stop to the next token ("No", "Art"); a number or letter as paragraphs bear it."""
OPENER, MIDDLE = 8192, 16384
"""Capitalised, begins a sentence after an abbreviation; begins none: small letter, comma, semicolon, colon, mark that ends or closes."""
BULLET, COUNTER, COUNTED, AFTER_COUNTER = 1 << 15, 1 << 16, 1 << 17, 1 << 18
"""A bullet; a number or a single sign; a number with its mark ("1.", "2)"); a mark after a number."""
OPEN, SHUT, SHORT = 1 << 19, 1 << 20, 1 << 21
"""An opening and a closing parenthesis; four letters at most."""
UPPER, SMALL = 1 << 22, 1 << 23
"""Upper case throughout; letters, not all of them upper case."""

_ENDERS = frozenset({".", "!", "?", "…", "...", "。"})
_CLOSERS = frozenset({'"', "'", "''", ")", "]", "”", "’", "»"})
_BULLETS = frozenset({"-", "--", "—", "*", "•", "·", "▪", "◦", "o"})
# Abbreviations that spaCy's tokenizer leaves apart from their stop, and that expect a word or number to follow.
_ABBREVIATIONS = frozenset(
    "no nos art arts para paras par ch cf fig vol pp p rev ref doc res sec sect lt sgt capt cdr cpl col maj brig adm "
    "vadm amb hon dr mr mrs ms prof sr jr st mt ft approx dept est min mil intl vs viz al ed eds inst gov pres sen rep".split()
)
_NEVER_LAST = frozenset({"mr.", "mrs.", "ms.", "dr.", "gen.", "e.g.", "i.e.", "a.m.", "p.m.", "vs."})
# After an abbreviation that may end a sentence ("in the U.S. The Council ..."), these words begin a new one.
_OPENERS = frozenset(
    "the this these those that we they it he she our their its in on at as all any both by for from if no not "
    "such there to while when where with allies ministers nato however moreover furthermore following a an".split()
)


def marks_of(text: str) -> int:
    """The bits of a token's text, all but those of its place (`EDGE`, `LED`)."""
    if text.isspace():
        breaks = text.count("\n")
        return SPACE | (BREAK if breaks else 0) | (BREAKS if breaks > 1 else 0) | _list_marks(text)
    return _sentence_marks(text, text.lower()) | _list_marks(text) | _letter_marks(text)


def _sentence_marks(text: str, lower: str) -> int:
    stopped = len(text) > 1 and text[-1] == "." and text[-2].isalpha()
    ender, closer = text in _ENDERS, text in _CLOSERS
    short_number = text.isdigit() and len(text) <= 3 or len(text) == 1 and text.isalpha()
    return (
        (MAY_END if ender or closer or stopped else 0)
        | (ENDER if ender else 0)
        | (CLOSER if closer else 0)
        | (POINT if text == "." else 0)
        | (STOPPED if stopped else 0)
        | (NEVER_LAST if lower in _NEVER_LAST else 0)
        | (ABBREVIATION if lower in _ABBREVIATIONS else 0)
        | (SHORT_NUMBER if short_number else 0)
        | (OPENER if text[0].isupper() and lower in _OPENERS else 0)
        | (MIDDLE if closer or ender or text[0].islower() or text in (",", ";", ":") else 0)
    )


def _list_marks(text: str) -> int:
    counted = len(text) <= 5 and text[-1] in ".)" and text[:-1].replace(".", "").isdigit()
    return (
        (BULLET if text in _BULLETS else 0)
        | (COUNTER if text.isdigit() or len(text) == 1 else 0)
        | (COUNTED if counted else 0)
        | (AFTER_COUNTER if text in (".", ")") else 0)
        | (OPEN if text == "(" else 0)
        | (SHUT if text == ")" else 0)
        | (SHORT if len(text) <= 4 else 0)
    )


def _letter_marks(text: str) -> int:
    upper = text.isupper()
    return (UPPER if upper else 0) | (SMALL if text.isalpha() and not upper else 0)
