"""What stands above a statement's body: title, subtitle, dates; what the page's head declares of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4.element import NavigableString, Tag

from scraper.dates import find_days, parse_day
from scraper.sites.blocks import is_furniture, normalise
from scraper.sites.boilerplate import strip_site_name
from scraper.sites.page import Markup

LONGEST_HEAD_LINE = 120
"""Characters; a longer string above the body is no date or number line."""

_PUBLISHED_META = re.compile(
    r"article:published_time|date|dc\.date(?:\.issued)?|dcterms\.(?:date|created|issued)|publish-?date|pubdate|"
    r"publication_date|datepublished|sailthru\.date|parsely-pub-date",
    re.IGNORECASE,
)
_JSON_LD_DAY = re.compile(r'"datePublished"\s*:\s*"([0-9]{4}-[0-9]{2}-[0-9]{2})')
_MODIFIED = re.compile(r"\b(?:updated?|modified|revised|mise à jour|last)\b", re.IGNORECASE)
MOST_TIME_TAGS = 20
_REACH_ABOVE_TITLE = 40
"""Nodes above the title among which a date line is looked for."""


def find_title(markup: Markup, body: Tag | None) -> Tag | None:
    """The `h1` that heads the body: the nearest one above it, else the page's first, none in a window or menu."""
    headings = markup.find_tags("h1")
    above = _list_above(headings, body)
    return next((tag for tag in [*above, *headings] if join_words(tag) and not is_within_furniture(tag)), None)


def _list_above(headings: list[Tag], body: Tag | None) -> list[Tag]:
    """Those that begin before the body does, nearest first."""
    if body is None or not headings:
        return []
    if len(headings) == 1:
        only = headings[0]
        return [only] if not any(parent is body for parent in only.parents) else []
    return [tag for tag in body.find_all_previous("h1") if isinstance(tag, Tag)]


def find_declared_title(markup: Markup) -> str | None:
    """The title that the page's head gives, without the site's name."""
    meta = _meta_content(markup, "property", "og:title")
    names = markup.find_tags("title")
    title = strip_site_name(normalise(meta or (names[0].get_text() if names else "")))
    site = find_site_name(markup)
    if site:
        title = re.sub(rf"\s*[-–—|·]\s*{re.escape(site)}\s*$", "", title)
    return title or None


def find_site_name(markup: Markup) -> str | None:
    """The site's name in the page's metadata."""
    return normalise(_meta_content(markup, "property", "og:site_name") or "") or None


def join_words(tag: Tag | None) -> str:
    """An element's words on one line."""
    return normalise(tag.get_text(" ")) if tag else ""


def is_within_furniture(tag: Tag) -> bool:
    """Whether an element or one that holds it belongs to menus, windows or other furniture."""
    return is_furniture(tag) or any(is_furniture(parent) for parent in tag.parents)


def list_lines_above(title: Tag | None, body: Tag | None) -> Iterator[str]:
    """Short strings between title and body, then those just above the title, nearest first."""
    if title is None:
        return
    for element in title.next_elements:
        if element is body:
            break
        if type(element) is NavigableString:
            yield from _short(element)
    for _, element in zip(range(_REACH_ABOVE_TITLE), title.previous_elements, strict=False):
        if type(element) is NavigableString:
            yield from _short(element)


def find_declared_day(markup: Markup) -> str | None:
    """The day of publication in the page's metadata; days of modification are passed over."""
    for meta in markup.find_tags("meta"):
        name = str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "")
        if _PUBLISHED_META.fullmatch(name):
            for found in find_days(str(meta.get("content", ""))[:40]):
                return found.first
    for script in markup.find_tags("script"):
        if script.get("type") != "application/ld+json":
            continue
        match = _JSON_LD_DAY.search(script.get_text()[:200_000])
        found_day = parse_day(match[1]) if match else None
        if found_day:
            return found_day
    return None


def find_timed_day(markup: Markup) -> str | None:
    """The day of the page's first `time` element that does not tell of an update."""
    for tag in markup.find_tags("time")[:MOST_TIME_TAGS]:
        around = f"{' '.join(map(str, tag.get('class') or []))} {tag.get('itemprop', '')} {join_words(tag.parent)[:80]}"
        if _MODIFIED.search(around) or is_within_furniture(tag):
            continue
        for found in find_days(f"{str(tag.get('datetime', ''))[:40]} {join_words(tag)[:80]}"):
            return found.first
    return None


def parse_day_line(line: str) -> str | None:
    """The day that a line above the body states, unless it tells of an update."""
    return None if _MODIFIED.search(line) else parse_day(line)


def choose_day(issued: str | None, page: str | None, address: str | None) -> tuple[str | None, str]:
    """The day and where it came from: what the text says of its issue, else the page, else the address."""
    for day, source in ((issued, "issued"), (page, "page"), (address, "url")):
        if day:
            return day, source
    return None, "none"


def _short(string: NavigableString) -> Iterator[str]:
    line = normalise(string)
    if line and len(line) <= LONGEST_HEAD_LINE:
        yield line


def _meta_content(markup: Markup, attribute: str, value: str) -> str | None:
    tag = next((tag for tag in markup.find_tags("meta") if tag.get(attribute) == value), None)
    return str(tag.get("content") or "") or None if tag else None
