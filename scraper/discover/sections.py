"""What an address on nato.int says of its text before it is asked for: section, kind, day, language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from scraper.dates import find_day_in_address
from scraper.discover.candidate import Kind

_SECTIONS: tuple[tuple[str, Kind | None], ...] = (
    ("about-us/official-texts-and-resources/official-texts", None),
    ("news-and-events/articles/news", "news"),
    ("news-and-events/events/transcripts", "speech"),
)
_ARTICLE = re.compile(
    r"/(?P<language>[a-z]{2})/(?P<section>"
    + "|".join(name for name, _ in _SECTIONS)
    + r")/(?P<day>[0-9]{4}/[0-9]{2}/[0-9]{2})/(?P<slug>[^/]+)/?"
)
_CLASSIC_KINDS: dict[str, Kind] = {"news": "news", "opinions": "speech"}
_CLASSIC = re.compile(r"/cps/[a-z]{2}/(?:[^/]+/)*(?P<type>official_texts|news|opinions)_[0-9]+\.html?")
_SLUG_NAMES_COUNCIL = re.compile(r"north-+atlantic-+council|conseil-+de-+l-+atlantique|(?:^|-)nac(?:-|$)|(?:^|-)m-+nac(?:-|$)")
_SLUG_OF_OTHERS = re.compile(
    r"nuclear-+planning-+group|defence-+planning-+committee|euro-+atlantic-+partnership-+council|north-+atlantic-+cooperation-+council"
    r"|nato-+(?:russia|ukraine|georgia)-+(?:council|commission)"
)


@dataclass(frozen=True, slots=True)
class Article:
    """An article's address on the current site; `kind` is None in the section of official texts, `rest` follows the language."""

    language: str
    rest: str
    day: str
    slug: str
    kind: Kind | None

    def may_be_council(self, title: str | None = None) -> bool:
        """Whether it is worth asking for where only the Council's texts are wanted.

        Official texts are, unless their address names another body; news and transcripts only if address or title names
        the Council. Titles are generic ("Final communiqué"), so reading decides.
        """
        named = f"{self.slug} {_as_slug(title)}"
        if any(_SLUG_NAMES_COUNCIL.search(part) for part in named.split()):
            return True
        return self.kind is None and not _SLUG_OF_OTHERS.search(self.slug)


def read_article(canonical: str) -> Article | None:
    """What a canonical address says; None if it is no article of the current site."""
    path = urlsplit(canonical).path
    match = _ARTICLE.fullmatch(path)
    day = find_day_in_address(canonical) if match else None
    if match is None or day is None:
        return None
    return Article(
        match["language"], path[match.end("language") :], day, unquote(match["slug"]).casefold(), dict(_SECTIONS)[match["section"]]
    )


def find_section(url: str | None) -> Kind | None:
    """`speech` or `news` where an address is filed under these, on the current or classic site; None otherwise."""
    path = urlsplit(url or "").path
    if match := _ARTICLE.fullmatch(path):
        return dict(_SECTIONS)[match["section"]]
    if match := _CLASSIC.fullmatch(path):
        return _CLASSIC_KINDS.get(match["type"])
    if path.startswith("/docu/speech/"):
        return "speech"
    return "news" if path.startswith("/docu/update/") else None


def _as_slug(title: str | None) -> str:
    return re.sub(r"[^a-z0-9]+", "-", (title or "").casefold()).strip("-")
