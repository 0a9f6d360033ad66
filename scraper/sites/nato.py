"""nato.int since December 2025 (Adobe Experience Manager): official texts, news, transcripts.

Everything is a `div`. The body is one or several rich-text blocks; the account window that opens every page
lies outside them. Neither metadata nor a place for the press-release number is certain, so both are optional.
Terms of use: no robots rule forbids these pages; texts are read, not republished.
"""

from __future__ import annotations

from bs4.element import Tag

from scraper.dates import find_day_in_address, parse_issued_day
from scraper.sites.blocks import cut_blocks
from scraper.sites.boilerplate import strip_site_name
from scraper.sites.head import (
    choose_day,
    find_declared_day,
    find_declared_title,
    find_timed_day,
    find_title,
    is_within_furniture,
    join_words,
    list_lines_above,
)
from scraper.sites.opening import Opening, take_opening
from scraper.sites.page import Markup, ParsedPage

LAYOUT = "nato"
BODY_CLASS = "ca04-rich-text"
TEXT_CLASS = "cmp-text__background-container"
SUBTITLE_CLASS = "h3-style"


def matches(markup: Markup) -> bool:
    """Whether the page has this layout's rich-text blocks."""
    return bool(markup.find_tags("div", class_=BODY_CLASS))


def read(markup: Markup) -> ParsedPage:
    """The statement on the page; its paragraphs are empty if there is none."""
    bodies = _bodies(markup)
    first = bodies[0] if bodies else None
    title = find_title(markup, first)
    subtitle = _subtitle(title, bodies)
    known = Opening(issued=parse_issued_day(subtitle), subtitle=subtitle or None)
    for line in list_lines_above(title, first):
        known = known.learn(line) or known
    blocks = tuple(block for body in bodies for block in cut_blocks(body))
    opening, paragraphs = take_opening(blocks, known)
    page_day = opening.page_day or find_declared_day(markup) or find_timed_day(markup)
    date, date_source = choose_day(opening.issued, page_day, find_day_in_address(markup.url))
    return ParsedPage(
        layout=LAYOUT,
        paragraphs=tuple(paragraphs),
        outline=blocks,
        title=strip_site_name(join_words(title)) or find_declared_title(markup),
        subtitle=opening.subtitle,
        number=opening.number,
        date=date,
        date_source=date_source,
    )


def _bodies(markup: Markup) -> list[Tag]:
    """All text containers in order; a rich-text block without one counts whole, one within another not again."""
    bodies: list[Tag] = []
    for block in markup.find_tags("div", class_=BODY_CLASS):
        if block.find_parent("div", class_=BODY_CLASS) or is_within_furniture(block):
            continue
        containers = block.find_all("div", class_=TEXT_CLASS)
        bodies.extend([tag for tag in containers if not tag.find_parent("div", class_=TEXT_CLASS)] or [block])
    return bodies


def _subtitle(title: Tag | None, bodies: list[Tag]) -> str:
    tag = title.find_next("h3", class_=SUBTITLE_CLASS) if title else None
    if not isinstance(tag, Tag) or any(parent is body for parent in tag.parents for body in bodies):
        return ""
    return join_words(tag)
