"""Any RSS or Atom feed: SHAPE, ministries, the Council of the EU.

A feed holds the newest texts only. Its bytes are fetched by our own client and parsed by feedparser, which fetches nothing here.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from scraper.dates import find_days
from scraper.decoding import decode, find_page_charset
from scraper.discover.candidate import Candidate, Found, Skipped, Window
from scraper.discover.source import Get, Settings, WebSource
from scraper.errors import BadSetting, DiscoveryError, Malformed
from scraper.identity import canonical_address
from scraper.terms import Terms

NAME = "feed"
TERMS = Terms(packed=True)
LONGEST_TITLE = 500
LONGEST_DATE = 100
"""Characters that are read."""

_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)


def open_source(settings: Settings) -> Feed:
    """The feed whose address is `settings.target`; `origin` is not needed.

    Raises:
        BadSetting: the target is no address.
    """
    try:
        canonical_address(settings.target or "")
    except Malformed as error:
        raise BadSetting("a feed is given by its address", hint="give one that begins with https://", source=NAME) from error
    return Feed(settings)


class Feed(WebSource):
    """One feed."""

    name = NAME
    target = "the address of a feed"

    def discover(self, get: Get, window: Window) -> Iterator[Found]:
        """See `Source.discover`; in the feed's own order."""
        page = self.ask_lists(get)(self.settings.target or "", terms=TERMS)
        parsed = parse_feed(page.content, base=page.final_url, charset=page.charset)
        entries = parsed.get("entries", [])
        if not parsed.get("version") or not entries:
            what = "holds no entry" if parsed.get("version") else "is no RSS or Atom feed"
            hint = "open it in a browser: feeds move, and some answer with a page"
            raise DiscoveryError(f"{page.final_url} {what}", hint=hint, source=NAME)
        for number, entry in enumerate(entries, start=1):
            yield _candidate_of(dict(entry), base=page.final_url, number=number)  # feedparser's own lends one date for another


def parse_feed(content: bytes, *, base: str, charset: str | None = None) -> Mapping[str, Any]:
    """What feedparser makes of a feed's bytes; nothing is fetched, whatever stands in them.

    Args:
        content: the feed, unpacked.
        base: its address, for relative links.
        charset: as its header declares.

    Raises:
        DiscoveryError: it declares entities of its own, which can be made to unfold without end.
    """
    import feedparser

    text = decode(content, declared=charset or find_page_charset(content)).text
    if _ENTITY.search(text):
        raise DiscoveryError(f"{base} declares entities of its own: not read", hint="no feed of news needs them", source=NAME)
    headers = {"content-location": base, "content-type": "application/xml; charset=utf-8"}
    parsed: Mapping[str, Any] = feedparser.parse(io.BytesIO(text.encode("utf-8", "replace")), response_headers=headers)
    return parsed


def _candidate_of(entry: Mapping[str, Any], *, base: str, number: int) -> Found:
    address = _find_address(entry, base)
    if address is None:
        return Skipped(f"{base} entry {number}", "no_link", "the entry names no page", NAME)
    try:
        canonical = canonical_address(address)
    except Malformed as error:
        return Skipped(address[:200], "malformed", error.message, NAME)
    day = _find_day(entry, "published", "created") or _find_day(entry, "updated")
    title = " ".join(re.sub(r"<[^<>]*>", " ", str(entry.get("title") or "")).split())
    return Candidate(
        url=address,
        canonical=canonical,
        source=NAME,
        title=title[:LONGEST_TITLE] or None,
        date=day,
        date_source="listing" if day else "none",
        language=_language_of(entry),
        last_modified=_find_day(entry, "updated"),
    )


def _find_address(entry: Mapping[str, Any], base: str) -> str | None:
    """The entry's page: its link, else an id that is an address."""
    for found in (entry.get("link"), entry.get("id") if str(entry.get("id", "")).startswith(("http://", "https://")) else None):
        if isinstance(found, str) and found.strip():
            try:
                return urljoin(base, found.strip())
            except ValueError:
                return found.strip()
    return None


def _find_day(entry: Mapping[str, Any], *names: str) -> str | None:
    """The ISO day of the first of these dates that can be read, also in forms that no standard knows."""
    for name in names:
        words = entry.get(name)
        if isinstance(words, str):
            found = next(find_days(words[:LONGEST_DATE]), None)
            if found:
                return found.first
        parsed = entry.get(f"{name}_parsed")
        if isinstance(parsed, time.struct_time) and 1900 <= parsed.tm_year <= 2099:
            return f"{parsed.tm_year:04d}-{parsed.tm_mon:02d}-{parsed.tm_mday:02d}"
    return None


def _language_of(entry: Mapping[str, Any]) -> str | None:
    detail = entry.get("title_detail")
    language = str(detail.get("language") or "") if isinstance(detail, Mapping) else ""
    return language[:2].lower() if re.match(r"[A-Za-z]{2}(?:-|$)", language) else None
