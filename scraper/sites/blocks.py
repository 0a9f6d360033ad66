"""The words of an element, cut where the page cuts them: paragraphs, list items, headings, cells, double breaks.

The tree is walked with a stack of its own, so depth costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bs4.element import CData, NavigableString, PageElement, Tag

from scraper.sites.page import Block

_BLOCK_NAMES = """
address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer
form h1 h2 h3 h4 h5 h6 header hr html li main menu nav ol option p pre section summary table tbody td tfoot th thead tr
ul
"""
_SKIPPED_NAMES = """
script style noscript template nav footer aside figure button label legend select option textarea input svg math iframe
frameset object embed applet audio video map dialog head title
"""
_BLOCK_TAGS = frozenset(_BLOCK_NAMES.split())
_SKIPPED_TAGS = frozenset(_SKIPPED_NAMES.split())
LONGEST_SPEAKER = 12
"""Words; a longer line in bold is no name."""

_WHOLE_PAGE_TAGS = frozenset({"html", "body", "main", "article"})
_SKIPPED_CLASS = re.compile(
    r"(?:^|[-_ ])(?:shar(?:e|ing)|social|addthis|breadcrumbs?|cookies?|modal|newsletter|pagination|skip-?link|related|"
    r"sr-only)(?:[-_ ]|$)",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_LIST_MARK = re.compile(r"(?:\(?[0-9]{1,3}[.)]|\(?[a-z]\)|[•·▪◦‣–—-])")
_FOOTNOTE_MARK = re.compile(r"[\[(]?[0-9]{1,3}[\])]?|\*{1,3}")
_MEASURE = re.compile(r"(?:[0-9]|\bk?m|\bCO)\s*$")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


def normalise(words: str) -> str:
    """One line of page text: no-break spaces and runs of blanks become one space, invisible characters go."""
    return " ".join(_INVISIBLE.sub("", words).split())


def is_furniture(tag: Tag) -> bool:
    """Whether an element belongs to the page and not to what it says: menus, share bars, scripts, hidden parts."""
    if tag.name in _SKIPPED_TAGS or tag.has_attr("hidden") or _HIDDEN_STYLE.search(str(tag.get("style", ""))):
        return True
    return tag.name not in _WHOLE_PAGE_TAGS and any(_SKIPPED_CLASS.search(name) for name in list_classes(tag))


def list_classes(tag: Tag) -> list[str]:
    """The names in an element's `class`."""
    names = tag.get("class")
    return names.split() if isinstance(names, str) else list(names or ())


def cut_blocks(root: Tag, *, skip: Callable[[Tag], bool] = is_furniture) -> tuple[Block, ...]:
    """The blocks of an element in the order of the page; empty ones are left out.

    Args:
        root: the element; it is read even if `skip` would pass over it.
        skip: tells which elements within it are passed over.
    """
    gatherer = _Gatherer()
    gatherer.enter(root)
    open_tags: list[tuple[Tag, Iterator[PageElement]]] = [(root, iter(root.contents))]
    while open_tags:
        tag, children = open_tags[-1]
        child = next(children, None)
        if child is None:
            gatherer.leave(tag)
            open_tags.pop()
        elif isinstance(child, Tag):
            if not skip(child) and not gatherer.meets_footnote_mark(child):
                gatherer.enter(child)
                open_tags.append((child, iter(child.contents)))
        elif type(child) in (NavigableString, CData):
            gatherer.add(str(child))
    gatherer.cut(final=True)
    return tuple(gatherer.blocks)


class _Gatherer:
    """Collects words into blocks while the tree is walked; a line break within a block is kept."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._tags: list[str] = []
        self._links = 0
        self._bold_from: int | None = None
        self._speaker_until: int | None = None
        self._preformatted = 0

    def enter(self, tag: Tag) -> None:
        if tag.name in ("b", "strong") and len(self._pieces) < 9 and not "".join(self._pieces).strip():
            self._bold_from = len(self._pieces)
        elif tag.name == "br":
            self._break_line()
        elif tag.name in _BLOCK_TAGS:
            self.cut()
            self._tags.append(tag.name)
        self._links += tag.name == "a"
        self._preformatted += tag.name == "pre"

    def leave(self, tag: Tag) -> None:
        if tag.name in _BLOCK_TAGS:
            self.cut()
            self._tags.pop()
        if tag.name in ("b", "strong"):
            self._mark_speaker()
        self._links -= tag.name == "a"
        self._preformatted -= tag.name == "pre"

    def add(self, words: str) -> None:
        if self._preformatted:
            first, *rest = _BLANK_LINE.split(words.replace("\r\n", "\n"))
            self._pieces.append(first)
            for part in rest:
                self.cut()
                self._pieces.append(part)
        else:
            self._pieces.append(words.replace("\n", " "))
        if self._links:
            self._linked += len(normalise(words))

    def meets_footnote_mark(self, tag: Tag) -> bool:
        """A raised number after a word is a note's mark and would read as part of the word."""
        if tag.name != "sup" or not _FOOTNOTE_MARK.fullmatch(tag.get_text().strip()):
            return False
        return not _MEASURE.search("".join(self._pieces[-2:]))

    def cut(self, *, final: bool = False) -> None:
        """End the block; a lone list mark (`1.` in a cell of its own) waits for the words it marks."""
        lines = tuple(line for line in map(normalise, "".join(self._pieces).split("\n")) if line)
        text = " ".join(lines)
        if not final and _LIST_MARK.fullmatch(text):
            self._pieces = [text, " "]
            return
        if text:
            tag = self._tags[-1] if self._tags else ""
            self.blocks.append(Block(lines, min(1.0, self._linked / len(text)), tag))
        self._pieces, self._linked = [], 0
        self._bold_from = self._speaker_until = None

    def _mark_speaker(self) -> None:
        """A block that so far is one short line in bold names a speaker or heads what follows."""
        if self._bold_from is not None and "\n" not in self._pieces:
            words = "".join(self._pieces).split()
            self._speaker_until = len(self._pieces) if 0 < len(words) <= LONGEST_SPEAKER else None
            self._bold_from = None

    def _break_line(self) -> None:
        """Two `<br>` with nothing between them end a paragraph, and one does after a name in bold."""
        if self._speaker_until is not None and not "".join(self._pieces[self._speaker_until :]).strip():
            self.cut()
            return
        self._speaker_until = None
        for piece in reversed(self._pieces):
            if piece == "\n":
                self.cut()
                return
            if piece.strip():
                break
        self._pieces.append("\n")
