"""What a statement is once it has been read: frozen values, no input or output.

Offsets everywhere are Python code points into `Release.text`, the text as it was given.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of `Release.text`, `start` included, `end` excluded, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a text came from and how it was read.

    `source` is what the user named; `url` the address that finally answered (after redirects);
    `retrieved_at` an ISO 8601 time in UTC; `raw_sha256` is of the bytes as received; `layout`
    names the reader (`nato`, `nato_classic`, `nato_docu`, `generic`, `text`, `row`); `encoding`
    the codec that decoded it; `archived` is true for an Internet Archive capture.
    """

    source: str
    layout: str
    encoding: str | None = None
    raw_sha256: str | None = None
    url: str | None = None
    retrieved_at: str | None = None
    archived: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """One statement.

    `id` is its stable identity: the canonical address or the id given with a row.
    `date` is ISO 8601 (day) or null; `date_source` says where it came from: `issued` (stated on
    the page), `listing`, `url`, `page` (a date line or metadata of the page), `row` (given by the
    user) or `none`. `language` is a two-letter code or null.
    """

    id: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    provenance: Provenance
    title: str | None = None
    subtitle: str | None = None
    number: str | None = None
    date: str | None = None
    date_source: str = "none"
    language: str | None = None
    url: str | None = None
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """SHA-256 of the text encoded as UTF-8, in hexadecimal: what distinguishes two versions."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def paragraph_text(self, paragraph: Paragraph) -> str:
        """The words of one of this release's paragraphs."""
        return self.text[paragraph.start : paragraph.end]
