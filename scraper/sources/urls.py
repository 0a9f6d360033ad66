"""A file of addresses, one a line; the list of failures that a run leaves can be given again as it is.

Blank lines, lines that begin with `#` and whatever follows the address after a blank are passed over. An address
that stands twice is asked for once. A capture in the Internet Archive is asked for in its raw form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from scraper.captures import read_capture, replay, replay_address
from scraper.dates import find_day_in_address
from scraper.discover.candidate import Candidate, Capture, Found, Skipped, Window
from scraper.discover.source import Get, Settings, WebSource
from scraper.errors import DiscoveryError, Malformed, ReadError
from scraper.identity import canonical_address
from scraper.pages import Page

NAME = "urls"
LARGEST_FILE = 100 * 2**20
"""Bytes; a longer list is refused."""


def open_source(settings: Settings) -> AddressFile:
    """The file named by `settings.target`."""
    return AddressFile(settings)


class AddressFile(WebSource):
    """Addresses that somebody wrote down."""

    name = NAME
    target = "a file of addresses"

    def discover(self, get: Get, window: Window) -> Iterator[Found]:
        """See `Source.discover`; nothing is asked for."""
        lines = _read_lines(Path(self.settings.target or ""))
        for line in lines:
            words = line.split(maxsplit=1)
            if not words or words[0].startswith("#"):
                continue
            yield self._judge(words[0])

    def _judge(self, address: str) -> Found:
        try:
            canonical = canonical_address(address)
        except Malformed as error:
            return Skipped(address[:200], "malformed", error.message, NAME)
        day = find_day_in_address(canonical)
        found = Candidate(address, canonical, NAME, date=day, date_source="url" if day else "none")
        capture = read_capture(address)
        return replace(found, url=replay_address(*capture), capture=Capture(*capture)) if capture else found

    def fetch(self, get: Get, candidate: Candidate, *, etag: str | None = None, last_modified: str | None = None) -> Page:
        """See `Source.fetch`; an archive's capture is had as it was captured, not as the archive shows it."""
        if candidate.capture is None:
            return super().fetch(get, candidate, etag=etag, last_modified=last_modified)
        return replay(get, candidate.capture.timestamp, candidate.capture.original)


def _read_lines(path: Path) -> list[str]:
    if not path.is_file():
        raise ReadError(f"{path}: there is no such file", hint="give a file with one address a line", source=str(path))
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ReadError(f"{path}: larger than {LARGEST_FILE >> 20} MiB", hint="split the list", source=str(path))
        text = path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise ReadError(f"{path}: cannot be opened ({error.strerror})", hint="check its permissions", source=str(path)) from error
    lines = text.splitlines()
    if not any(line.strip() and not line.lstrip().startswith("#") for line in lines):
        raise DiscoveryError(f"{path}: the file holds no address", hint="give one address a line", source=str(path))
    return lines
