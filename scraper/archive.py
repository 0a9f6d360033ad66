"""The Internet Archive's index of captures (CDX); receives a `get`, owns no client. Captures themselves: `scraper.captures`.

Limits: the archive allows 30 of these requests a minute and shuts out who asks for more, so we keep to 24, ask nothing
again by ourselves, and leave it alone for a minute when it says 429. Documents: internetarchive/wayback,
`wayback-cdx-server/README.md`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from scraper.errors import DiscoveryError, FetchError, Malformed, Refused
from scraper.identity import canonical_address
from scraper.pages import Page
from scraper.terms import Terms

ORIGIN = "https://web.archive.org"
INDEX_PACE = 60 / 24
PAUSE = 60.0
"""Seconds for which the archive is left alone after a 429 that names none."""

INDEX_DEADLINE = 180.0
"""Seconds that one query may take."""

ROWS_PER_QUERY = 5_000
MOST_QUERIES = 2_000
FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest", "length")
INDEX_TERMS = Terms(
    lane="index", pace=INDEX_PACE, retries=0, pause=PAUSE, deadline=INDEX_DEADLINE, timeout=120.0, max_bytes=100 * 2**20, packed=True,
    same_host=True, throttle_page="/429.html",
)  # fmt: skip
_EXCEPTION = re.compile(r"\b(?:RobotAccessControl|AdministrativeAccessControl)Exception\b|\bBlocked Site Error\b", re.IGNORECASE)
_DIGEST = re.compile(r"[A-Z2-7]{32}")
GetPage = Callable[..., Page]
"""As `Fetcher.get`: address, `etag`, `last_modified`, `terms`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One capture in the index: 14 digits of time (UTC), the address as captured, and what was answered, None where it is not known."""

    timestamp: str
    original: str
    mimetype: str | None
    status: int | None
    digest: str | None

    @property
    def is_revisit(self) -> bool:
        """Whether the archive met the same bytes again and kept none."""
        return self.mimetype == "warc/revisit"


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of the index: all captures whose address begins with `prefix`.

    `since` and `until` are ISO days of capture; `filters` are `[!]field:regex` in Java's form; `most` is for one answer's rows.
    """

    prefix: str
    since: str | None = None
    until: str | None = None
    filters: tuple[str, ...] = ()
    most: int = ROWS_PER_QUERY

    def address(self, archive: str, key: str | None = None) -> str:
        """Where it is asked, with the key at which the last answer broke off."""
        pairs = [("url", self.prefix), ("matchType", "prefix"), ("output", "json"), ("fl", ",".join(FIELDS))]
        pairs += [("from", self.since.replace("-", ""))] if self.since else []
        pairs += [("to", self.until.replace("-", ""))] if self.until else []
        pairs += [("filter", condition) for condition in self.filters]
        pairs += [("limit", str(self.most)), ("showResumeKey", "true")]
        pairs += [("resumeKey", key)] if key else []
        return f"{archive}/cdx/search/cdx?{urlencode(pairs)}"


def query_index(get: GetPage, query: Query, *, archive: str = ORIGIN, terms: Terms = INDEX_TERMS) -> Iterator[Row]:
    """All captures that answer a query, in the index's order: by address, then time. Odd rows are left out, repeats too.

    Raises:
        Refused: the archive keeps these pages to itself.
        DiscoveryError: the answer is none, or a resume key comes a second time.
        FetchError: as `Fetcher.get`.
    """
    key: str | None = None
    used: set[str] = set()
    last: Row | None = None
    for _ in range(MOST_QUERIES):
        rows, following = parse_index(get(query.address(archive, key), terms=terms).content)
        for row in rows:
            if row != last:
                yield row
            last = row
        if following is None:
            return
        if following in used:
            message = "the archive's index goes round in a circle: a resume key came a second time"
            raise DiscoveryError(message, hint="try again later, or narrow the window", source=query.prefix)
        used.add(following)
        key = following
    message = f"the archive's index did not end after {MOST_QUERIES} queries"
    raise DiscoveryError(message, hint="narrow the window", source=query.prefix)


def parse_index(content: bytes) -> tuple[list[Row], str | None]:
    """Rows of one answer, and the key to go on with if it broke off.

    Raises:
        Refused: the archive says in words that these pages are not shown.
        DiscoveryError: the answer is no table of rows.
    """
    text = content.decode("utf-8", "replace")
    if not text.strip():
        return [], None
    try:
        lines: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _name_answer(text) from error
    if not isinstance(lines, list) or not all(isinstance(line, list) for line in lines):
        raise _name_answer(text)
    if not lines:
        return [], None
    header, *lines = lines
    if not {"timestamp", "original"} <= set(map(str, header)):
        raise _name_answer(text)
    key = _take_key(lines)
    rows = (_row_of(dict(zip(map(str, header), line, strict=False))) for line in lines if len(line) == len(header))
    return [row for row in rows if row is not None], key


def _take_key(lines: list[list[Any]]) -> str | None:
    """Cuts the resume key, which an empty row precedes, from the end."""
    if len(lines) >= 2 and not lines[-2] and len(lines[-1]) == 1:
        key = str(lines[-1][0])
        del lines[-2:]
        return key or None
    return None


def _row_of(fields: dict[str, Any]) -> Row | None:
    """A row in our terms; None where time or address are none."""
    known = {name: None if value in ("-", "", None) else str(value) for name, value in fields.items()}
    timestamp, original = known.get("timestamp") or "", known.get("original") or ""
    if not re.fullmatch(r"[12][0-9]{13}", timestamp) or not original:
        return None
    try:
        canonical_address(original)
    except Malformed:
        return None
    status, digest = known.get("statuscode") or "", (known.get("digest") or "").upper().removeprefix("SHA1:")
    return Row(
        timestamp,
        original,
        known.get("mimetype"),
        int(status) if re.fullmatch(r"[1-5][0-9]{2}", status) else None,
        digest if _DIGEST.fullmatch(digest) else None,
    )


def _name_answer(text: str) -> FetchError | DiscoveryError:
    if _EXCEPTION.search(text[:10_000]):
        return Refused("the archive does not show these pages", hint="they were taken out at somebody's wish", source=ORIGIN)
    hint = "try again later: the archive answers errors in words"
    return DiscoveryError("the archive's index answered something that is no table of captures", hint=hint, source=ORIGIN)
