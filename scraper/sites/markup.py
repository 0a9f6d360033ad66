"""A page's source into a tree, whatever its state."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import Tag
from bs4.exceptions import ParserRejectedMarkup

from scraper.errors import Malformed
from scraper.sites.page import Markup

DEEPEST_NESTING = 1_000
"""Elements within elements; real pages stay far below, and some libraries recurse."""

_UNFIT_FOR_MARKUP = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_HINT = "save the statement's words as plain text and give that"


def parse_markup(text: str, *, url: str | None, source: str) -> Markup:
    """Parse a page; broken markup is mended as browsers do.

    Raises:
        Malformed: the page is no markup at all, or nested beyond 1,000 elements.
    """
    clean = _UNFIT_FOR_MARKUP.sub("", text)
    try:
        # The declaration ahead of all else keeps Beautiful Soup from taking a short page for an address.
        soup = BeautifulSoup("<!DOCTYPE html>\n" + clean, "lxml")
    except ParserRejectedMarkup as error:
        raise Malformed(f"{source}: the page's markup cannot be parsed", hint=_HINT, source=source) from error
    depth, tags = _take_stock(soup)
    if depth > DEEPEST_NESTING:
        message = f"{source}: the page nests {depth:,} elements in one another, more than any real page"
        raise Malformed(message, hint=_HINT, source=source)
    return Markup(clean, soup, url, tags)


def _take_stock(soup: BeautifulSoup) -> tuple[int, dict[str, list[Tag]]]:
    """How deep the tree is, and its elements by name."""
    depths = {id(soup): 0}
    tags: dict[str, list[Tag]] = {}
    for tag in soup.find_all(True):
        depths[id(tag)] = depths[id(tag.parent)] + 1
        tags.setdefault(tag.name, []).append(tag)
    return max(depths.values()), tags
