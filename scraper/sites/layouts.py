"""Which reader a page gets: the first, in a fixed order, whose layout its markup shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scraper.sites import generic, nato, nato_classic, nato_docu
from scraper.sites.boilerplate import find_account_window
from scraper.sites.markup import parse_markup
from scraper.sites.page import Markup, ParsedPage
from scraper.sites.refusal import require_statement


@dataclass(frozen=True, slots=True)
class Layout:
    """One site's way of building pages: how it shows itself, and its reader."""

    name: str
    matches: Callable[[Markup], bool]
    read: Callable[[Markup], ParsedPage]


LAYOUTS = tuple(Layout(module.LAYOUT, module.matches, module.read) for module in (nato, nato_classic, nato_docu, generic))


def read_page(text: str, *, url: str | None, source: str, first: Sequence[Layout] = ()) -> ParsedPage:
    """Read a page's source.

    Args:
        text: the decoded source.
        url: the page's address, which may carry its day; null if unknown.
        source: what the user named, for messages.
        first: layouts that are tried before the usual ones.

    Raises:
        BlockPage: a challenge page stands in the statement's place.
        NotAStatement: the page holds no statement.
        Malformed: the markup cannot be read.
    """
    markup = parse_markup(text, url=url, source=source)
    layout = next(layout for layout in (*first, *LAYOUTS) if layout.matches(markup))
    page = _without_title(_without_account_window(layout.read(markup)))
    require_statement(markup, page, source=source)
    return page


def _without_account_window(page: ParsedPage) -> ParsedPage:
    """The second line of defence: layouts read only the statement's part of a page, where that can be told."""
    window = find_account_window([*page.paragraphs, *(block.text for block in page.outline)])
    kept = tuple(text for text in page.paragraphs if text not in window)
    outline = tuple(block for block in page.outline if block.text not in window)
    dropped = len(page.paragraphs) - len(kept)
    notes = (f"{dropped} lines of the site's account window were left out",) if dropped else ()
    return replace(page, paragraphs=kept, outline=outline, notes=(*page.notes, *notes), has_account_window=bool(window))


def _without_title(page: ParsedPage) -> ParsedPage:
    """Some bodies repeat the title as their first line."""
    first = page.paragraphs[0] if page.paragraphs else None
    repeats = first is not None and page.title is not None and first.casefold() == page.title.casefold()
    return replace(page, paragraphs=page.paragraphs[1:]) if repeats else page
