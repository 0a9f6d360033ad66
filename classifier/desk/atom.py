"""An Atom feed (RFC 4287) of what was scored last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

SPACE = "http://www.w3.org/2005/Atom"
NEVER = "1970-01-01T00:00:00+00:00"
_UNFIT_FOR_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One release in a feed. `key` is its identity in the store; times are ISO 8601 with a zone; `date` a day or null."""

    key: str
    title: str
    url: str | None
    updated: str
    summary: str
    date: str | None = None


def build_feed(entries: Sequence[FeedEntry], *, name: str) -> str:
    """The feed as XML.

    A release keeps its id when its words change; then `updated` does.

    Args:
        entries: newest first.
        name: what is watched; part of the feed's identity.
    """
    ElementTree.register_namespace("", SPACE)
    feed = ElementTree.Element(f"{{{SPACE}}}feed")
    _add(feed, "id", _name_for_good(f"nac-stance:{name}"))
    _add(feed, "title", f"Stance of new releases: {name}")
    _add(feed, "updated", max((entry.updated for entry in entries), default=NEVER))
    author = ElementTree.SubElement(feed, f"{{{SPACE}}}author")
    _add(author, "name", "nac watch")
    for entry in entries:
        item = ElementTree.SubElement(feed, f"{{{SPACE}}}entry")
        _add(item, "id", _name_for_good(entry.key))
        _add(item, "title", entry.title)
        _add(item, "updated", entry.updated)
        if entry.date:
            _add(item, "published", f"{entry.date}T00:00:00+00:00")
        if entry.url and re.match(r"https?://", entry.url):
            ElementTree.SubElement(item, f"{{{SPACE}}}link", rel="alternate", href=_clean(entry.url))
        _add(item, "summary", entry.summary)
    ElementTree.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _name_for_good(key: str) -> str:
    return uuid5(NAMESPACE_URL, key.encode("utf-8", "backslashreplace").decode("utf-8")).urn


def _add(parent: ElementTree.Element, name: str, words: str) -> None:
    ElementTree.SubElement(parent, f"{{{SPACE}}}{name}").text = _clean(words)


def _clean(words: str) -> str:
    return _UNFIT_FOR_XML.sub("", words)
