"""A text with marks in it as HTML whose text content is that text, however the marks overlap.

The text is cut wherever a mark begins or ends; each piece carries the styles of all marks over it.
So marks may cross, and escaping comes last, piece by piece.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text, `end` excluded; `style` are classes of the style sheet, `anchor` an id to jump to."""

    start: int
    end: int
    style: str
    title: str = ""
    anchor: str = ""


def sweep(length: int, marks: Sequence[Mark]) -> Iterator[tuple[int, int, list[Mark]]]:
    """Yields the pieces of a text in order, each with the marks over it in their given order.

    Args:
        length: the text's; what of a mark lies outside is left out.
        marks: in any order; empty ones are left out.
    """
    begins: dict[int, list[int]] = defaultdict(list)
    ends: dict[int, list[int]] = defaultdict(list)
    for number, mark in enumerate(marks):
        start, end = max(mark.start, 0), min(mark.end, length)
        if start < end:
            begins[start].append(number)
            ends[end].append(number)
    borders = sorted({0, length, *begins, *ends})
    active: set[int] = set()
    for start, end in zip(borders, borders[1:], strict=False):
        active.difference_update(ends.get(start, ()))
        active.update(begins.get(start, ()))
        yield start, end, [marks[number] for number in sorted(active)]


def mark_spans(text: str, marks: Sequence[Mark]) -> Markup:
    """The text as HTML. Only NUL, which no page can hold, is shown as U+FFFD.

    Args:
        text: as given.
        marks: in any order, crossing or not.
    """
    pieces: list[Markup] = []
    for start, end, over in sweep(len(text), marks):
        words = escape_exactly(text[start:end])
        if not over:
            pieces.append(words)
            continue
        styles = " ".join(dict.fromkeys(style for mark in over for style in mark.style.split()))
        titles = "; ".join(dict.fromkeys(mark.title for mark in over if mark.title))
        anchors = [mark.anchor for mark in over if mark.anchor and max(mark.start, 0) == start]
        identity = Markup(' id="{}"').format(anchors[0]) if anchors else ""
        title = Markup(' title="{}"').format(titles) if titles else ""
        pieces.append(Markup('<span class="{}"{}{}>{}</span>').format(styles, identity, title, words))
    return Markup("").join(pieces)


def escape_exactly(text: str) -> Markup:
    """Escapes for HTML so that a browser reads the same characters; a bare CR would become a line feed."""
    return Markup(str(escape(text)).replace("\r", "&#13;").replace("\x00", "\ufffd"))  # escaped in this line
