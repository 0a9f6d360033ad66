"""Runs a source: keeps to the window, leaves out repeats, and fails loudly where nothing is found."""

from __future__ import annotations

from collections.abc import Iterator

from scraper.discover.candidate import Candidate, Found, Window
from scraper.discover.source import Get, Source
from scraper.errors import DiscoveryError

UNWANTED = ("outside_window", "not_council")
"""Codes of what a working list names and the user does not want."""


def find_candidates(source: Source, get: Get, window: Window) -> Iterator[Found]:
    """The source's candidates that may lie within the window, each document's address (or capture) once, at most `window.limit`.

    A window in which nothing was published gives nothing; a source that lists nothing at all is an error.

    Yields:
        Candidates to be fetched, and what was skipped.

    Raises:
        DiscoveryError: the source found nothing, in the window or out of it.
        FetchError: its lists could not be had.
    """
    seen: set[tuple[str, str]] = set()
    found = kept = 0
    for item in source.discover(get, window):
        if not isinstance(item, Candidate):
            found += item.code in UNWANTED
            yield item
            continue
        found += 1
        key = (item.canonical, item.capture.timestamp if item.capture else "")
        if key in seen or not window.may_hold(item.date):
            continue
        seen.add(key)
        yield item
        kept += 1
        if kept == window.limit:
            return
    if not found:
        hint = "look whether the site has moved or changed, and whether the source's name and target are right"
        raise DiscoveryError(f"{source.name}: nothing was found", hint=hint, source=source.name)
