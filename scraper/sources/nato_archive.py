"""nato.int before December 2025, from the Internet Archive: classic pages, `natolive`, `/docu/pr/`, `/docu/comm/`.

Layouts: `scraper.sites.nato_classic`, `nato_docu`, `nato`. The index has a row for each time a page was captured; of each
page the last capture that answered is asked for (option `captures`: `last`, `first`, or `each` that has other bytes).
A capture cannot be older than its text, so `since` narrows the query; other days are known only once a text is read.
Terms of use: the archive's limits are in `scraper.archive` and `scraper.captures`; texts are read, not republished.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from scraper.archive import INDEX_DEADLINE, INDEX_PACE, INDEX_TERMS, ORIGIN, Query, Row, query_index
from scraper.captures import REPLAY_PACE, REPLAY_TERMS, replay, replay_address
from scraper.dates import find_day_in_address
from scraper.discover.candidate import Candidate, Capture, Found, Skipped, Window, WindowKind
from scraper.discover.sections import find_section
from scraper.discover.source import Get, Settings, WebSource, read_languages
from scraper.errors import BadSetting, DiscoveryError, Refused
from scraper.pages import Page
from scraper.places import read_place

NAME = "nato-archive"
ANSWERED = ("!statuscode:[345].*",)
_DOCU = "www.nato.int/docu"
LONGEST_PACE = 3600
_CHOICES = ("last", "first", "each")
_PAGE_TYPES = frozenset({None, "text/html", "application/xhtml+xml", "warc/revisit", "unk", "text/plain"})
_INDEX_PAGE = re.compile(r"/(?:index[^/]*|home[^/]*|[^/]*-index[^/]*)?$", re.IGNORECASE)
_YEAR = re.compile(r"/docu/(?:pr|speech|update)/(?P<year>(?:19|20)[0-9]{2})/")


def _cps(kind: str, languages: Sequence[str] = ("en",)) -> tuple[Query, ...]:
    """Queries for classic pages of one kind: both channels, and the addresses with a session in them, which no prefix catches."""
    channels = [Query(f"www.nato.int/cps/{code}/{channel}/{kind}_") for code in languages for channel in ("natohq", "natolive")]
    sessions = [Query(f"www.nato.int/cps/{code}/SID-", filters=(f"original:.*/{kind}_[0-9]+[.]htm.*",)) for code in languages]
    return (*channels, *sessions)


def list_queries(languages: Sequence[str], *, everything: bool) -> tuple[tuple[Query, ...], ...]:
    """What the index is asked; the queries of one group find captures of the same documents.

    Args:
        languages: of the classic pages' paths.
        everything: also news, opinions and speeches: tens of thousands of pages, of which few are the Council's.
    """
    groups = (_cps("official_texts", languages), (Query(f"{_DOCU}/pr/"),), (Query(f"{_DOCU}/comm/"),))
    if not everything:
        return groups
    return (*groups, _cps("news", languages), _cps("opinions", languages), (Query(f"{_DOCU}/speech/"),))


def open_source(settings: Settings) -> NatoArchive:
    """Captures of the older sites.

    Options: `captures`; `languages` of classic pages, comma-separated (`en`); `index_pace` and `replay_pace`, seconds
    between two requests.

    Raises:
        BadSetting: an option is not known or has a value that is none.
    """
    return NatoArchive(settings)


class NatoArchive(WebSource):
    """Captures of the older sites."""

    name = NAME
    usual_kind: WindowKind = "nac"
    usual_layouts = frozenset({"nato", "nato_classic", "nato_docu"})
    public_origin = ORIGIN
    options = frozenset({"captures", "languages"})

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._origin = (settings.archive or ORIGIN).rstrip("/")
        self._rows = 0
        self._captures = settings.options.get("captures", "last")
        if self._captures not in _CHOICES:
            raise BadSetting(f"captures={self._captures} is no choice", hint=f"one of: {', '.join(_CHOICES)}", source=NAME)
        self._languages = read_languages(settings, NAME)
        index_pace = self._read_pace("index_pace", INDEX_PACE)
        self._index_terms = replace(INDEX_TERMS, pace=index_pace, deadline=INDEX_DEADLINE + 2 * index_pace)
        self._replay_terms = replace(REPLAY_TERMS, pace=self._read_pace("replay_pace", REPLAY_PACE))

    def _read_pace(self, name: str, usual: float) -> float:
        given = self.settings.options.get(name)
        try:
            pace = usual if given is None else float(given)
        except ValueError:
            pace = -1.0
        if not 0 <= pace <= LONGEST_PACE:
            raise BadSetting(f"{name}={given} is no number of seconds", hint=f"give one from 0 to {LONGEST_PACE}", source=NAME)
        return pace

    def discover(self, get: Get, window: Window) -> Iterator[Found]:
        """See `Source.discover`; group by group, so that a long index can be worked on while it comes in."""
        self._rows = 0
        groups = list_queries(self._languages, everything=window.kind == "all")
        failed = []
        for group in groups:
            chosen: dict[str, dict[str, Row]] = {}
            for query in group:
                try:
                    self._read_part(get, query, window, chosen)
                except (DiscoveryError, Refused) as error:
                    failed.append(query.prefix)
                    yield Skipped(query.prefix, "list_failed", error.message, NAME)
            for rows in chosen.values():
                yield from map(self._candidate_of, rows.values())
        if failed:
            hint = "run again later: what was found is kept"
            raise DiscoveryError(f"{NAME}: {len(failed)} parts of the index failed, {failed[0]} first", hint=hint, source=NAME)
        if not self._rows and window.since and self._answers(get):
            yield Skipped(groups[0][0].prefix, "outside_window", f"nothing was captured since {window.since}", NAME)

    def _answers(self, get: Get) -> bool:
        """Whether the index holds anything at all, so that an empty window can be told from an empty index."""
        query = replace(list_queries(self._languages, everything=False)[0][0], filters=ANSWERED, most=1)
        return next(query_index(get, query, archive=self._origin, terms=self._index_terms), None) is not None

    def fetch(self, get: Get, candidate: Candidate, *, etag: str | None = None, last_modified: str | None = None) -> Page:
        """See `Source.fetch`; captures never change, so nothing is asked conditionally."""
        if candidate.capture is None:
            return super().fetch(get, candidate, etag=etag, last_modified=last_modified)
        capture = candidate.capture
        page = replay(get, capture.timestamp, capture.original, digest=capture.digest, archive=self._origin, terms=self._replay_terms)
        return self.as_public(page)

    def _read_part(self, get: Get, query: Query, window: Window, chosen: dict[str, dict[str, Row]]) -> None:
        """Adds to `chosen`, by document, the captures wanted that answer one query."""
        asked = replace(query, since=window.since, filters=(*ANSWERED, *query.filters))
        for row in query_index(get, asked, archive=self._origin, terms=self._index_terms):
            self._rows += 1
            if self._is_page(row, window) and all(_fits(row, condition) for condition in query.filters):
                self._choose(chosen.setdefault(self._name_document(row), {}), row)

    def _choose(self, rows: dict[str, Row], row: Row) -> None:
        """Keeps of a page's captures those that are wanted, by their bytes' digest or under one name."""
        name = (row.digest or row.timestamp) if self._captures == "each" else ""
        known = rows.get(name)
        if known is None or self._is_better(row, known):
            rows[name] = row

    def _is_better(self, row: Row, known: Row) -> bool:
        """Captures that kept their bytes come before those that only refer to others; then the wanted end of time counts."""
        if row.is_revisit != known.is_revisit:
            return known.is_revisit
        return (row.timestamp > known.timestamp) == (self._captures == "last")

    @staticmethod
    def _is_page(row: Row, window: Window) -> bool:
        """Whether a row is a page that was answered and may hold a wanted text."""
        path = urlsplit(row.original).path
        year = _YEAR.search(path)
        if year and not (window.since or "0")[:4] <= year["year"] <= (window.until or "9")[:4]:
            return False
        answered = row.status == 200 or (row.status is None and row.is_revisit)
        return answered and row.mimetype in _PAGE_TYPES and not _INDEX_PAGE.search(path)

    @staticmethod
    def _name_document(row: Row) -> str:
        place = read_place(row.original)
        return f"{place.article}/{place.language}" if place.article else place.canonical

    def _candidate_of(self, row: Row) -> Candidate:
        place = read_place(row.original)
        day = find_day_in_address(place.canonical)
        return Candidate(
            url=replay_address(row.timestamp, row.original, archive=self._origin),
            canonical=place.canonical,
            source=NAME,
            kind=find_section(place.canonical),
            date=day,
            date_source="url" if day else "none",
            language=place.language,
            capture=Capture(row.timestamp, row.original, row.digest),
        )


def _fits(row: Row, condition: str) -> bool:
    """Whether a row keeps to a filter on its address; the index's own notion of a match is not certain."""
    field, _, pattern = condition.partition(":")
    return field != "original" or re.fullmatch(pattern, row.original) is not None
