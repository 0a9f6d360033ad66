"""nato.int until late 2025 (`/cps/`): official texts, news, opinions; today in archives only.

The metadata is a list above the title, `11 Jul. 2023 - | Press Release (2023) 001 | Issued on 11 Jul. 2023 |
Last updated: ...`; the last of these is never the date of the text. Ids in addresses carry no day.
Terms of use: read from archives at their pace; texts are read, not republished.
"""

from __future__ import annotations

from bs4.element import Tag

from scraper.dates import find_days
from scraper.sites.blocks import cut_blocks, list_classes
from scraper.sites.boilerplate import strip_site_name
from scraper.sites.head import (
    choose_day,
    find_declared_title,
    find_title,
    is_within_furniture,
    join_words,
    parse_day_line,
)
from scraper.sites.opening import Opening, take_opening
from scraper.sites.page import Markup, ParsedPage

LAYOUT = "nato_classic"
META_CLASS = "list-meta"
TITLE_CLASS = "fs-huge"
BODY_CLASS = "content"
LONGEST_SUBTITLE = 400
"""Characters; what follows the title and is longer belongs to the body."""


def matches(markup: Markup) -> bool:
    """Whether the page has the metadata list, or the large title with a body section."""
    if markup.find_tags("ul", class_=META_CLASS):
        return True
    return bool(markup.find_tags("h1", class_=TITLE_CLASS) and markup.find_tags("section", class_=BODY_CLASS))


def read(markup: Markup) -> ParsedPage:
    """The statement on the page; its paragraphs are empty if there is none."""
    bodies = [tag for tag in markup.find_tags("section", class_=BODY_CLASS) if not is_within_furniture(tag)]
    bodies = [tag for tag in bodies if not tag.find_parent("section", class_=BODY_CLASS)]
    titles = markup.find_tags("h1", class_=TITLE_CLASS)
    title = titles[0] if titles else find_title(markup, bodies[0] if bodies else None)
    known, notes = _read_meta(markup)
    subtitle = _subtitle(title, bodies)
    if subtitle:
        known = known.learn(subtitle) or Opening(known.number, known.issued, known.page_day, subtitle)
    blocks = tuple(block for body in bodies for block in cut_blocks(body))
    opening, paragraphs = take_opening(blocks, known)
    date, date_source = choose_day(opening.issued, opening.page_day, None)
    return ParsedPage(
        layout=LAYOUT,
        paragraphs=tuple(paragraphs),
        outline=blocks,
        title=strip_site_name(join_words(title)) or find_declared_title(markup),
        subtitle=opening.subtitle,
        number=opening.number,
        date=date,
        date_source=date_source,
        notes=notes,
    )


def _read_meta(markup: Markup) -> tuple[Opening, tuple[str, ...]]:
    """The metadata list; a range of days is noted with both its ends."""
    lists = markup.find_tags("ul", class_=META_CLASS)
    items = lists[0].find_all("li") if lists else []
    pieces = [piece.strip() for item in items for piece in join_words(item).split("|") if piece.strip()]
    opening = Opening()
    days: list[str] = []
    for piece in pieces:
        opening = opening.learn(piece) or opening
        if parse_day_line(piece):
            days.extend(day for found in find_days(piece) for day in (found.first, found.last) if day)
    notes = (f"the page gives the days {days[0]} to {days[-1]}",) if len(set(days)) > 1 else ()
    return opening, notes


def _subtitle(title: Tag | None, bodies: list[Tag]) -> str | None:
    """The element after the title, unless it is the metadata, the body or a paragraph of it."""
    tag = title.find_next_sibling() if title else None
    if not isinstance(tag, Tag) or META_CLASS in list_classes(tag) or tag.name == "section" or is_within_furniture(tag):
        return None
    if any(tag is parent for body in bodies for parent in body.parents):
        return None
    words = join_words(tag)
    return words if 0 < len(words) <= LONGEST_SUBTITLE else None
