"""Where the paragraphs of a text given as it stands begin and end; the text itself is never touched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import dropwhile

from scraper.release import Paragraph

WRAPPED_LINE = range(50, 101)
"""Lengths, in characters, between which mail programs and type setters break their lines."""

_SENTENCE_END = re.compile(r"""[.!?:;]["'”’»)\]]*$""")
_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+")
_MARKDOWN_ITEM = re.compile(r"(?:[-*+]|[0-9]{1,3}[.)])\s+")
_MARKDOWN_MARKS = re.compile(r"(?:>\s?)*(?:#{1,6}\s+|[-*+]\s+)?")
_MARKDOWN_RULE = re.compile(r"(?:[-*_=]\s*){3,}|`{3,}.*|~{3,}.*")
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<fields>.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_FRONT_FIELD = re.compile(r"""(?P<name>[A-Za-z_]+)\s*:\s*["']?(?P<value>.*?)["']?\s*""")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line's words: blanks at both ends, and the line break, lie outside `start` and `end`."""

    words: str
    start: int
    end: int


def split_plain(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a plain text, in order, disjoint, together covering every character that is not blank.

    Blank lines part them. Where there is none, each line is a paragraph, unless the lines look broken at a
    fixed width: then they are one.
    """
    found = _between_blank_lines(text)
    if len(found) != 1:
        return tuple(found)
    lines = [line for line in _lines(text) if line.words]
    if len(lines) == 1 or _look_wrapped(lines):
        return tuple(found)
    return tuple(Paragraph(line.start, line.end) for line in lines)


def _between_blank_lines(text: str) -> list[Paragraph]:
    """From the first letter to the last of each run of lines with words."""
    found: list[Paragraph] = []
    start = end = position = 0
    for raw in text.splitlines(keepends=True):
        if length := len(raw.rstrip()):
            if not end:
                start = position + len(raw) - len(raw.lstrip())
            end = position + length
        elif end:
            found.append(Paragraph(start, end))
            end = 0
        position += len(raw)
    if end:
        found.append(Paragraph(start, end))
    return found


def split_markdown(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a Markdown text: headings and list items stand alone, their marks lie outside the span.

    Front matter, rules and code fences are left out.
    """
    front = _FRONT_MATTER.match(text)
    offset = front.end() if front else 0
    spans: list[Paragraph] = []
    for group in _groups(_lines(text[offset:])):
        for part in _markdown_parts(group):
            lines = list(dropwhile(lambda line: _marks_length(line.words) == len(line.words), part))
            if lines:
                start = lines[0].start + _marks_length(lines[0].words)
                spans.append(Paragraph(start + offset, lines[-1].end + offset))
    return tuple(spans)


def find_markdown_fields(text: str) -> dict[str, str]:
    """A Markdown text's front matter: its one-line fields by lower-case name; the first `#` heading as `heading`."""
    front = _FRONT_MATTER.match(text)
    fields: dict[str, str] = {}
    for line in front["fields"].splitlines() if front else ():
        if field := _FRONT_FIELD.fullmatch(line):
            fields[field["name"].lower()] = field["value"]
    heading = re.search(r"^#[ \t]+(.+)$", text[front.end() if front else 0 :], re.MULTILINE)
    return fields | ({"heading": heading[1].strip(" \t\r#")} if heading else {})


def _lines(text: str) -> list[_Line]:
    lines, position = [], 0
    for raw in text.splitlines(keepends=True):
        words = raw.strip()
        start = position + len(raw) - len(raw.lstrip()) if words else position
        lines.append(_Line(words, start, start + len(words)))
        position += len(raw)
    return lines


def _groups(lines: list[_Line]) -> list[list[_Line]]:
    """Runs of lines with words between lines without."""
    groups: list[list[_Line]] = [[]]
    for line in lines:
        if line.words:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _look_wrapped(lines: list[_Line]) -> bool:
    """Most lines but the last are of a width to which text is broken, and end inside a sentence."""
    full = lines[:-1]
    broken = [line for line in full if len(line.words) in WRAPPED_LINE and not _SENTENCE_END.search(line.words)]
    return bool(full) and len(broken) > 0.6 * len(full) and max(len(line.words) for line in lines) <= WRAPPED_LINE[-1]


def _markdown_parts(group: list[_Line]) -> list[list[_Line]]:
    parts: list[list[_Line]] = []
    after_heading = True
    for line in group:
        if _MARKDOWN_RULE.fullmatch(line.words):
            after_heading = True
            continue
        heading = _MARKDOWN_HEADING.match(line.words) is not None
        if after_heading or heading or _MARKDOWN_ITEM.match(line.words):
            parts.append([line])
        else:
            parts[-1].append(line)
        after_heading = heading
    return parts


def _marks_length(words: str) -> int:
    match = _MARKDOWN_MARKS.match(words)
    rest = words[match.end() if match else 0 :]
    return len(words) - len(rest.lstrip())
