"""The Internet Archive's captures: the bytes of a page as they were captured; receives a `get`, owns no client.

The archive allows 600 of these requests a minute; we keep to 480. A capture that is missing is answered by the nearest one, a
client that asks too much by a page that says so, and some captures come packed without saying it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from urllib.parse import quote

from scraper.archive import ORIGIN, PAUSE, GetPage
from scraper.errors import FetchError, Malformed, NotFound
from scraper.identity import canonical_address
from scraper.pages import Page
from scraper.terms import Terms

REPLAY_PACE = 60 / 480
"""Least seconds between two of these requests."""

REPLAY_TERMS = Terms(lane="replay", pace=REPLAY_PACE, retries=0, pause=PAUSE, packed=True, same_host=True, throttle_page="/429.html")
_REPLAYED = re.compile(r"https?://[^/]+/web/(?P<timestamp>[0-9]{14})id_/(?P<original>.+)", re.DOTALL)
_CAPTURE = re.compile(
    r"https?://web\.archive\.org/web/(?P<timestamp>[0-9]{14})(?:[a-z]{2}_)?/(?P<original>https?://.+)", re.IGNORECASE | re.DOTALL
)
_ORIGINAL_LINK = re.compile(r"<(?P<url>[^<>]+)>\s*;[^<]*?\brel=\"?original\"?", re.IGNORECASE)
_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"#<>\\^`{|}')
_REPLAY_HINT = "try another capture of the page (web.archive.org)"


def read_capture(url: str) -> tuple[str, str] | None:
    """Time and original address of a capture's address, raw or as the archive shows it; None if it is none."""
    match = _CAPTURE.fullmatch(url.strip())
    return (match["timestamp"], match["original"]) if match else None


def replay_address(timestamp: str, original: str, *, archive: str = ORIGIN) -> str:
    """Where the bytes of a capture are had as they were captured (`id_`)."""
    return f"{archive}/web/{timestamp}id_/{quote(original, safe=_SAFE)}"


def replay(
    get: GetPage, timestamp: str, original: str, *, digest: str | None = None, archive: str = ORIGIN, terms: Terms = REPLAY_TERMS
) -> Page:
    """The page of a capture, unpacked; the nearest one's if that is missing, which the notes say.

    Args:
        get: as `Fetcher.get`.
        timestamp: 14 digits.
        original: the address that was captured.
        digest: base32 SHA-1 of the body as the index has it; None if it is not known.
        archive: the archive's scheme and host.
        terms: how it is asked; its own pace and no retries.

    Returns:
        The page; its `final_url` names the capture that answered.

    Raises:
        NotFound: there is no capture, or the nearest one is of another address.
        Blocked: the archive asked for a pause; nothing may be asked of it before.
        FetchError: the bytes are not those that the index speaks of, or as `Fetcher.get`.
    """
    page = get(replay_address(timestamp, original, archive=archive), terms=terms)
    match = _REPLAYED.fullmatch(page.final_url)
    if match is None or not page.final_url.startswith(archive):
        raise NotFound("the archive has no such capture: it answered with a page of its own", hint=_REPLAY_HINT, source=page.url)
    linked = _ORIGINAL_LINK.search(page.headers.get("link", ""))
    for answered in (match["original"], *([linked["url"]] if linked else [])):
        if not _is_one_page(answered, original):
            raise NotFound("the archive has no such capture: it answered with another page's", hint=_REPLAY_HINT, source=page.url)
    if match["timestamp"] != timestamp:
        note = f"the capture of {timestamp} was asked for, the nearest of {match['timestamp']} answered"
        return replace(page, notes=(*page.notes, note))
    return _check_digest(page, digest)


def _check_digest(page: Page, digest: str | None) -> Page:
    """Archives hash the body as it came, sometimes packed, so either form may fit; a repacked one proves nothing."""
    if digest is None or digest in (page.sent_sha1, hash_body(page.content)):
        return page
    if page.headers.get("content-encoding"):
        return replace(page, notes=(*page.notes, "the archive's checksum could not be compared: the body came packed"))
    message = "the archive's bytes are not those of its index: the answer broke off or is another page's"
    raise FetchError(message, hint="try again, or another capture", source=page.url)


def hash_body(content: bytes) -> str:
    """SHA-1 in base32, as the index writes it."""
    return base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode("ascii")


def _is_one_page(one: str, other: str) -> bool:
    try:
        return canonical_address(one) == canonical_address(other)
    except Malformed:
        return False
