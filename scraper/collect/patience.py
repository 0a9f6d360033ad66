"""Which failures pass by themselves, and when to try again."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.errors import Blocked, BlockPage, FetchError, NotFound, Refused, ScraperError, TooLarge

LASTING = (NotFound, Refused, TooLarge)
"""Failures of fetching that another try would only repeat."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How a page that failed is tried again; all times in seconds.

    Args:
        first: pause before the second try; each later one is four times as long.
        tries: how often a page is tried in all within one collection.
        longest_wait: a collection whose remaining pages are due later than this ends, and the next one takes them up.
    """

    first: float = 5.0
    tries: int = 4
    longest_wait: float = 60.0

    def find_next_try(self, error: ScraperError, attempts: int, now: float) -> float | None:
        """When to try again after a failure, in seconds since 1970; null if never in this collection.

        Args:
            error: what failed.
            attempts: failures of this page before this one.
            now: the time of the failure.
        """
        if isinstance(error, Blocked) and error.pause is not None:
            return now + error.pause
        passing = isinstance(error, BlockPage) or (isinstance(error, FetchError) and not isinstance(error, LASTING))
        if not passing or attempts + 1 >= self.tries:
            return None
        return now + float(self.first * 4**attempts)


def counts_as_try(error: ScraperError) -> bool:
    """Whether the page itself was asked for: a host that wants a pause says nothing of the page."""
    return not (isinstance(error, Blocked) and error.pause is not None)
