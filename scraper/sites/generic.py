"""Any other page: newspapers, ministries, republishers. The text is what trafilatura takes for the article.

Its guess of the date is not used, for it would rather give a wrong day than none; the date is the page's own
metadata, a `time` element, or the address. Copies by others are no official texts: the caller may say so.
Terms of use: those of the page's publisher, which the user answers for.
"""

from __future__ import annotations

import logging
import re

from bs4.element import Tag

from scraper.dates import find_day_in_address
from scraper.sites.blocks import cut_blocks, normalise
from scraper.sites.head import (
    choose_day,
    find_declared_day,
    find_declared_title,
    find_site_name,
    find_timed_day,
    find_title,
    join_words,
)
from scraper.sites.opening import take_opening
from scraper.sites.page import Block, Markup, ParsedPage

LAYOUT = "generic"
FEWEST_WORDS_WITHOUT_ARTICLE = 8
"""Where no article is found, blocks of fewer words are menus and captions."""

_MENU_LINK_SHARE = 0.8
_ITEM_MARK = re.compile(r"^(?:- |\|)\s*")
_CELL_END = re.compile(r"\s*\|\s*$")


def matches(markup: Markup) -> bool:
    """True of every page; asked last."""
    return markup is not None


def read(markup: Markup) -> ParsedPage:
    """The article on the page; its paragraphs are empty if there is none."""
    soup = markup.soup
    outline = cut_blocks(soup.body or soup)
    heading = join_words(find_title(markup, None))
    title = heading if heading and heading != find_site_name(markup) else find_declared_title(markup)
    lines = _article_lines(markup) or [
        block.text for block in outline if block.linked < 0.5 and len(block.text.split()) >= FEWEST_WORDS_WITHOUT_ARTICLE
    ]
    menu = {block.text for block in cut_blocks(soup.body or soup, skip=_never) if block.linked > _MENU_LINK_SHARE}
    blocks = [Block((line,)) for line in lines if line != title and line not in menu]
    opening, paragraphs = take_opening(blocks)
    page_day = find_declared_day(markup) or find_timed_day(markup) or opening.page_day
    date, date_source = choose_day(opening.issued, page_day, find_day_in_address(markup.url))
    return ParsedPage(
        layout=LAYOUT,
        paragraphs=tuple(paragraphs),
        outline=outline,
        title=title,
        subtitle=opening.subtitle,
        number=opening.number,
        date=date,
        date_source=date_source,
    )


def _never(tag: Tag) -> bool:
    return tag.name in ("script", "style")


def _article_lines(markup: Markup) -> list[str]:
    import trafilatura

    log = logging.getLogger("trafilatura")
    if not log.handlers:  # else its complaints about odd pages reach the terminal
        log.addHandler(logging.NullHandler())
    article = trafilatura.extract(markup.text, include_comments=False, include_tables=True, deduplicate=False)
    lines = (normalise(_CELL_END.sub("", _ITEM_MARK.sub("", line))) for line in (article or "").splitlines())
    return [line for line in lines if line]
