"""What an address says of its document: language, article, and what it would be called in another language.

Of the number in `official_texts_217320.htm` only the pair of type and number names a document, and of one number every language
path may carry the same English text. So an address says which documents belong together, never in which language they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from scraper.identity import canonical_address

LANGUAGES = frozenset("en fr ru uk de es it pl tr pt nl ro bg cs da el et fi ga hr hu lt lv mt no sk sl sq sv ar zh".split())
_CLASSIC = re.compile(r"/cps/(?P<language>[a-z]{2})/(?:[^/]+/)*(?P<type>[a-z_]+)_(?P<number>[0-9]+)\.html?", re.IGNORECASE)
_DOCU = re.compile(r"/docu/(?:pr|speech)/(?:[^/]+/)*(?P<name>[ps][0-9]{2}-?[0-9]{2,4})(?P<suffix>[efru]?)\.html?", re.IGNORECASE)
_SUFFIXES = {"e": "en", "f": "fr", "r": "ru", "u": "uk"}
_FIRST_SEGMENT = re.compile(r"/(?P<language>[a-z]{2})(?=/|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands.

    Args:
        canonical: its canonical address.
        language: of the address, two letters; the text may be in another.
        article: type and number on a classic nato.int, or file name under `/docu/`, without the language; None elsewhere.
        stem: the address with `*` for its language, or the article: the same for a document's language twins.
    """

    canonical: str
    language: str | None = None
    article: str | None = None
    stem: str | None = None


def read_place(url: str) -> Place:
    """What an address says.

    Raises:
        Malformed: it is no http or https address.
    """
    canonical = canonical_address(url)
    parts = urlsplit(canonical)
    if parts.hostname == "www.nato.int":
        if match := _CLASSIC.fullmatch(parts.path):
            article = f"{match['type'].lower()}/{int(match['number'])}"
            return Place(canonical, match["language"].lower(), article, article)
        if match := _DOCU.fullmatch(parts.path):
            article = f"docu/{match['name'].lower()}"
            return Place(canonical, _SUFFIXES.get(match["suffix"].lower()), article, article)
    match = _FIRST_SEGMENT.match(parts.path)
    if match and match["language"] in LANGUAGES:
        rest = parts.path[match.end() :] + (f"?{parts.query}" if parts.query else "")
        return Place(canonical, match["language"], None, f"{parts.scheme}://{parts.netloc}/*{rest}")
    return Place(canonical)
