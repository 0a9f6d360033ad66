"""Pages that hold no statement, and the reason to give.

Words alone refuse nothing: a statement may speak of cookies, logins and denied access. A page is refused
for a title that is nothing but such a phrase, for sentences that speak to the reader's browser on a page
with little else, or for its shape (links without text, hardly any text).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scraper.errors import NotAStatement
from scraper.sites.head import find_declared_title, find_title, join_words
from scraper.sites.hindrances import HINDRANCES, LOGIN, Hindrance
from scraper.sites.page import Block, Markup, ParsedPage

FEWEST_WORDS = 15
SHORT_PAGE_WORDS = 150
TITLED_PAGE_WORDS = 400
"""Words beyond which not even a telling title refuses a page."""

FEWEST_INDEX_LINKS = 5
LONGEST_TEASER = 40
_LINK_SHARE = 0.6
MOST_LOGIN_WORDS, LONGEST_LOGIN_PARAGRAPH = 80, 25
GENERIC = "generic"

_TITLE_PARTS = re.compile(r"\s+[|·–—:-]\s+|\s*\|\s*")
_HINT = "open the address in a browser, save the page or copy its text, and give that"
_ADDRESS_HINT = "give the address of a single statement"


def require_statement(markup: Markup, page: ParsedPage, *, source: str) -> None:
    """Let a page pass that holds a statement.

    Raises:
        BlockPage: the server put a challenge in its place.
        NotAStatement: consent, login, missing page, index, nothing but boilerplate, or too short.
    """
    words = sum(len(text.split()) for text in page.paragraphs)
    titles = _titles(markup, page)
    kind = next((kind for kind in HINDRANCES if _is_of_kind(page, titles, words, kind)), None)
    if kind is None and _asks_for_password(markup, page, words):
        kind = LOGIN
    if kind is not None:
        raise kind.error(f"{source}: this is {kind.name}, not a statement", hint=_HINT, source=source)
    if is_index(page.outline):
        message = f"{source}: this is an index, a page of links to others, not a statement"
        raise NotAStatement(message, hint=_ADDRESS_HINT, source=source)
    if words >= FEWEST_WORDS:
        return
    if words == 0:
        boilerplate = page.outline or page.has_account_window
        what = "holds only the site's own lines and no statement" if boilerplate else "holds no words to read"
        raise NotAStatement(f"{source}: this page {what}", hint=_HINT, source=source)
    message = f"{source}: this page holds only {words} words, too short for a statement"
    raise NotAStatement(message, hint=_HINT, source=source)


def is_index(blocks: Sequence[Block]) -> bool:
    """Whether links are what the blocks are for: headlines to follow, with teasers between them at most.

    An article stands in one run: more than half of the words that are no links come without a headline link
    in between, or much stands between one such link and the next. In an index each teaser follows its link.
    """
    headlines, runs = 0, [0]
    for block in blocks:
        length = len(block.text.split())
        if block.linked >= _LINK_SHARE and length >= 3:
            headlines += 1
            runs.append(0)
        elif length >= 12:
            runs[-1] += length
    if headlines < FEWEST_INDEX_LINKS:
        return False
    return max(runs) <= 0.5 * sum(runs) and sum(runs) < LONGEST_TEASER * headlines


def _is_of_kind(page: ParsedPage, titles: set[str], words: int, kind: Hindrance) -> bool:
    if words < TITLED_PAGE_WORDS and any(_is_only(title, kind.title) for title in titles):
        return True
    if words >= (SHORT_PAGE_WORDS if page.layout == GENERIC else FEWEST_WORDS):
        return False
    if any(kind.words.search(block.text) for block in page.outline):
        parts = (part for title in titles for part in _TITLE_PARTS.split(title))
        if words < FEWEST_WORDS or any(_is_only(part, kind.title) for part in parts):
            return True
    speaking = sum(len(text.split()) for text in page.paragraphs if kind.words.search(text))
    return speaking > 0.5 * words


def _asks_for_password(markup: Markup, page: ParsedPage, words: int) -> bool:
    longest = max((len(text.split()) for text in page.paragraphs), default=0)
    field = any(str(tag.get("type", "")).lower() == "password" for tag in markup.find_tags("input"))
    little = words < MOST_LOGIN_WORDS and longest < LONGEST_LOGIN_PARAGRAPH
    return page.layout == GENERIC and field and little and not page.has_account_window


def _titles(markup: Markup, page: ParsedPage) -> set[str]:
    heading = join_words(find_title(markup, None))
    return {title for title in (page.title, heading, find_declared_title(markup)) if title}


def _is_only(title: str, pattern: re.Pattern[str]) -> bool:
    return pattern.fullmatch(title.strip(" .!?…")) is not None
