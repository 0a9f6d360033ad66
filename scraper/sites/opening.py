"""The lines with which a body opens before its first sentence: number, issue line, date, languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scraper.dates import parse_issued_day
from scraper.sites.boilerplate import is_language_links
from scraper.sites.head import parse_day_line
from scraper.sites.page import Block
from scraper.sites.press_numbers import parse_press_number

MOST_OPENING_BLOCKS = 8
FEWEST_WORDS_OF_PROSE = 20
_BARE_ISSUE_LINE_WORDS = 6
_ISSUER_LINE = re.compile(
    r"(?:(?:statement|declaration|communiqu[eé])\s+)?(?:issued|adopted|released|endorsed|agreed)\s+(?:by|at)\b[^.]{5,300}",
    re.IGNORECASE,
)
_UPDATE_LINE = re.compile(r"(?:last\s+)?(?:updated|modified)\s*(?:on\b|:).*|(?:dernière )?mise à jour\b.*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the opening lines said; days are ISO 8601."""

    number: str | None = None
    issued: str | None = None
    page_day: str | None = None
    subtitle: str | None = None

    def learn(self, line: str) -> Opening | None:
        """This opening with what a line adds (the first word on each matter stands); null if the line is none."""
        if is_language_links(line) or _UPDATE_LINE.fullmatch(line):
            return self
        if number := parse_press_number(line):
            return replace(self, number=self.number or number)
        if day := parse_issued_day(line):
            says_more = len(line.split()) > _BARE_ISSUE_LINE_WORDS
            return replace(self, issued=self.issued or day, subtitle=self.subtitle or (line if says_more else None))
        if self.subtitle in (None, line) and _ISSUER_LINE.fullmatch(line):
            return replace(self, subtitle=line)
        if day := parse_day_line(line):
            return replace(self, page_day=self.page_day or day)
        return None


def take_opening(blocks: Sequence[Block], known: Opening | None = None) -> tuple[Opening, list[str]]:
    """Split a body into what its opening lines say and its paragraphs.

    Args:
        blocks: the body's blocks.
        known: what lines above the body have said already; it goes before what is found here.

    Returns:
        The opening, and the paragraphs that remain.
    """
    opening, paragraphs = known or Opening(), []
    reading_opening = True
    for position, block in enumerate(blocks):
        if position >= MOST_OPENING_BLOCKS:
            reading_opening = False
        kept = []
        for line in block.lines if reading_opening else ():
            learnt = opening.learn(line)
            if learnt is None:
                kept.append(line)
            else:
                opening = learnt
        text = " ".join(kept) if reading_opening else block.text
        if text:
            paragraphs.append(text)
        if len(text.split()) >= FEWEST_WORDS_OF_PROSE:
            reading_opening = False
    return opening, paragraphs
