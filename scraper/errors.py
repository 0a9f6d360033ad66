"""Errors of collecting and reading: each class says who failed; each instance, what to do next.

`code` is a stable word for machines, `exit_code` what the command line answers with.
"""

from __future__ import annotations

from typing import ClassVar


class ScraperError(Exception):
    """Base of every error raised by `scraper`.

    Args:
        message: one line, who failed and how.
        hint: one line, what the reader of it can do next.
        source: the address, file or row concerned.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "", source: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.source = source


class FetchError(ScraperError):
    """The page could not be had: the network or the server failed."""

    code = "fetch_failed"
    exit_code = 3


class Refused(FetchError):
    """We refused: the address or its target is not one this tool may call (robots, private address)."""

    code = "refused"


class Blocked(FetchError):
    """The server refused us: 401, 403, 429, or a challenge page.

    `pause` is for how many seconds its host is left alone from now on, None if it may be asked for another page at once.
    """

    code = "blocked"

    def __init__(self, message: str, *, hint: str = "", source: str = "", pause: float | None = None) -> None:
        super().__init__(message, hint=hint, source=source)
        self.pause = pause


class BudgetSpent(FetchError):
    """The number of requests that the user allowed has been made; nothing was asked."""

    code = "budget_spent"
    exit_code = 1


class NotFound(FetchError):
    """The server has no such page (404, 410)."""

    code = "not_found"


class TooLarge(FetchError):
    """The answer passed the cap on decoded size."""

    code = "too_large"


class ReadError(ScraperError):
    """What was given holds no text that can be read."""

    code = "unreadable"
    exit_code = 5


class NotAStatement(ReadError):
    """A page that is no statement: consent, login, block page, index, or too short."""

    code = "not_a_statement"


class BlockPage(NotAStatement):
    """A challenge page that a server answered with 200: nothing was read, and the server is who failed."""

    code = "blocked"
    exit_code = 3


class Unsupported(ReadError):
    """A kind of file that is not read (PDF, DOCX, binary)."""

    code = "unsupported"


class Malformed(ReadError):
    """A row or file whose form is broken (JSON, CSV, encoding); `line` is that of a row of JSON, as it stands."""

    code = "malformed"
    line: bytes | None = None


class UnknownSource(ScraperError):
    """There is no source of that name."""

    code = "unknown_source"
    exit_code = 2


class BadSetting(ScraperError):
    """A source was given a target or option that it does not know."""

    code = "bad_setting"
    exit_code = 2


class DiscoveryError(ScraperError):
    """A source's lists could not be had, could not be read, or hold nothing: the site may have changed."""

    code = "nothing_found"
    exit_code = 6


class LayoutChanged(DiscoveryError):
    """Too many of a source's pages hold no statement that can be read: the site's layout may have changed."""

    code = "layout_changed"


class StoreError(ScraperError):
    """The store cannot be opened, read or written; what was in it is as it was."""

    code = "store"


class LeaseLost(StoreError):
    """Another collector has the job now: its lease had run out."""

    code = "lease_lost"


class QueryError(StoreError):
    """A search that cannot be answered as it was written."""

    code = "query"
    exit_code = 2
