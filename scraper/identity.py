"""What a document is called, whichever of its addresses led to it."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from scraper.errors import Malformed

_REPLAY = re.compile(r"https?://web\.archive\.org/web/[0-9]{1,14}(?:[a-z]{2}_)?/(?P<original>.+)", re.IGNORECASE | re.DOTALL)
_SESSION_SEGMENT = re.compile(r"/SID-[0-9A-Z-]+(?=/)", re.IGNORECASE)
_DROPPED_PARAMETERS = re.compile(r"selectedd?locale|utm_\w+", re.IGNORECASE)
LONGEST_ADDRESS = 8_000
"""Characters; no page is published under a longer one."""

_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_address(url: str) -> str:
    """One address for all the spellings under which a page was published.

    A capture in the Internet Archive gives the address it captured. Everywhere the host is lower case and
    fragment, default port, `selectedLocale` and empty query go; on nato.int also session segments, the older
    channel name `natolive`, plain http and the missing `www`.

    Args:
        url: an http or https address.

    Returns:
        The canonical address; applied twice it changes nothing more.

    Raises:
        Malformed: it is no http or https address.
    """
    parts = _split(_unwrap(url))
    scheme, host, path = parts.scheme, (parts.hostname or "").lower().rstrip("."), parts.path or "/"
    port = parts.port if parts.port != _DEFAULT_PORTS[scheme] else None
    if host == "nato.int" or host.endswith(".nato.int"):
        scheme, host = "https", "www.nato.int" if host == "nato.int" else host
        path = _SESSION_SEGMENT.sub("", path)
        if path.startswith("/cps/"):
            path = path.replace("/natolive/", "/natohq/")
    query = _kept_query(parts.query)
    return f"{scheme}://{_bracketed(host)}{f':{port}' if port else ''}{path}{'?' + query if query else ''}"


def _unwrap(url: str) -> str:
    if len(url) > LONGEST_ADDRESS:
        raise Malformed(f"not a web address: {len(url):,} characters", hint="give one that begins with https://", source=url[:200])
    while original := find_archived_original(url):
        url = original
    return url


def find_archived_original(url: str | None) -> str | None:
    """The address that an Internet Archive capture was taken of; null if `url` is no capture's address."""
    match = _REPLAY.fullmatch((url or "").strip())
    if not match:
        return None
    original = match["original"]
    return original if re.match(r"https?://", original, re.IGNORECASE) else f"http://{original.lstrip('/')}"


def _split(url: str) -> SplitResult:
    address = url.strip()
    try:
        parts = urlsplit(address)
        sound = parts.scheme in _DEFAULT_PORTS and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound or re.search(r"[\s\x00-\x1f\x7f\\]", address) or re.search(r"[\ud800-\udfff]", address):
        raise Malformed(f"not a web address: {url[:200]!r}", hint="give one that begins with https://", source=url[:200])
    return parts


def _kept_query(query: str) -> str:
    if not query:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=None)
    kept = [(name, value) for name, value in pairs if not _DROPPED_PARAMETERS.fullmatch(name)]
    return query if len(kept) == len(pairs) else urlencode(kept)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
