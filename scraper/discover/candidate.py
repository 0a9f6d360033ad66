"""What passes from a source to whoever collects: frozen values, no input or output."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

FILED_LATER = 31
"""Days: an official text adopted on 6 August 2025 is filed under the 29th."""

Kind = Literal["nac", "speech", "news", "ministerial", "other"]
WindowKind = Literal["nac", "all"]
DateSource = Literal["issued", "listing", "url", "page", "none"]


@dataclass(frozen=True, slots=True)
class Capture:
    """A page as an archive took it: 14 digits of time (UTC), the address it was taken of, base32 SHA-1 of its body."""

    timestamp: str
    original: str
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may hold a release; little is certain before it has been read.

    Args:
        url: what is asked for: an address, an archive's replay, or a file's.
        canonical: the document's identity (`scraper.identity.canonical_address`), on the site's public host.
        source: name of the source that found it.
        kind: what kind of text it is, None where only reading can tell.
        title: as the source's list gives it.
        date: ISO day; None where the list and the address say none.
        date_source: where the day came from, as in `Release.date_source`.
        language: two letters, of the address; the text may be in another.
        twin: canonical address of the same document in another language.
        capture: of an archive.
        last_modified: as the source's list gives it, ISO 8601; says when to look again, never the release's date.
    """

    url: str
    canonical: str
    source: str
    kind: Kind | None = None
    title: str | None = None
    date: str | None = None
    date_source: DateSource = "none"
    language: str | None = None
    twin: str | None = None
    capture: Capture | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that a source met and left out, or could not do, and why: to be counted and shown, not fetched.

    `code` is a stable word (`malformed`, `no_link`, `other_body`, `listing_failed` ...), `reason` one line for people.
    """

    address: str
    code: str
    reason: str
    source: str


Found = Candidate | Skipped


@dataclass(frozen=True, slots=True)
class Window:
    """Which releases are wanted.

    Args:
        since: first ISO day, included; None from the beginning.
        until: last ISO day, included; None to the end.
        kind: `nac` for texts of the Council alone, `all` for whatever the source publishes.
        limit: at most so many candidates; None for all.

    Raises:
        ValueError: a day that is none, days in the wrong order, a limit below 1.
    """

    since: str | None = None
    until: str | None = None
    kind: WindowKind = "nac"
    limit: int | None = None

    def __post_init__(self) -> None:
        for day in (self.since, self.until):
            if day is not None and datetime.date.fromisoformat(day).isoformat() != day:
                raise ValueError(f"not a day in the form 2024-05-31: {day}")
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"the window ends ({self.until}) before it begins ({self.since})")
        if self.limit is not None and self.limit < 1:
            raise ValueError(f"a limit of {self.limit} leaves nothing")

    def holds(self, day: str | None) -> bool:
        """Whether a day lies within; an unknown one may."""
        return day is None or ((self.since or day) <= day <= (self.until or day))

    def may_hold(self, day: str | None) -> bool:
        """Whether a text may lie within whose list or address gives that day: texts are filed up to `FILED_LATER` days late."""
        if day is None or self.until is None:
            return self.holds(day)
        latest = datetime.date.fromisoformat(self.until) + datetime.timedelta(days=FILED_LATER)
        return (self.since or day) <= day <= latest.isoformat()
