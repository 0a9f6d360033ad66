"""Days as statements write them (`11 Jul. 2023`, `8th-9th December 1998`, `July 11, 2023`) into ISO 8601.

A range gives its first day, by which NATO files its meetings. Nothing here guesses: what is no full
date of a real day between 1900 and 2099 gives nothing.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTH_NAMES = (
    "jan january janv janvier",
    "feb february févr fevr février fevrier",
    "mar march mars",
    "apr april avr avril",
    "may mai",
    "jun june juin",
    "jul july juil juillet",
    "aug august août aout",
    "sep sept september septembre",
    "oct october octobre",
    "nov november novembre",
    "dec december déc décembre decembre",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_MONTH = "(?P<{0}>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<{0}>[0-9]{{1,2}})(?:st|nd|rd|th|er)?\b"
_YEAR = r"(?P<{0}>(?:19|20)[0-9]{{2}})(?![0-9])"
_GAP = r"[\s,./-]{0,3}"
_TO = r"\s{0,2}(?:-|–|—|to|and|et|&)\s{0,2}"


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(r"(?<![0-9])" + template, re.IGNORECASE)


_FORMS = (
    _pattern(
        f"{_DAY.format('day')}{_GAP}{_MONTH.format('month')}(?:{_GAP}{_YEAR.format('year')})?{_TO}"
        f"{_DAY.format('last_day')}{_GAP}{_MONTH.format('last_month')}{_GAP}{_YEAR.format('last_year')}"
    ),
    _pattern(
        f"{_DAY.format('day')}(?:{_TO}{_DAY.format('last_day')})?{_GAP}(?:of\\s)?{_MONTH.format('month')}{_GAP}{_YEAR.format('year')}"
    ),
    _pattern(f"\\b{_MONTH.format('month')}\\s{{0,2}}{_DAY.format('day')}(?:{_TO}{_DAY.format('last_day')})?{_GAP}{_YEAR.format('year')}"),
    _pattern(r"(?P<year>(?:19|20)[0-9]{2})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?![0-9])"),
    _pattern(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>(?:19|20)[0-9]{2})(?![0-9])"),
)
_ANY_YEAR = re.compile("(?:19|20)[0-9]{2}")
_IN_ADDRESS = (
    re.compile(r"/(?P<year>(?:19|20)[0-9]{2})/(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})(?:/|$)"),
    re.compile(r"/(?P<year>(?:19|20)[0-9]{2})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?![0-9])"),
    re.compile(r"/(?:docu|kosovo|multi|archives)/(?:[^/]+/)*[a-z](?P<year>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})[a-z]"),
    re.compile(
        r"/docu/update/(?P<year>(?:19|20)[0-9]{2})/(?P<month>[0-9]{2})-[a-z]+/[a-z][0-9]{2}(?P<day>[0-9]{2})[a-z]",
        re.IGNORECASE,
    ),
)
_ISSUED = re.compile(
    r"\W{0,3}(?:(?:joint\s)?(?:press\s)?(?:statement|declaration|communiqu[eé]|text|document|release)\s+)?"
    r"(?:issued|released|adopted|agreed|approved|endorsed|published|publiée?|diffusée?|as\s+of)\b",
    re.IGNORECASE,
)
LONGEST_ISSUE_LINE = 400
"""Characters; a longer paragraph is prose, not the line that says when the text was issued."""


@dataclass(frozen=True, slots=True)
class DayFound:
    """A day in a text: `first` and, for a range, `last` in ISO 8601; `start` and `end` in code points."""

    first: str
    last: str | None
    start: int
    end: int


def find_days(text: str) -> Iterator[DayFound]:
    """Every full date in `text`, from left to right, none overlapping another."""
    position = 0 if _ANY_YEAR.search(text) else len(text)
    while position < len(text):
        matches = [found for form in _FORMS if (found := form.search(text, position))]
        if not matches:
            return
        match = min(matches, key=lambda found: (found.start(), -found.end()))
        first, last = _days_of(match)
        if first:
            yield DayFound(first, last, match.start(), match.end())
        position = match.end()


def parse_day(text: str) -> str | None:
    """The day that the whole of a short `text` states (a time of day or a trailing dash is allowed), or null."""
    if len(text) > LONGEST_ISSUE_LINE:
        return None
    for found in find_days(text):
        before, after = text[: found.start], text[found.end :]
        if not before.strip(" \t\n-–—|()") and re.fullmatch(r"[\s|()–—-]*(?:T?[0-9]{1,2}:[0-9]{2}\S*.{0,12})?", after):
            return found.first
        return None
    return None


def parse_issued_day(line: str) -> str | None:
    """The day of a line that says when a text was issued (`Issued on 11 Jul. 2023`), or null.

    The line must begin with that word and end with its date: prose that tells of an older text does neither.
    """
    if len(line) > LONGEST_ISSUE_LINE or not _ISSUED.match(line):
        return None
    found = next(iter(find_days(line)), None)
    return found.first if found and not re.search(r"\w", line[found.end :]) else None


def find_day_in_address(url: str | None) -> str | None:
    """The day that an address carries (`/2025/09/23/`, `/docu/comm/49-95/c940609a.htm`), or null."""
    for form in _IN_ADDRESS:
        match = form.search(url or "")
        if match:
            year = int(match["year"])
            if year < 100:
                year += 1900 if year >= 49 else 2000
            return _iso(year, int(match["month"]), int(match["day"]))
    return None


def _days_of(match: re.Match[str]) -> tuple[str | None, str | None]:
    parts = match.groupdict()
    month = _month_number(parts["month"])
    last_month = _month_number(parts.get("last_month") or parts["month"])
    last_year = int(parts.get("last_year") or parts["year"])
    year = int(parts["year"] or last_year - (month > last_month))
    last_day = parts.get("last_day")
    return _iso(year, month, int(parts["day"])), _iso(last_year, last_month, int(last_day)) if last_day else None


def _month_number(name: str) -> int:
    return int(name) if name.isdigit() else _MONTHS[name.lower()]


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None
