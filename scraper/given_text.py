"""A text that is kept exactly as given, with its paragraphs and what is known of it, as a `Release`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import PurePath

from scraper.errors import Malformed, ReadError
from scraper.identity import canonical_address
from scraper.language import detect_language
from scraper.paragraphs import find_markdown_fields, split_markdown, split_plain
from scraper.release import Provenance, Release

LARGEST_TEXT = 100_000_000
"""Bytes of a file, or characters of a text, above which it is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the user or the row says of a text; the date as written there."""

    id: str | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None


def build_release(text: str, provenance: Provenance, known: Known, *, markdown: bool = False) -> Release:
    """Turn a text into a release.

    Args:
        text: kept exactly as given; paragraph offsets are code points into it.
        provenance: where it came from; its `source` names it in messages and, without address, gives the id.
        known: goes before what a Markdown text says of itself.
        markdown: headings and list items stand alone; front matter gives title and date.

    Raises:
        ReadError: no usable text, or above 100,000,000 characters.
        Malformed: the text, or what is said of it, holds half of a character pair.
    """
    source = provenance.source
    check_size(len(text), LARGEST_TEXT, source)
    for name, words in (("text", text), ("id", known.id), ("title", known.title), ("url", known.url)):
        if (place := _find_lone_surrogate(words or "")) is not None:
            message = f"{source}: character {place} of the {name} is half of a pair (a lone surrogate)"
            raise Malformed(message, hint="save the text as UTF-8 again from its original", source=source)
    spans = split_markdown(text) if markdown else split_plain(text)
    if not any(letter.isalpha() for span in spans for letter in text[span.start : span.end]):
        raise ReadError(f"{source}: no usable text", hint="give a text of at least one word", source=source)
    fields = find_markdown_fields(text) if markdown else {}
    address = _address(known.url)
    date, date_source, notes = _day(known.date, fields.get("date"), address)
    return Release(
        id=known.id or address or name_locally(source, text),
        text=text,
        paragraphs=spans,
        provenance=replace(provenance, notes=(*provenance.notes, *notes)),
        title=known.title or fields.get("title") or fields.get("heading"),
        date=date,
        date_source=date_source,
        language=detect_language(text),
        url=address,
    )


def name_locally(source: str, text: str) -> str:
    """The id of a text without address: its file's name, else the head of its hash."""
    name = PurePath(source).name if source not in {"", "-", "<stdin>"} else ""
    return name or "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def check_size(size: int, limit: int, source: str) -> None:
    """Let pass what is no larger than `limit` (bytes or characters).

    Raises:
        ReadError: it is larger.
    """
    if size > limit:
        message = f"{source}: {size / 1e6:,.0f} MB of text, and at most {limit / 1e6:,.0f} MB are read at once"
        raise ReadError(message, hint="split it into single statements", source=source)


def _find_lone_surrogate(words: str) -> int | None:
    """Where the first half of a pair stands; encoding stops there, and is many times faster than looking for it."""
    try:
        words.encode("utf-8")
    except UnicodeEncodeError as error:
        return error.start
    return None


def _address(url: str | None) -> str | None:
    """A row's address in its canonical form, or as it stands where it is none."""
    try:
        return canonical_address(url) if url else None
    except Malformed:
        return url


def _day(given: str | None, stated: str | None, address: str | None) -> tuple[str | None, str, tuple[str, ...]]:
    if not (given or stated or address):
        return None, "none", ()
    from scraper.dates import find_day_in_address, parse_day  # its patterns take longer to make than a plain text to read

    for words, date_source in ((given, "row"), (stated, "page")):
        if words and (day := parse_day(words)):
            return day, date_source, ()
    notes = (f"the date {given[:40]!r} is no day and was left out",) if given else ()
    day = find_day_in_address(address)
    return day, "url" if day else "none", notes
