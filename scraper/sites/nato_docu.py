"""nato.int before 2010 (`/docu/`, `/kosovo/`): press releases and ministerial communiqués of the first web years.

No ids, no classes, tables for layout: the page is known and read by what it says. Landmarks are the banner
`Updated: <day> NATO Press Releases` (never the date of the text), the number, the day line, the links to
other languages, and the footer `Go to Homepage Go to Index`.
Terms of use: no robots rule forbids these pages; texts are read, not republished.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from scraper.dates import find_day_in_address
from scraper.sites.blocks import cut_blocks, normalise
from scraper.sites.head import choose_day, find_declared_title
from scraper.sites.opening import Opening
from scraper.sites.page import Block, Markup, ParsedPage
from scraper.sites.press_numbers import names_a_press_kind

LAYOUT = "nato_docu"
FEWEST_WORDS_OF_PROSE = 25
MOST_FRONT_BLOCKS = 25
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})

_SECTION = (
    r"(?:NATO\s+)?(?:Press\s+Releases?|Press\s+Statements?|Speech(?:es)?|Updates?|On-?line\s+Library|Basic\s+Texts|"
    r"Ministerial\s+Communiqu[eé]s|Integrated\s+Data\s+Service|Communiqu[eé]s\s+de\s+presse)"
)
_BANNER = re.compile(rf"(?:Updated|Mise à jour)\s*:\s*[\w.\- ]{{4,24}}?\s*{_SECTION}", re.IGNORECASE)
_BANNER_LINE = re.compile(rf"(?:Updated|Mise à jour)\s*:.*|{_SECTION}", re.IGNORECASE)
_WAY_BACK = r"(?:go|back|return)\s+to\s+(?:the\s+)?(?:nato\s+)?(?:home\s?page|index|top|menu)"
_FOOTER = re.compile(rf"\W*(?:{_WAY_BACK}\W*)+", re.IGNORECASE)
_FOOTER_PAIR = re.compile(rf"{_WAY_BACK}\W*{_WAY_BACK}", re.IGNORECASE)
_OTHER_LANGUAGES = re.compile(r"\bEn\.?\s*[/|]\s*Fr\.", re.IGNORECASE)
_TITLE_WORDS = re.compile(r"communiqu|declaration|statement|summary|conclusions|address|decisions|conference", re.IGNORECASE)
_CHAIRMAN = re.compile(r"chairm[ae]n\s*:.*", re.IGNORECASE)
_SYNOPSIS = re.compile(r"(?:synopsis|summary)\s*(?::.*)?", re.IGNORECASE)


def matches(markup: Markup) -> bool:
    """Whether the page's words show the landmarks of this layout."""
    words = normalise((markup.soup.body or markup.soup).get_text(" "))
    head, tail = words[:1500], words[-800:]
    if _BANNER.search(head) or _FOOTER_PAIR.search(tail):
        return True
    return _OTHER_LANGUAGES.search(head) is not None and re.search(r"Press (?:Release|Statement|Comm)", head) is not None


def read(markup: Markup) -> ParsedPage:
    """The statement on the page; its paragraphs are empty if there is none."""
    outline = cut_blocks(markup.soup.body or markup.soup)
    blocks = _without_footer(outline)
    front = _Front()
    length = front.read(blocks)
    paragraphs = [*front.kept_lines(), *(block.text for block in blocks[length:])]
    title, subtitle = front.title_and_subtitle()
    opening = front.opening
    date, date_source = choose_day(opening.issued, opening.page_day, find_day_in_address(markup.url))
    return ParsedPage(
        layout=LAYOUT,
        paragraphs=tuple(paragraphs),
        outline=outline,
        title=title or find_declared_title(markup),
        subtitle=opening.subtitle or subtitle,
        number=opening.number,
        date=date,
        date_source=date_source,
        notes=("a synopsis by the library was left out",) if front.had_synopsis else (),
    )


@dataclass(slots=True)
class _Front:
    """The lines above the first sentence, told apart: landmarks go, title and place are kept by name."""

    opening: Opening = field(default_factory=Opening)
    others: list[tuple[str, bool, int]] = field(default_factory=list)
    landmarks: int = 0
    had_synopsis: bool = False
    awaits_synopsis: bool = False

    def read(self, blocks: Sequence[Block]) -> int:
        """Read the front lines; returns how many blocks they take.

        The library's synopsis stands there too, in the line of that word or the block after it; it is passed over.
        """
        for position, block in enumerate(blocks):
            if self.awaits_synopsis and position + 1 < len(blocks):
                self.awaits_synopsis = False
                continue
            if position >= MOST_FRONT_BLOCKS or self._is_prose(block):
                return position
            for line in self._lines(block):
                self._read_line(line, heading=block.tag in HEADINGS, linked=block.linked > 0.5)
        return len(blocks)

    def title_and_subtitle(self) -> tuple[str | None, str | None]:
        """The title, and the lines of body and place that stood with the landmarks."""
        title = self._title()
        rest = [line for line, _, seen in self.others if line != title and seen < self.landmarks]
        return title, ", ".join(dict.fromkeys(rest)) or None

    def kept_lines(self) -> list[str]:
        """Lines after the last landmark: headings of the text itself."""
        title = self._title()
        return [line for line, _, seen in self.others if line != title and seen >= self.landmarks]

    def _title(self) -> str | None:
        """The first heading, else the first line that names a kind of text, else the first line."""
        lines = [line for line, _, _ in self.others]
        headings = [line for line, heading, _ in self.others if heading]
        named = [line for line in lines if _TITLE_WORDS.search(line)]
        return next(iter([*headings, *named, *lines]), None)

    def _is_prose(self, block: Block) -> bool:
        text = block.text
        if block.tag in HEADINGS or _SYNOPSIS.fullmatch(text) or self.opening.learn(text):
            return False
        words = len(text.split())
        return words >= FEWEST_WORDS_OF_PROSE or (words >= 10 and text.endswith((".", ";", ":")))

    def _lines(self, block: Block) -> Iterator[str]:
        """A block's lines where one of them is a landmark, else the block as one line: a title may be broken."""
        apart = any(self._is_landmark(line) for line in block.lines)
        yield from block.lines if apart else (block.text,)

    def _is_landmark(self, line: str) -> bool:
        forms = (_BANNER_LINE, _CHAIRMAN, _SYNOPSIS, _FOOTER)
        return self.opening.learn(line) is not None or names_a_press_kind(line) or any(f.fullmatch(line) for f in forms)

    def _read_line(self, line: str, *, heading: bool, linked: bool) -> None:
        if _SYNOPSIS.fullmatch(line):
            self.had_synopsis = True
            self.awaits_synopsis = len(line.split()) == 1
        if self._is_landmark(line):
            self.opening = self.opening.learn(line) or self.opening
            self.landmarks += 1
        elif not linked:
            self.others.append((line, heading, self.landmarks))


def _without_footer(blocks: Sequence[Block]) -> list[Block]:
    kept = list(blocks)
    while kept and (_FOOTER.fullmatch(kept[-1].text) or (kept[-1].linked > 0.6 and len(kept[-1].text.split()) <= 12)):
        kept.pop()
    return kept
