"""What a source is: a way to find addresses and to have what stands at them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Protocol

from scraper.discover.candidate import Candidate, Found, Window, WindowKind
from scraper.errors import BadSetting
from scraper.pages import Page
from scraper.terms import USUAL, Terms

if TYPE_CHECKING:
    from scraper.sites.layouts import Layout


PACES = frozenset({"index_pace", "replay_pace"})
"""Options that every source may be given and those that ask archives keep to."""


class Get(Protocol):
    """Asks for one address, as `Fetcher.get` does."""

    def __call__(self, url: str, *, etag: str | None = None, last_modified: str | None = None, terms: Terms = USUAL) -> Page:
        """The page; raises a `FetchError` where there is none to be had."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a source is opened with.

    Args:
        target: what the user named: a feed, a file of addresses, a folder; None for sources that need none.
        origin: the site's scheme and host in place of its public one, for a stand-in that serves the same paths.
        archive: the same for the archive.
        options: further settings by name, as the source's file documents them.
    """

    target: str | None = None
    origin: str | None = None
    archive: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)


class Source(Protocol):
    """One site, feed, list or folder; finding and fetching, nothing of reading or keeping."""

    name: str
    usual_kind: WindowKind
    """What is collected where the user does not say."""
    layouts: tuple[Layout, ...]
    """Layouts of its own, tried before those of `scraper.sites` (`read_release(..., layouts=...)`)."""
    usual_layouts: frozenset[str]
    """Names of the layouts that its pages should have; empty where any will do. See `LayoutWatch`."""

    def discover(self, get: Get, window: Window) -> Iterator[Found]:
        """Finds candidates, newest first where it can.

        Days, limit and repeats are `find_candidates`' work; a source uses the window to ask for less.

        Raises:
            DiscoveryError: the site's lists cannot be had or hold nothing.
            Blocked, BudgetSpent: the site or the user's budget ended it.
        """

    def fetch(self, get: Get, candidate: Candidate, *, etag: str | None = None, last_modified: str | None = None) -> Page:
        """What stands at a candidate, with `url` and `final_url` on the site's public host.

        Raises:
            FetchError: as `Fetcher.get`.
        """

    def public_address(self, url: str) -> str:
        """An address of the stand-in as one of the public host; any other as it is."""


class WebSource:
    """What sources on the web have alike; a new one begins here.

    Raises:
        BadSetting: an option that the source does not know, no target where it needs one, or one where it needs none.
    """

    name: str = ""
    usual_kind: WindowKind = "all"
    layouts: tuple[Layout, ...] = ()
    usual_layouts: frozenset[str] = frozenset()
    public_origin: ClassVar[str] = ""
    options: ClassVar[frozenset[str]] = frozenset()
    """Names of `Settings.options` that it knows."""
    target: ClassVar[str | None] = None
    """What `Settings.target` must name, in words; null where there is nothing to name."""

    def __init__(self, settings: Settings) -> None:
        unknown = sorted(set(settings.options) - self.options - PACES)
        if unknown:
            hint = f"it knows {', '.join(sorted(self.options))}" if self.options else "it knows none"
            raise BadSetting(f"{self.name} has no option {unknown[0]}", hint=hint, source=self.name)
        if bool(settings.target) != bool(self.target):
            message = f"{self.name} needs {self.target}" if self.target else f"{self.name} takes no target"
            hint = f"name it after the source; in nac watch as {self.name}:TARGET" if self.target else f"leave {settings.target} out"
            raise BadSetting(message, hint=hint, source=self.name)
        self.settings = settings
        self._origin = (settings.origin or self.public_origin).rstrip("/")
        self._lists = KeptLists()

    def ask_lists(self, get: Get) -> Get:
        """A `get` for lists: one that has not changed since this source last asked is not sent again."""
        return self._lists.ask_through(get)

    def fetch(self, get: Get, candidate: Candidate, *, etag: str | None = None, last_modified: str | None = None) -> Page:
        """See `Source.fetch`."""
        return self.as_public(get(candidate.url, etag=etag, last_modified=last_modified))

    def as_public(self, page: Page) -> Page:
        """The page with its addresses on the public host."""
        return replace(
            page,
            url=self.public_address(page.url),
            final_url=self.public_address(page.final_url),
            redirects=tuple(map(self.public_address, page.redirects)),
        )

    def public_address(self, url: str) -> str:
        """See `Source.public_address`."""
        return swap_origin(url, self._origin, self.public_origin)

    def served_address(self, url: str) -> str:
        """The reverse: where an address of the public host is really asked for."""
        return swap_origin(url, self.public_origin, self._origin)


class KeptLists:
    """Lists as they came last, packed; those with an ETag or Last-Modified are asked for conditionally."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Page, bytes]] = {}

    def ask_through(self, get: Get) -> Get:
        """`get` with a memory of what it gave."""

        def ask(url: str, *, etag: str | None = None, last_modified: str | None = None, terms: Terms = USUAL) -> Page:
            page, packed = self._kept.get(url, (None, b""))
            known = page.headers if page else {}
            answer = get(url, etag=etag or known.get("etag"), last_modified=last_modified or known.get("last-modified"), terms=terms)
            if answer.unchanged and page:
                return replace(page, content=zlib.decompress(packed))
            if {"etag", "last-modified"} & set(answer.headers):
                self._kept[url] = (replace(answer, content=b""), zlib.compress(answer.content, 1))
            return answer

        return ask


def read_languages(settings: Settings, source: str) -> tuple[str, ...]:
    """The option `languages`: codes of two letters, comma-separated; English where it is not given.

    Raises:
        BadSetting: it is something else.
    """
    given = settings.options.get("languages", "en")
    codes = tuple(given.replace(" ", "").lower().split(","))
    if not all(re.fullmatch(r"[a-z]{2}", code) for code in codes):
        raise BadSetting(f"languages={given} are none", hint="give codes such as en,fr", source=source)
    return codes


def swap_origin(url: str, old: str, new: str) -> str:
    """`url` with `new` in place of the origin `old`; unchanged if it does not begin with that."""
    if not old or old == new or not url.startswith(old) or url[len(old) : len(old) + 1] not in ("", "/", "?", "#"):
        return url
    return new + url[len(old) :]
