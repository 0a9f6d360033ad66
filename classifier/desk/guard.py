"""Keeps what strangers wrote from acting: on a terminal, in a spreadsheet, as a link."""

from __future__ import annotations

import re

# C0 and C1 controls, line separators, and the marks that turn the direction of writing.
_ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_WEB_LINK = re.compile(r"https?://[^\s\x00-\x1f\x7f-\x9f]+", re.IGNORECASE)


def guard_terminal(text: str) -> str:
    r"""One line that a terminal shows and does not obey: blanks are single, other controls are spelt out as `\x1b`."""
    return _ACTING.sub(_spell_out, " ".join(text.split()))


def guard_json(text: str) -> str:
    r"""The same JSON with the controls that JSON allows in strings written as `\u009b`."""
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}" if found[0] != "\n" else "\n", text)


def guard_page(text: str) -> str:
    """The text with U+FFFD for the controls that no page may hold."""
    return _UNPRINTABLE.sub("\ufffd", text)


def guard_cell(text: str) -> str:
    """A cell that a spreadsheet takes for text and not for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def is_web_link(url: str | None) -> bool:
    """Whether an address may become a link: http and https alone."""
    return bool(url) and _WEB_LINK.fullmatch(url or "") is not None


def _spell_out(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
