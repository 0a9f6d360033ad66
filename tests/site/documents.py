"""What truly stands on the site: documents, their texts in each language, and the pages that carry them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

COUNCIL = "North Atlantic Council"


@dataclass(frozen=True)
class Wording:
    """A document's text in one language, first and, if it is edited, second version."""

    language: str
    title: str
    subtitle: str | None
    paragraphs: tuple[str, ...]
    edited: tuple[str, ...] | None = None

    def text(self, run: int = 1) -> str:
        """The text that a reader finds in that run."""
        return "\n\n".join(self.edited if run > 1 and self.edited else self.paragraphs)


@dataclass(frozen=True)
class Address:
    """A page that carries a wording: where it is, how it is built, and from which run to which it is there.

    `path` is the path on the public site; `capture` the time of an archive's capture of it, and then
    `version` says which version was captured. `relaid` pages change in the second run around the same text.
    """

    path: str
    layout: str
    wording: Wording
    section: str
    capture: str | None = None
    version: int | None = None
    since_run: int = 1
    gone_after: int | None = None
    moved_to: str | None = None
    relaid: bool = False


@dataclass
class Document:
    """One document under all its addresses. `council` says whether it is a text of the Council."""

    name: str
    day: datetime.date
    council: bool
    kind: str
    number: str | None
    wordings: dict[str, Wording] = field(default_factory=dict)
    addresses: list[Address] = field(default_factory=list)
