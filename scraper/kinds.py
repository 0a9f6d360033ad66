"""What kind of thing was given: a page, a Markdown file, a plain text, or something this tool does not read.

What the content shows outranks what a header or a file's name claims.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Literal

from scraper.errors import Unsupported

Kind = Literal["html", "markdown", "text"]

_MAGIC = (
    (b"%PDF-", "a PDF", 'take its text first, for example with "pdftotext FILE -", and give that'),
    (b"PK\x03\x04", "a DOCX, ODT or other ZIP file", "open it and save it as plain text"),
    (b"\xd0\xcf\x11\xe0", "an old Office file", "open it and save it as plain text"),
    (b"{\\rtf", "a rich text (RTF) file", "open it and save it as plain text"),
    (b"\x1f\x8b", "a gzip file", 'unpack it first with "gunzip FILE"'),
    (b"BZh", "a bzip2 file", 'unpack it first with "bunzip2 FILE"'),
    (b"\xfd7zXZ\x00", "an XZ file", 'unpack it first with "unxz FILE"'),
    (b"\x89PNG", "a picture", "take its text by text recognition and give that"),
    (b"\xff\xd8\xff", "a picture", "take its text by text recognition and give that"),
    (b"GIF8", "a picture", "take its text by text recognition and give that"),
)
_UTF16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_CONTROL_BYTES = bytes(code for code in range(32) if code not in b"\t\n\x0b\x0c\r\x1b") + b"\x7f"
MOST_CONTROL_BYTES = 0.02
"""Share of control bytes above which bytes are no text."""

WIDE_LETTER_SHARE = 0.2
"""Share of NUL bytes above which bytes may be letters of two bytes each."""

_COMMENTS = r"(?:\s|\ufeff|<!--(?>.*?-->)|<\?xml[^>]*>)*+"
_PAGE_START = re.compile(
    _COMMENTS + r"<(?:!doctype\s+html|html|head|body|meta|title|div|p|h[1-6]|article|section|main|table|span|center|font)\b",
    re.IGNORECASE | re.DOTALL,
)
_FEED_START = re.compile(_COMMENTS + r"<(?:rss|feed|urlset|sitemapindex|rdf:rdf)\b", re.IGNORECASE | re.DOTALL)
_PAGE_WITHIN = re.compile(r"<(?:html|body)\b[^<>]*>", re.IGNORECASE)
_PAGE_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml"})
_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})
_HEAD = 20_000


def refuse_document(head: bytes, *, source: str) -> None:
    """Let pass what does not begin like a PDF, DOCX, archive or picture.

    Raises:
        Unsupported: it does.
    """
    for magic, what, hint in _MAGIC:
        if head.startswith(magic):
            raise Unsupported(f"{source}: this is {what}, which is not read", hint=hint, source=source)


def refuse_binary(data: bytes, *, source: str, encoding_named: bool = False) -> None:
    """Let text-like bytes pass.

    Args:
        data: the bytes as received.
        source: what the user named, for the message.
        encoding_named: a charset was declared, so NUL bytes may be half of a UTF-16 letter.

    Raises:
        Unsupported: PDF, DOCX, an archive, a picture or other bytes that are no text.
    """
    refuse_document(data[:16], source=source)
    if data.startswith(_UTF16_OR_32) or (encoding_named and b"\x00" in data):
        return
    controls = len(data) - len(data.translate(None, _CONTROL_BYTES))
    if controls > MOST_CONTROL_BYTES * len(data):
        wide = data.count(0) > WIDE_LETTER_SHARE * len(data)
        hint = "if it is a text in UTF-16, save it as UTF-8" if wide else "save it as plain text"
        raise Unsupported(f"{source}: these bytes are no text", hint=hint, source=source)


def find_kind(text: str, *, content_type: str | None, source: str) -> Kind:
    """Which of the three readers a decoded text needs.

    Raises:
        Unsupported: a feed or sitemap, or JSON announced as such.
    """
    announced = (content_type or "").split(";")[0].strip().lower()
    suffix = PurePath(source.split("?")[0]).suffix.lower()
    if _FEED_START.match(text[:_HEAD]):
        raise Unsupported(f"{source}: this is a feed or a sitemap, which lists pages", hint="give one of the pages", source=source)
    if announced in {"application/json", "application/ld+json", "text/csv"}:
        hint = "save it as .jsonl (one object per line) or .csv and give the file"
        raise Unsupported(f"{source}: this is {announced}, which is read row by row", hint=hint, source=source)
    if _PAGE_START.match(text[:_HEAD]) or announced in {"text/html", "application/xhtml+xml"}:
        return "html"
    if announced == "text/markdown" or suffix in _MARKDOWN_SUFFIXES:
        return "markdown"
    if suffix in _PAGE_SUFFIXES or _PAGE_WITHIN.search(text[:_HEAD]):
        return "html"
    return "text"
