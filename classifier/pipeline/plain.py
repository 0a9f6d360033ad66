"""The shadows of many texts at once: characters as numbers, so that a text costs no search of its own.

Most texts need at most other characters in the same places, and hold no white space but single blanks and
line breaks. Such texts are plain; the rest is left to `shadow.cast_shadow` and to spaCy, one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.pipeline.shadow import INVISIBLE, ONE_TO_ONE

_BLANK, _BREAK, _ODD, _CHANGED = 1, 2, 4, 8
_LAST = 0xFFFF  # no character beyond is any of these
_ODD_SPACES = "\t\r\x1c\x1d\x1e\x1f"
_GAP = " \0 "


@dataclass(frozen=True)
class Laid:
    """Texts laid end to end.

    `plain` are those of `texts` that are, as one text in which a NUL between blanks follows each; `is_plain` says which they are.
    """

    plain: str
    is_plain: NDArray[np.bool_]


def lay_out(texts: Sequence[str]) -> Laid:
    """Casts the shadows of those texts that are plain."""
    joined = _GAP.join([*texts, ""])
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    gaps = np.cumsum(lengths + len(_GAP)) - len(_GAP)
    kinds = _KINDS.take(codes, mode="clip")
    for place in range(len(_GAP)):
        kinds[gaps + place] = 0
    changed = (kinds >= _CHANGED).nonzero()[0]
    if len(changed):
        codes = codes.copy()
        codes[changed] = _FORMS[codes[changed]]
        joined = codes.tobytes().decode("utf-32-le", "surrogatepass")
    is_plain = _judge(kinds, gaps - lengths, gaps)
    if not is_plain.all():
        spans = zip((gaps - lengths)[is_plain].tolist(), gaps[is_plain].tolist(), strict=True)
        joined = _GAP.join([*(joined[low:high] for low, high in spans), ""])
    return Laid(joined, is_plain)


def _judge(kinds: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which texts hold nothing odd, and no blank that begins the text or follows a blank or a line break."""
    blank = kinds & _BLANK
    odd = (kinds & _ODD) > 0
    odd[1:] |= (blank[1:] > 0) & ((kinds[:-1] & (_BLANK | _BREAK)) > 0)
    is_plain = blank[starts] == 0
    is_plain[np.searchsorted(ends, np.flatnonzero(odd), side="right")] = False
    return np.asarray(is_plain)


def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    kinds, forms = np.zeros(_LAST + 1, np.uint8), np.arange(_LAST + 1, dtype=np.uint32)
    kinds[ord(" ")], kinds[ord("\n")] = _BLANK, _BREAK
    for code, form in ONE_TO_ONE.items():
        forms[code] = ord(form)
        kinds[code] = kinds[ord(form)] | _CHANGED
    for sign in (*_ODD_SPACES, *INVISIBLE):
        kinds[ord(sign)] |= _ODD
    return kinds, forms


_KINDS, _FORMS = _tables()
