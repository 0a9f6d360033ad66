"""The current site's listing JSON: newest texts first, with titles and days. It may be missing, refuse or change its shape.

Nothing depends on it. What it gives comes sooner than the sitemap's and says more; what it does not give is no error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from scraper.dates import parse_day
from scraper.discover.candidate import Skipped
from scraper.discover.source import Get
from scraper.errors import Blocked, BudgetSpent, ScraperError
from scraper.terms import Terms

PAGE_SIZE = 50
MOST_PAGES = 20
TERMS = Terms(retries=1, stop=False, same_host=True)


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing of the site: its section below `/content/nato/en/` and the component that answers there."""

    section: str
    component: str = "general_search"

    def address(self, origin: str, page: int) -> str:
        """Where one of its pages is asked for; pages count from 1."""
        query = {"searchText": "", "searchType": "wcm", "sortBy": "dateDesc", "pageSize": PAGE_SIZE, "page": page, "languages": "en"}
        path = f"/content/nato/en/{self.section}/jcr:content/root/container/{self.component}.search.json"
        return f"{origin}{quote(path, safe='/:')}?{urlencode(query)}"


OFFICIAL_TEXTS = Listing("about-us/official-texts-and-resources/official-texts")
WHOLE_SITE = Listing("search")
NEWS = Listing("news-and-events/articles/news")
TRANSCRIPTS = Listing("news-and-events/events/transcripts", "general_search_copy")


@dataclass(frozen=True, slots=True)
class Item:
    """An entry: absolute address, title and ISO day, the last two None where it gives none."""

    address: str
    title: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Reach:
    """The end of a listing: the oldest day seen, and whether it was read to its last page."""

    oldest: str | None
    complete: bool


def read_listing(get: Get, listing: Listing, *, origin: str, since: str | None, source: str) -> Iterator[Item | Skipped | Reach]:
    """Items from the newest back to `since`; without it the first page alone.

    Yields:
        Items, then either why the listing was of no use, or how far it reached.

    Raises:
        Blocked: the site asked for a pause.
        BudgetSpent: the user's budget ended it.
    """
    oldest: str | None = None
    for page in range(1, MOST_PAGES + 1):
        address = listing.address(origin, page)
        try:
            items, pages = parse_listing(get(address, terms=TERMS).content, base=origin)
        except BudgetSpent:
            raise
        except ScraperError as error:
            if isinstance(error, Blocked) and error.pause:
                raise
            yield Skipped(address, "listing_failed", error.message, source)
            return
        except ValueError as error:
            yield Skipped(address, "listing_changed", f"the listing has another shape than expected ({error})", source)
            return
        yield from items
        days = [item.date for item in items if item.date]
        oldest = min([*days, *([oldest] if oldest else [])], default=None)
        complete = page >= pages or not items
        if complete or since is None or (days and max(days) < since):
            yield Reach(oldest, complete)
            return
    yield Reach(oldest, False)


def parse_listing(content: bytes, *, base: str) -> tuple[list[Item], int]:
    """Items of one page and how many pages there are.

    Raises:
        ValueError: the shape is not the known one.
    """
    try:
        data: Any = json.loads(content)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    rows = data.get("pages") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise ValueError("no list of pages")
    items = [item for row in rows if isinstance(row, dict) and (item := _item_of(row, base))]
    if rows and not items:
        raise ValueError("no page has a link")
    pages = data.get("numberOfPages")
    return items, pages if isinstance(pages, int) and not isinstance(pages, bool) else 1


def _item_of(row: dict[str, Any], base: str) -> Item | None:
    link, title, day = row.get("link"), row.get("title"), row.get("pageDate")
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        address = urljoin(base, link.strip())
    except ValueError:
        return None
    named = " ".join(title.split()) if isinstance(title, str) else ""
    return Item(address, named or None, parse_day(day) if isinstance(day, str) else None)
