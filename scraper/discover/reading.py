"""A candidate's page into a release, with what its source's list knew of it."""

from __future__ import annotations

from dataclasses import replace

from scraper.discover.candidate import Candidate
from scraper.discover.source import Source
from scraper.errors import BlockPage, NotAStatement
from scraper.pages import Page
from scraper.read import read_release
from scraper.release import Release

_WEB = ("http://", "https://")


def read_candidate(source: Source, candidate: Candidate, page: Page) -> Release:
    """Reads what `source.fetch` gave.

    A day that the text or page states counts before the list's, the list's before the address's. A file without an address
    is known by the file's own. What the page's way here left to say is among the provenance's notes.

    Raises:
        ReadError: as `read_release`.
    """
    on_web = page.final_url.startswith(_WEB)
    try:
        release = read_release(
            page.content,
            source_name=page.url,
            url=page.final_url if on_web else None,
            content_type=page.content_type,
            charset=page.charset,
            retrieved_at=page.retrieved_at,
            layouts=source.layouts,
        )
    except BlockPage as error:
        if page.url.startswith(_WEB):
            raise
        # A saved page stays what it is: there is no server to be left alone and asked again.
        raise NotAStatement(error.message, hint=error.hint, source=error.source) from error
    notes = tuple(dict.fromkeys((*release.provenance.notes, *page.notes)))
    release = replace(release, provenance=replace(release.provenance, notes=notes), title=release.title or candidate.title)
    if not on_web:
        release = replace(release, id=candidate.canonical)
    if release.date_source in ("url", "none") and candidate.date and candidate.date_source != "url":
        release = replace(release, date=candidate.date, date_source=candidate.date_source)
    return release
