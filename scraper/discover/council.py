"""Which texts are the Council's own: judged by title, subtitle and first lines once a text has been read.

Speeches and news mention the Council in every second line, so there only the words of an issued text count; an
official text is the Council's where its head names the Council and no other body.
"""

from __future__ import annotations

import re

from scraper.discover.candidate import Candidate, Kind, Skipped, Window
from scraper.discover.sections import find_section
from scraper.release import Release

HEAD_PARAGRAPHS = 3
HEAD_LENGTH = 1_200
"""Characters of the first paragraphs that count as first lines."""

_COUNCIL = r"(?:North[\s-]+Atlantic[\s-]+Council|Conseil de l['’]Atlantique Nord|\bNAC\b|\bM-NAC\b)"
_ISSUED_TEXT = (
    r"(?:statement|declaration|communiqu[eé]|d[eé]claration|text|decision|final act|resolution|guidelines|message|response|position)"
)
NAMES_COUNCIL = re.compile(_COUNCIL, re.IGNORECASE)
_ISSUED_BY_COUNCIL = re.compile(
    rf"{_ISSUED_TEXT}s?\b.{{0,80}}?\b(?:by|of|from|du|issued (?:by|at|following)|adopted (?:by|at)|agreed (?:by|at))\b.{{0,120}}?{_COUNCIL}"
    rf"|{_COUNCIL}(?:['’]s)?\s+(?:press\s+)?{_ISSUED_TEXT}"
    rf"|\b(?:issued|adopted|agreed|approved|released)\b.{{0,60}}\b(?:by|at|of|in)\b.{{0,120}}?{_COUNCIL}"
    rf"|on behalf of the {_COUNCIL}",
    re.IGNORECASE | re.DOTALL,
)
_LEVELS = r"(?:Heads of State (?:and|or) Government|NATO (?:Heads|Leaders|(?:Foreign|Defence) Ministers|Ministers of (?:Foreign|Defence)))"
_ALLIANCE = r"(?:[a-z0-9]+ )?(?:member (?:countries|states|nations) of the )?(?:North Atlantic|NATO)"
_HEADS_OF_STATE = re.compile(
    rf"(?:issued|adopted|agreed|endorsed|approved)\s+(?:by|at)\b.{{0,80}}?\b{_LEVELS}"
    rf"|^\W*(?:joint )?(?:\w+ )?{_ISSUED_TEXT}s? (?:by|of|from) (?:the )?{_LEVELS}"
    rf"|participating in the meetings? of the {_COUNCIL}"
    rf"|^\W*(?:[0-9]+\.\s*)?We,? the Heads of State (?:and|or) Government of the {_ALLIANCE}",
    re.IGNORECASE | re.DOTALL,
)
_COUNCIL_ACTS = re.compile(
    rf"^\W*(?:[0-9]+\.\s*)?(?:(?:The |At its |Le )?(?:Ministerial (?:meeting|session) of the )?(?:meeting of the )?{_COUNCIL}\b"
    r"|The Council (?:met|(?:meeting )?in (?:permanent|ministerial|extraordinary) session)\b)",
    re.IGNORECASE,
)
_SPEAKER = r"(?:the )?(?:NATO )?(?:(?:acting|deputy) )?(?:secretary[\s-]general|spokesperson)"
_SPEECH = re.compile(
    r"(?:joint )?(?:press (?:conference|briefing|point|statement by)|doorstep|remarks|opening remarks|speech|address|keynote"
    rf"|interview|transcript|statement (?:by|of) {_SPEAKER}|background briefing|video message|question and answer)\b",
    re.IGNORECASE,
)
OTHER_BODY = re.compile(
    r"(?:nuclear planning group|defence planning committee|euro-?atlantic partnership council|north atlantic cooperation council"
    r"|eurogroup|nato[\s-]+(?:russia|ukraine|georgia)[\s-]+(?:council|commission)|permanent joint council|partnership for peace"
    r"|mediterranean dialogue|istanbul cooperation initiative|military committee|national armaments directors"
    r"|parliamentary assembly|\bEAPC\b|\bNACC\b|\bNUC\b|\bNRC\b)",
    re.IGNORECASE,
)


def find_kind(release: Release, guess: Kind | None = None) -> Kind:
    """What kind of text this is.

    Args:
        release: as read.
        guess: what its address and the source's list say.
    """
    title, subtitle = release.title or "", release.subtitle or ""
    first_lines = _first_lines(release)
    section = find_section(release.url) or guess
    heads = (title, subtitle, *first_lines[:1])
    if (release.number or "").startswith("M-NAC"):
        return "nac"
    issued = any(_ISSUED_BY_COUNCIL.search(line) for line in (title, subtitle))
    if _SPEECH.match(title) or section == "speech":
        return "nac" if issued and not _SPEECH.match(title) else "speech"
    if issued or any(_HEADS_OF_STATE.search(line) for line in heads):
        return "nac"
    in_head = any(NAMES_COUNCIL.search(line) for line in (title, subtitle))
    if not in_head and any(OTHER_BODY.search(line) for line in (title, subtitle)):
        return "ministerial" if _is_issued_text(title) else "other"
    if section == "news":
        return "news"
    if in_head or any(_COUNCIL_ACTS.match(line) or _ISSUED_BY_COUNCIL.search(line) for line in first_lines):
        return "nac"
    if any(OTHER_BODY.search(line) for line in first_lines):
        return "ministerial"
    return "nac" if any(NAMES_COUNCIL.search(line) for line in first_lines) else "other"


def find_objection(release: Release, candidate: Candidate, window: Window) -> Skipped | None:
    """Why a text that was read is not wanted: published outside the window, or not the Council's; None if it is wanted.

    A text without a day is wanted: nothing says that it lies outside.
    """
    day = release.date or candidate.date
    if not window.holds(day):
        return Skipped(candidate.canonical, "outside_window", f"dated {day}", candidate.source)
    kind = find_kind(release, candidate.kind)
    if window.kind == "nac" and kind != "nac":
        return Skipped(candidate.canonical, "not_council", f"not a text of the Council ({kind})", candidate.source)
    return None


def _first_lines(release: Release) -> list[str]:
    lines, length = [], 0
    for paragraph in release.paragraphs[:HEAD_PARAGRAPHS]:
        lines.append(release.paragraph_text(paragraph)[: HEAD_LENGTH - length])
        length += len(lines[-1])
        if length >= HEAD_LENGTH:
            break
    return lines


def _is_issued_text(title: str) -> bool:
    return re.search(rf"\b{_ISSUED_TEXT}", title, re.IGNORECASE) is not None
