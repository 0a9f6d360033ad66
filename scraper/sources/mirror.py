"""A folder of saved pages: nothing is asked of anybody.

A page's address is, in this order: `url` in a sidecar (`page.html.json` or `page.json`), `link rel=canonical`, `og:url`, the
comment that browsers leave (`saved from url=`), else the file's own. Links to files and folders outside the folder are
passed over, linked folders are not entered, so no loop is possible.
"""

from __future__ import annotations

import json
import mimetypes
import os
import re
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from scraper.dates import find_day_in_address, parse_day
from scraper.decoding import decode, find_page_charset
from scraper.discover.candidate import Candidate, Found, Skipped, Window
from scraper.discover.source import Get, Settings, WebSource
from scraper.errors import Malformed, NotFound, ReadError, ScraperError, TooLarge
from scraper.identity import canonical_address
from scraper.pages import Page

NAME = "mirror"
SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml", ".txt", ".md"})
LARGEST_FILE = 20 * 2**20
LARGEST_SIDECAR = 2**20
"""Bytes."""

_HEAD = 200_000
_TAG = re.compile(r"<(?:link|meta)\b[^<>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\([0-9]+\)(\S+)\s*-->", re.IGNORECASE)


def open_source(settings: Settings) -> Mirror:
    """The folder named by `settings.target`.

    Raises:
        BadSetting: no folder is named.
        ReadError: there is no such folder.
    """
    if settings.target and not Path(settings.target).is_dir():
        raise ReadError(f"{settings.target}: there is no such folder", hint="give the folder that holds the saved pages", source=NAME)
    return Mirror(settings)


class Mirror(WebSource):
    """One folder with the folders in it."""

    name = NAME
    target = "a folder of saved pages"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._root = Path(settings.target or "").resolve()

    def discover(self, get: Get, window: Window) -> Iterator[Found]:
        """See `Source.discover`; in the order of paths."""
        for path in self._list_files():
            try:
                yield self._candidate_of(path)
            except ScraperError as error:
                yield Skipped(path.as_uri(), error.code, error.message, NAME)

    def fetch(self, get: Get, candidate: Candidate, *, etag: str | None = None, last_modified: str | None = None) -> Page:
        """See `Source.fetch`; `final_url` is the page's address, or the file's where it has none."""
        path = self._find_file(candidate.url)
        content, changed_at = _read(path, LARGEST_FILE)
        sidecar = _read_sidecar(path)
        given = sidecar.get("retrieved_at")
        return Page(
            url=candidate.url,
            final_url=candidate.canonical,
            status=200,
            content=content,
            content_type=mimetypes.guess_type(path.name)[0] or "text/html",
            charset=None,
            headers={},
            retrieved_at=given if isinstance(given, str) else changed_at,
            notes=(f"read from the file {path.relative_to(self._root)}",),
        )

    def _list_files(self) -> Iterator[Path]:
        for folder, folders, names in os.walk(self._root, followlinks=False):
            folders.sort()
            for name in sorted(names):
                path = Path(folder, name)
                if path.suffix.lower() in SUFFIXES and self._is_inside(path):
                    yield path

    def _is_inside(self, path: Path) -> bool:
        try:
            return path.resolve(strict=True).is_relative_to(self._root)
        except (OSError, RuntimeError):  # gone, or links in a circle
            return False

    def _candidate_of(self, path: Path) -> Candidate:
        content, _ = _read(path, LARGEST_FILE)
        sidecar = _read_sidecar(path)
        address = _find_address(sidecar, content)
        given, day = sidecar.get("date"), find_day_in_address(address)
        listed = parse_day(given) if isinstance(given, str) else None
        return Candidate(
            url=path.as_uri(),
            canonical=address or path.as_uri(),
            source=NAME,
            title=str(sidecar["title"]) if isinstance(sidecar.get("title"), str) else None,
            date=listed or day,
            date_source="listing" if listed else "url" if day else "none",
        )

    def _find_file(self, url: str) -> Path:
        parts = urlsplit(url)
        path = Path(os.fsdecode(unquote_to_bytes(parts.path)))
        if parts.scheme != "file" or parts.netloc or not self._is_inside(path):
            raise NotFound("the saved page is no longer in its folder", hint="give the folder again", source=url)
        return path


def _read(path: Path, limit: int) -> tuple[bytes, str]:
    """Bytes of an ordinary file, and when it was last changed (ISO 8601, UTC)."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe would wait for its writer
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ReadError(f"{path}: no ordinary file", hint="leave it out of the folder", source=str(path))
            content = file.read(limit + 1)
    except OSError as error:
        raise ReadError(f"{path}: cannot be opened ({error.strerror})", hint="check its permissions", source=str(path)) from error
    if len(content) > limit:
        raise TooLarge(f"{path}: larger than {limit >> 20} MiB", hint="cut it to the statement", source=str(path))
    return content, datetime.fromtimestamp(status.st_mtime, UTC).isoformat(timespec="seconds")


def _read_sidecar(path: Path) -> dict[str, Any]:
    """What a file beside the page says of it; nothing where there is none or it cannot be read."""
    for sidecar in (path.with_name(f"{path.name}.json"), path.with_suffix(".json")):
        if sidecar.is_file() and not sidecar.is_symlink():
            try:
                found = json.loads(_read(sidecar, LARGEST_SIDECAR)[0])
            except (ValueError, RecursionError, ScraperError):
                continue
            if isinstance(found, dict):
                return found
    return {}


def _find_address(sidecar: dict[str, Any], content: bytes) -> str | None:
    """The first of the addresses given that is one, made canonical."""
    head = decode(content[:_HEAD], declared=find_page_charset(content)).text
    for address in (sidecar.get("url"), *_list_addresses(head)):
        if isinstance(address, str):
            try:
                return canonical_address(unescape(address))
            except Malformed:
                continue
    return None


def _list_addresses(head: str) -> Iterator[str]:
    tags = [_attributes_of(match.group()) for match in _TAG.finditer(head)]
    yield from (tag["href"] for tag in tags if "canonical" in tag.get("rel", "").lower().split() and "href" in tag)
    yield from (tag["content"] for tag in tags if tag.get("property", "").lower() == "og:url" and "content" in tag)
    yield from (match[1] for match in _SAVED_FROM.finditer(head))


def _attributes_of(tag: str) -> dict[str, str]:
    return {name.lower(): double or single or bare for name, double, single, bare in _ATTRIBUTE.findall(tag)}
