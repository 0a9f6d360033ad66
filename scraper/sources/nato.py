"""nato.int as it has been since December 2025: the sitemap finds articles, the listing JSON adds titles and what is newest.

Layout: `scraper.sites.nato`. Official texts are asked for unless their address names another body; news and
transcripts only where address or title names the Council, or with `kind="all"`. English is asked for; a French page is the
`twin` of its English one, and a candidate itself only where there is none (or with the option `languages=en,fr`).
Terms of use: robots.txt forbids newsletters alone; one request a second or fewer, honest name, no republishing.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace

from scraper.discover.candidate import Candidate, Found, Skipped, Window, WindowKind
from scraper.discover.listing import NEWS, OFFICIAL_TEXTS, TRANSCRIPTS, WHOLE_SITE, Item, Listing, Reach, read_listing
from scraper.discover.sections import Article, read_article
from scraper.discover.sitemap import Entry, read_sitemap
from scraper.discover.source import Get, Settings, WebSource, read_languages
from scraper.errors import DiscoveryError, Malformed
from scraper.identity import canonical_address
from scraper.places import read_place

NAME = "nato"
_Sighting = tuple[Candidate, Article]


def open_source(settings: Settings) -> NatoSite:
    """The current site; options: `languages`, comma-separated, of the pages that are asked for (`en`)."""
    return NatoSite(settings)


class NatoSite(WebSource):
    """The current site."""

    name = NAME
    usual_kind: WindowKind = "nac"
    usual_layouts = frozenset({"nato"})
    public_origin = "https://www.nato.int"
    options = frozenset({"languages"})

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._languages = frozenset(read_languages(settings, NAME))

    def discover(self, get: Get, window: Window) -> Iterator[Found]:
        """See `Source.discover`; newest first."""
        found: dict[str, _Sighting] = {}
        reach = yield from self._read_listings(get, window, found)
        try:
            yield from self._read_sitemap(get, found)
            failure = None
        except DiscoveryError as error:
            failure = error
        if failure and not found:
            raise failure
        yield from self._choose(found, window)
        if failure and not self._is_covered(reach, window):
            raise failure

    def _read_listings(self, get: Get, window: Window, found: dict[str, _Sighting]) -> Generator[Found, None, Reach | None]:
        """Adds what the listings hold; returns how far back all of them reached, or None."""
        groups = [(OFFICIAL_TEXTS, WHOLE_SITE)] + ([(NEWS,), (TRANSCRIPTS,)] if window.kind == "all" else [])
        reaches: list[Reach | None] = []
        for group in groups:
            reach: Reach | None = None
            for listing in group:
                reach = yield from self._read_one(get, listing, window, found)
                if reach is not None:
                    break
            reaches.append(reach)
        known = [reach for reach in reaches if reach is not None]
        if len(known) < len(reaches):
            return None
        oldest = max((reach.oldest or "9999" for reach in known if not reach.complete), default="0000")
        return Reach(oldest, all(reach.complete for reach in known))

    def _read_one(self, get: Get, listing: Listing, window: Window, found: dict[str, _Sighting]) -> Generator[Found, None, Reach | None]:
        reach: Reach | None = None
        for item in read_listing(get, listing, origin=self._origin, since=window.since, source=NAME):
            if isinstance(item, Reach):
                reach = item
            elif isinstance(item, Skipped):
                yield item
            elif sighting := self._sight(item.address):
                found[sighting[0].canonical] = _with_item(sighting, item)
        return reach

    def _read_sitemap(self, get: Get, found: dict[str, _Sighting]) -> Iterator[Found]:
        for entry in read_sitemap(self.ask_lists(get), f"{self._origin}/sitemap.xml", source=NAME, served=self.served_address):
            if isinstance(entry, Skipped):
                yield entry
            elif sighting := self._sight(entry.address, entry):
                candidate, article = sighting
                listed = found.get(candidate.canonical)
                found[candidate.canonical] = (replace(listed[0], last_modified=entry.last_modified), article) if listed else sighting

    def _sight(self, address: str, entry: Entry | None = None) -> _Sighting | None:
        """The candidate at an address of the stand-in or the public site; None if no article is filed there."""
        try:
            canonical = canonical_address(self.public_address(address))
        except Malformed:
            return None
        article = read_article(canonical) if canonical.startswith(f"{self.public_origin}/") else None
        if article is None:
            return None
        candidate = Candidate(
            url=self.served_address(canonical),
            canonical=canonical,
            source=NAME,
            kind=article.kind,
            date=article.day,
            date_source="url",
            language=article.language,
            last_modified=entry.last_modified if entry else None,
        )
        return candidate, article

    def _choose(self, found: dict[str, _Sighting], window: Window) -> Iterator[Found]:
        """Pairs languages, leaves out what is not wanted, and gives the newest first."""
        stems: dict[str, dict[str, str]] = {}
        for canonical, (_, article) in found.items():
            stems.setdefault(read_place(canonical).stem or canonical, {})[article.language] = canonical
        kept = []
        for canonical, (candidate, article) in found.items():
            twins = stems[read_place(canonical).stem or canonical]
            if article.language not in self._languages and not self._languages.isdisjoint(twins):
                continue
            twin = next((twins[other] for other in sorted(twins) if other != article.language), None)
            kept.append((replace(candidate, twin=twin), article))
        for candidate, article in sorted(kept, key=lambda pair: (pair[0].date or "", pair[0].canonical), reverse=True):
            if window.kind == "all" or article.may_be_council(candidate.title):
                yield candidate
            elif window.may_hold(candidate.date):
                yield Skipped(candidate.canonical, "not_council", "neither address nor title names the Council", NAME)

    @staticmethod
    def _is_covered(reach: Reach | None, window: Window) -> bool:
        """Whether the listings alone reach back to the window's beginning."""
        return reach is not None and (reach.complete or (window.since is not None and (reach.oldest or "9999") < window.since))


def _with_item(sighting: _Sighting, item: Item) -> _Sighting:
    candidate, article = sighting
    if item.date:
        candidate = replace(candidate, date=item.date, date_source="listing")
    return replace(candidate, title=item.title), article
