"""Lines that every page of a site carries and no statement does."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ACCOUNT_WINDOW = """
nato multimedia account|register|create an account|create account|log in|login|sign in|sign up|log out|submit
close|cancel|reset password|forgot password|forgot your password|forgot password?|forgot your password?
your email address|email
email address|password|new password|confirm password|repeat password|verification code|enter verification code
resend code|your password has been updated|my account|already have an account?|don't have an account?|back to login
your account has been created|welcome back|username|save|continue|verify|update password
"""
_ACCOUNT_LINES = frozenset(re.split(r"[|\n]", _ACCOUNT_WINDOW.strip()))
_ACCOUNT_SENTENCES = re.compile(
    r"nato multimedia account|\b(?:enter|sent|send|received?|resend|insert)\b.{0,80}\bverification code\b|"
    r"\bverification code\b.{0,60}\b(?:sent|e-?mail|expire[sd]?)\b|\byour password (?:has been|must|was)\b|"
    r"\breset (?:your )?password\b|\bcreate an account\b|\b(?:log|sign) in to your account\b|\byour account has been\b",
    re.IGNORECASE,
)
_ACCOUNT_WORDS = ("account", "verification code", "password")
"""One of them stands in each of those sentences; looking for them first is much faster."""

_LONGEST_ACCOUNT_LINE = 300
_FEWEST_MARKS = 2

_LANGUAGE = (
    r"(?:english|french|fran[cç]ais|german|deutsch|russian|русский|ukrainian|українська|arabic|hebrew|"
    r"en|eng|fr|fra|ru|rus|ukr|uk|ar|ger|de)"
)
_LANGUAGE_LINKS = re.compile(rf"(?:available in\s+)?{_LANGUAGE}\.?(?:[\s|/,·]+{_LANGUAGE}\.?)*", re.IGNORECASE)
_SITE_SUFFIX = re.compile(r"\s+[-–—|·]\s+NATO(?:\s+OTAN)?\s*$", re.IGNORECASE)
_SITE_PREFIX = re.compile(r"^NATO\s+[-–—|:]\s+(?:Official\s+texts?|News|Opinions?|Topics?|Press\s+Releases?)\s*:\s*", re.IGNORECASE)


def find_account_window(lines: Iterable[str]) -> frozenset[str]:
    """The lines of the account window that opens every page of the current site.

    Nothing is taken for such a line unless the window shows itself by two of them, so that a statement may use
    their words.
    """
    found = frozenset(line for line in lines if _is_account_line(line))
    return found if len({line.casefold() for line in found}) >= _FEWEST_MARKS else frozenset()


def is_language_links(line: str) -> bool:
    """Whether a line only leads to the text's other languages: `English French`, `En. / Fr. / Ru. / Ukr.`."""
    return len(line) < 120 and _LANGUAGE_LINKS.fullmatch(line.strip(" \t|/,.·")) is not None


def strip_site_name(title: str) -> str:
    """A title without the site's name before or after it."""
    return _SITE_PREFIX.sub("", _SITE_SUFFIX.sub("", title)).strip()


def _is_account_line(text: str) -> bool:
    if text.strip(" .!:*").casefold() in _ACCOUNT_LINES:
        return True
    if len(text) > _LONGEST_ACCOUNT_LINE or not any(word in text.casefold() for word in _ACCOUNT_WORDS):
        return False
    return _ACCOUNT_SENTENCES.search(text) is not None
