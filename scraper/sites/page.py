"""What goes into a layout's reader and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.element import Tag


@dataclass(frozen=True, slots=True)
class Markup:
    """A page before it is read: its source text, the tree parsed from it, and its address if it has one.

    `tags` holds the tree's elements by name, in order: a search of the whole tree costs more than reading it.
    """

    text: str
    soup: BeautifulSoup
    url: str | None = None
    tags: Mapping[str, Sequence[Tag]] = field(default_factory=dict)

    def find_tags(self, name: str, *, class_: str | None = None) -> list[Tag]:
        """The elements of a name, and of a class if one is given, in the order of the page."""
        found = self.tags.get(name, ())
        return list(found) if class_ is None else [tag for tag in found if class_ in (tag.get("class") or ())]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a page that stands on its own: a paragraph, heading, list item or table cell.

    `lines` are its words as the page breaks them by `<br>`; `linked` is the share of its characters
    that are links, from 0 to 1; `tag` the element that holds it.
    """

    lines: tuple[str, ...]
    linked: float = 0.0
    tag: str = ""

    @property
    def text(self) -> str:
        """The words on one line."""
        return " ".join(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedPage:
    """What a layout's reader found.

    `outline` holds every block of the part of the page that was read, links and all, by which an index
    is told from a statement; `has_account_window` says that nato.int's account window was among them.
    Dates are ISO 8601; `date_source` is one of `Release.date_source`.
    """

    layout: str
    paragraphs: tuple[str, ...]
    outline: tuple[Block, ...] = ()
    title: str | None = None
    subtitle: str | None = None
    number: str | None = None
    date: str | None = None
    date_source: str = "none"
    notes: tuple[str, ...] = ()
    has_account_window: bool = False
