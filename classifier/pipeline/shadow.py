"""A plain-typography shadow of a text, mapped back to the text as given.

Matching runs on the shadow, so that curly quotes, no-break spaces, soft hyphens and CRLF change
neither cues nor offsets; every offset that leaves the pipeline is one of the given text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

ONE_TO_ONE: dict[int, str] = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u0060\u00b4\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe58\ufe63\uff0d", "-"),
        **dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
        **dict.fromkeys("\x00\x0b\x0c\x85", " "),
        **dict.fromkeys("\u2028\u2029", "\n"),
    }
)
_CHANGED = re.compile(f"[{re.escape(''.join(map(chr, ONE_TO_ONE)))}]")
# Soft hyphen, zero-width marks, byte-order mark, direction marks; the CR of a CRLF.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_DELETED = re.compile(f"[{INVISIBLE}]+|\r(?=\n)")
# A run of spaces inside a line would become tokens of its own and part a phrase in two.
_SPACES = re.compile(rf"(?<=[^\S\n])(?:[{INVISIBLE}]*[^\S\n])+")


@dataclass(frozen=True, slots=True)
class Shadow:
    """The plain form of a text; `origin[i]` is where its i-th character stands in the given text.

    `origin` is null where both agree position by position, which is the common case.
    """

    text: str
    origin: tuple[int, ...] | None = None
    length: int = 0

    def given_span(self, start: int, end: int) -> tuple[int, int]:
        """Turns a span of the shadow into the span of the given text that it stands for."""
        if self.origin is None:
            return start, end
        if start >= end:
            at = self.origin[start] if start < len(self.origin) else self.length
            return at, at
        return self.origin[start], self.origin[end - 1] + 1

    def plain_offsets(self, given: Sequence[int]) -> list[int]:
        """Where given offsets, in order, lie in the shadow."""
        if self.origin is None:
            return list(given)
        offsets, i = [], 0
        for offset in given:
            while i < len(self.origin) and self.origin[i] < offset:
                i += 1
            offsets.append(i)
        return offsets


def cast_shadow(text: str) -> Shadow:
    """Makes the shadow of a text of any length; linear in its length."""
    plain = _CHANGED.sub(_plain_form, text) if not text.isascii() or not text.isprintable() or "`" in text else text
    pieces: list[tuple[int, int]] = []
    if "  " in plain or "\r" in plain or "\t" in plain or not plain.isascii() and _DELETED.search(plain):
        position = 0
        for start, end in _cuts(plain):
            if start > position:
                pieces.append((position, start))
            position = max(position, end)
        pieces.append((position, len(plain)))
        shadow = "".join(plain[a:b] for a, b in pieces).replace("\r", "\n").replace("\t", " ")
        if len(shadow) != len(plain):
            origin = tuple(i for a, b in pieces for i in range(a, b))
            return Shadow(shadow, origin, len(text))
        plain = shadow
    return Shadow(plain, None, len(text))


def _plain_form(match: re.Match[str]) -> str:
    return str(ONE_TO_ONE[ord(match.group())])


def _cuts(plain: str) -> list[tuple[int, int]]:
    """What is left out of the shadow, in order: invisible marks, then the surplus of a run of spaces."""
    cuts = [match.span() for match in _DELETED.finditer(plain)]
    cuts += [match.span() for match in _SPACES.finditer(plain)]
    return sorted(cuts)
