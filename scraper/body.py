"""The body of an answer: which kinds are read, unpacked within a cap, and whole or an error."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from scraper.connection import SAVE_HINT, BrokenOff
from scraper.errors import FetchError, TooLarge, Unsupported

PIECE = 64 * 1024
"""Bytes read or unpacked at a time: what a bomb can occupy beyond the cap."""

READ_TYPES = frozenset(
    {
        "application/json",
        "application/xhtml+xml",
        "application/xml",
        "text/html",
        "text/json",
        "text/plain",
        "text/xml",
    }
)
DOCUMENT_HINTS = {
    "application/pdf": "PDF: copy its text into a .txt file and give that file (pdftotext does it)",
    "application/msword": "Word: save the document as plain text and give that file",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("Word: save the document as plain text and give that file"),
}
OTHER_HINT = "web pages, XML, JSON and plain text are read; save the text as a .txt file and give that"
GZIP_MAGIC = b"\x1f\x8b"
# First bytes that no text has, whatever the header says.
SIGNATURES = {
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": "application/zip",
    GZIP_MAGIC: "application/gzip",
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"\xd0\xcf\x11\xe0": "application/msword",
}


class RawBody(Protocol):
    """What is needed of a urllib3 response: bytes as they came over the wire, at most one read at a time."""

    def read1(self, amt: int | None = None, decode_content: bool | None = None) -> bytes:
        """Some bytes, or none at the end."""


PACKED_TYPES = frozenset({"application/gzip", "application/x-gzip", "application/octet-stream", "binary/octet-stream"})


def check_content_type(header: str | None, host: str, *, packed: bool = False) -> tuple[str | None, str | None]:
    """Media type and charset that a Content-Type header declares, each None where it does not.

    With `packed` a gzip file is welcome; what is in it is for its bytes to show.

    Raises:
        Unsupported: a type that is not read (PDF, Word, images and the like).
    """
    declared = (header or "").partition(";")[0].strip().lower()
    if not declared or (packed and declared in PACKED_TYPES):
        return None, _find_charset(header)
    kind = declared if re.fullmatch(r"[\w.+-]+/[\w.+-]+", declared, re.ASCII) else "an unknown type"
    if kind in READ_TYPES or re.fullmatch(r"application/[\w.-]+\+(xml|json)", kind, re.ASCII):
        return kind, _find_charset(header)
    hint = DOCUMENT_HINTS.get(kind, OTHER_HINT)
    raise Unsupported(f"{host} sent {kind}, which is not read", hint=hint, source=host)


def _find_charset(header: str | None) -> str | None:
    found = re.search(r";\s*charset\s*=\s*[\"']?\s*([\w.:+-]+)", header or "", re.IGNORECASE | re.ASCII)
    return found[1].lower() if found else None


def sniff_content_type(content: bytes, declared: str | None, host: str) -> str:
    """The declared type if the bytes do not give it the lie; what they look like where none is declared.

    Raises:
        Unsupported: the bytes are a document, archive or picture, or no text at all.
    """
    for signature, kind in SIGNATURES.items():
        if content.startswith(signature):
            hint = DOCUMENT_HINTS.get(kind, OTHER_HINT)
            raise Unsupported(f"{host} sent {kind}, which is not read", hint=hint, source=host)
    if declared is not None:
        return declared
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    head = content[:1024].replace(b"\0", b"") if wide else content[:1024]
    if b"\0" in head:
        raise Unsupported(f"{host} sent bytes that are no text", hint=OTHER_HINT, source=host)
    head = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith(b"<?xml") and b"<html" not in head:
        return "application/xml"
    if head.startswith(b"<"):
        return "text/html"
    return "application/json" if head.startswith((b"{", b"[")) else "text/plain"


@dataclass(frozen=True, slots=True)
class Body:
    """A body unpacked, and the SHA-1 (base32, as archives write it) of the bytes that were sent."""

    content: bytes
    sent_sha1: str


def read_body(raw: RawBody, *, encoding: str, limit: int, host: str, cut: bool = False, packed: bool = False) -> Body:
    """The decoded body, counted while it is unpacked.

    Args:
        raw: the answer, nothing of its body read yet.
        encoding: its Content-Encoding; gzip or none, since no other is asked for.
        limit: bytes, of the body as sent and as unpacked.
        host: named in errors.
        cut: stop at the limit and keep what there is, instead of an error.
        packed: what is a gzip file once it has been decoded is unpacked too, within the same limit.

    Raises:
        TooLarge: the body passes the limit; reading stopped there.
        BrokenOff: a compressed body ends too early.
        FetchError: the compression is damaged or not one that was asked for.
    """
    coding = encoding.strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(f"{host} sent a compression that was not asked for", hint=SAVE_HINT, source=host)
    digest = hashlib.sha1(usedforsecurity=False)
    pieces = _read_wire(raw, limit, host, digest)
    try:
        content = _join(unpack_gzip(pieces, host) if "gzip" in coding else pieces, limit, host, cut=cut)
        if packed and content.startswith(GZIP_MAGIC):
            content = _join(unpack_gzip([content], host), limit, host, cut=cut)
    except zlib.error as error:
        raise FetchError(f"{host} sent damaged gzip data", hint=f"try again, or {SAVE_HINT}", source=host) from error
    return Body(content, base64.b32encode(digest.digest()).decode("ascii"))


def _join(pieces: Iterable[bytes], limit: int, host: str, *, cut: bool) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > limit and cut:
            return bytes(body[:limit])
        if len(body) > limit:
            raise _too_large(limit, host)
    return bytes(body)


def _read_wire(raw: RawBody, limit: int, host: str, digest: hashlib._Hash) -> Iterator[bytes]:
    """Pieces as sent; counted too, since gzip can be padded with members that unpack to nothing."""
    total = 0
    while piece := raw.read1(PIECE, decode_content=False):
        digest.update(piece)
        yield piece
        total += len(piece)
        if total > limit:
            raise _too_large(limit, host)


def _too_large(limit: int, host: str) -> TooLarge:
    hint = f"{SAVE_HINT}, cut to the statement"
    return TooLarge(f"{host} sent more than {limit / 2**20:.3g} MiB", hint=hint, source=host)


def unpack_gzip(pieces: Iterable[bytes], host: str) -> Iterator[bytes]:
    """Unpacks gzip (RFC 1952, several members allowed) into pieces of at most `PIECE` bytes.

    What follows the last member and is no member itself is padding and ignored.

    Raises:
        BrokenOff: the data end inside a member.
        zlib.error: the data are damaged.
    """
    member = zlib.decompressobj(16 + zlib.MAX_WBITS)
    begun = False
    for data in pieces:
        while data:
            if member.eof and not data.startswith(b"\x1f"):
                return
            member = zlib.decompressobj(16 + zlib.MAX_WBITS) if member.eof else member
            begun = True
            yield member.decompress(data, PIECE)
            data = member.unused_data if member.eof else member.unconsumed_tail
    while begun and not member.eof:
        if not (rest := member.decompress(b"", PIECE)):
            raise BrokenOff(f"{host} sent less than it announced", hint=f"try again, or {SAVE_HINT}", source=host)
        yield rest
