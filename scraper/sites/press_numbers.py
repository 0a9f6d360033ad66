"""Press-release numbers in the forms NATO has written them, brought to one.

`Press Release (2006)150`, `NATO Press Releases (1999) 097`, `PR (2021) 189`, `Press Release 2024 001` and
`(95)53` become `(2006) 150`, `(1999) 097` ...; a ministerial series keeps its name: `M-NAC-1 (1999) 051`.
Numbers begin anew every year and in every series, so none of them identifies a text by itself.
"""

from __future__ import annotations

import re

_KIND = (
    r"(?:NATO\s+)?(?:Press\s+(?:Releases?|Communiqu[eé]s?|Statements?)|Communiqu[eé]s?\s+de\s+presse|PR)\s*"
    r"(?:No\.?|:|-)?\s*"
)
_SERIES = r"(?P<series>M-[A-Z]{2,6}(?:[-/][A-Z0-9]{1,5}){0,2})\s*"
_BRACKETED = r"[(\[]\s*(?P<year>(?:19|20)?[0-9]{2})\s*[)\]]\s*[-/]?\s*(?P<number>[0-9]{1,3})(?![0-9])"
_BARE = r"(?P<year>(?:19|20)[0-9]{2})[\s/-]+(?P<number>[0-9]{3})(?![0-9])"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        f"(?:{_KIND})?{_SERIES}{_BRACKETED}",
        f"{_KIND}{_BRACKETED}",
        f"{_KIND}{_BARE}",
        _BRACKETED,
    )
)
_KIND_ALONE = re.compile(r"(?:NATO\s+)?Press\s+(?:Releases?|Communiqu[eé]s?|Statements?)", re.IGNORECASE)


def parse_press_number(line: str) -> str | None:
    """The number that a line of its own states, in the one form; null if the line says anything more.

    Args:
        line: such as `Press Release (2023) 001`; a number within prose refers to another text.
    """
    words = line.strip(" \t|,.;*")
    for form in _FORMS:
        match = form.fullmatch(words)
        if match:
            series = match.groupdict().get("series")
            number = f"({_full_year(match['year'])}) {int(match['number']):03d}"
            return f"{series.upper()} {number}" if series else number
    return None


def names_a_press_kind(line: str) -> bool:
    """Whether a line says only what kind of text it heads: `Press Statement`, `Press Communiqué`."""
    return _KIND_ALONE.fullmatch(line.strip(" \t|,.:;*")) is not None


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if year > 99 else year + (1900 if year >= 49 else 2000)
