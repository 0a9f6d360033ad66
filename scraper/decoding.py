"""Bytes into text: which codec, and what was done where none fits.

A page's own word comes after what its bytes prove: a byte order mark wins, then the declared charset, then
strict UTF-8, then Windows-1252, which browsers read for ISO-8859-1 and which holds the apostrophe at 0x92.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

DECLARATION_WINDOW = 4096
"""Bytes at the head of a page in which a charset declaration is looked for."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TEXT_CODEC = re.compile(
    r"utf-8|utf-16(?:-[bl]e)?|cp125[0-8]|cp437|cp850|cp866|iso8859-[0-9]{1,2}|ascii|koi8-[ru]|mac-(?:roman|cyrillic)|"
    r"gb2312|gbk|gb18030|big5|euc_jp|shift_jis|iso2022_jp|euc_kr"
)
_READ_AS_WINDOWS_1252 = frozenset({"cp1252", "iso8859-1", "ascii"})
_WINDOWS_1252 = "".join(bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(256))
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_DECLARING_TAG = re.compile(rb"<(?:meta|\?xml)[^>]*>", re.IGNORECASE)
_CHARSET_PARAMETER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with the codec that gave it; `notes` says what could not be decoded."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    """Decode bytes to text; no bytes make this fail.

    Args:
        data: the bytes as received, byte order mark included.
        declared: the charset that a header, the page or the user names; an unknown or wrong one is passed over.

    Returns:
        The text, without its byte order mark, and the codec used.
    """
    for mark, codec in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_marked(data, codec)
    named = _text_codec(declared, data)
    if named in _READ_AS_WINDOWS_1252:
        return Decoded(_decode_windows_1252(data), "windows-1252")
    for codec in (named or "utf-8", "utf-8"):
        try:
            return Decoded(data.decode(codec), codec)
        except UnicodeDecodeError:
            continue
    return _decode_mostly_utf8(data) or Decoded(_decode_windows_1252(data), "windows-1252")


def find_charset(content_type: str | None) -> str | None:
    """The charset named by a Content-Type header's value, if any."""
    found = _CHARSET_PARAMETER.search(content_type or "")
    return found.group(1) if found else None


def find_page_charset(data: bytes) -> str | None:
    """The charset that a page's `meta` tag or XML declaration names within its first 4,096 bytes.

    UTF-16 named in a page that can be read as ASCII is a slip, as browsers know, and is passed over.
    """
    for tag in _DECLARING_TAG.finditer(data[:DECLARATION_WINDOW]):
        found = _DECLARED.search(tag.group())
        if found:
            name = found.group(1).decode("ascii")
            return None if name.lower().startswith("utf-16") else name
    return None


def _text_codec(label: str | None, data: bytes) -> str | None:
    if not label or not label.isascii() or not label.isprintable():
        return None
    try:
        name = codecs.lookup(label.strip()).name
    except LookupError:
        return None
    if name.startswith("utf-16") and b"\x00" not in data:
        return None
    return name if _TEXT_CODEC.fullmatch(name) else None


def _decode_marked(data: bytes, codec: str) -> Decoded:
    try:
        return Decoded(data.decode(codec), codec.removesuffix("-sig"))
    except UnicodeDecodeError:
        text = data.decode(codec, "replace")
        return Decoded(text, codec.removesuffix("-sig"), (_lost(text),))


def _decode_windows_1252(data: bytes) -> str:
    return codecs.charmap_decode(data, "strict", _WINDOWS_1252)[0]


def _decode_mostly_utf8(data: bytes) -> Decoded | None:
    """A UTF-8 text with a few broken bytes (cut in the middle of a letter) stays UTF-8."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(ch > "\x7f" for ch in text) - broken
    return Decoded(text, "utf-8", (_lost(text),)) if sound > 4 * broken else None


def _lost(text: str) -> str:
    return f"{text.count(chr(0xFFFD))} stretches of bytes could not be decoded"
