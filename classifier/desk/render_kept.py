"""Releases of the store on a terminal: lists, one release with its wordings, what a search found."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

from classifier.desk.guard import guard_terminal

if TYPE_CHECKING:
    from scraper.store.library import Entry, Version
    from scraper.store.searching import Hit, Term

AROUND = 70
"""Code points shown on each side of the words that were found."""


def show_line(entry: Entry) -> str:
    """A release in one line: day, language, number of wordings, title, key."""
    release = entry.release
    wordings = f"{entry.versions} versions" if entry.versions > 1 else ""
    title = _cut(guard_terminal(release.title or "(no title)"), _title_width())
    cells = (release.date or "no date", entry.language or "?", entry.kind or "-", title, wordings, guard_terminal(entry.key))
    return f"{cells[0]:10}  {cells[1]:2}  {cells[2]:11}  {'  '.join(filter(None, cells[3:]))}"


def show_entry(entry: Entry, versions: Sequence[Version], text: str) -> str:
    """A release with its addresses, its wordings and one of its texts."""
    release = entry.release
    facts = {
        "Id": entry.key,
        "Date": f"{release.date} ({release.date_source})" if release.date else None,
        "Number": release.number,
        "Kind": entry.kind,
        "Source": entry.source,
        "Languages": ", ".join(entry.languages),
        "First seen": entry.first_seen,
        "Last seen": entry.last_seen,
    }
    lines = [guard_terminal(release.title or "(no title)"), ""]
    lines += [f"{name + ':':12}{guard_terminal(value)}" for name, value in facts.items() if value]
    lines += ["", "Addresses", *(f"  {guard_terminal(address)}" for address in entry.addresses), "", "Versions"]
    for version in versions:
        state = "current" if version.current else "earlier"
        lines.append(f"  {version.version[:12]}  {version.language or '?':2}  {state}  {version.first_seen} to {version.last_seen}")
        lines += [f"    {_where(capture.archived_at)}{guard_terminal(capture.address)}" for capture in version.captures]
    return "\n".join([*lines, "", *(guard_terminal(line) for line in text.splitlines()), ""])


def show_hit(hit: Hit, terms: Sequence[Term]) -> str:
    """A release that was found: day, title, key, and the words in their place."""
    release = hit.release
    old = "" if hit.current else "  (earlier version)"
    head = f"{release.date or 'no date':10}  {guard_terminal(release.title or '(no title)')}{old}"
    return "\n".join([head, f"            {guard_terminal(hit.key)}", f"            {find_excerpt(release.text, terms)}", ""])


def find_excerpt(text: str, terms: Sequence[Term]) -> str:
    """The words around the first match, on one line."""
    from scraper.store.searching import find_words

    place = find_words(text, terms) or (0, 0)
    start, end = max(0, place[0] - AROUND), min(len(text), place[1] + AROUND)
    before = re.sub(r"^\S*\s", "", text[start : place[0]]) if start else text[: place[0]]
    after = re.sub(r"\s\S*$", "", text[place[1] : end]) if end < len(text) else text[place[1] :]
    words = f"{'… ' if start else ''}{before}{text[place[0] : place[1]]}{after}{' …' if end < len(text) else ''}"
    return guard_terminal(words)


def _where(archived_at: str) -> str:
    return f"archived {archived_at[:8]}  " if archived_at else ""


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _title_width() -> int:
    return max(30, min(shutil.get_terminal_size((100, 24)).columns, 160) - 40)
