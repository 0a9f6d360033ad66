"""Sitemaps as sitemaps.org describes them: one file or an index of several, packed or not, read as a stream.

Nothing in a sitemap is expanded or loaded: a document type declaration of any kind is refused.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml import etree

from scraper.discover.candidate import Skipped
from scraper.discover.source import Get
from scraper.errors import Blocked, BudgetSpent, DiscoveryError, ScraperError
from scraper.terms import Terms

MOST_FILES = 1_000
DEEPEST = 3
"""Indexes within indexes."""

TERMS = Terms(deadline=300.0, timeout=180.0, max_bytes=100 * 2**20, packed=True)
"""nato.int has taken up to three minutes; sitemaps.org allows 50 MiB."""

_HINT = "look at the sitemap in a browser: the site may have changed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page's address with the day or time of its last change and its translations' addresses by language, where given."""

    address: str
    last_modified: str | None = None
    alternates: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """Another sitemap, named by an index."""

    address: str


def read_sitemap(get: Get, address: str, *, source: str, served: Callable[[str], str] = str) -> Iterator[Entry | Skipped]:
    """All pages of a sitemap and of those it names, in their order; each file is read once.

    Args:
        get: asks for a file.
        address: of the first one.
        source: name, for messages.
        served: where a file that is named is really asked for, as `WebSource.served_address` says.

    Yields:
        Pages, and the files that failed.

    Raises:
        DiscoveryError: the first file cannot be had or read, or (after all the others) one that it names could not.
        Blocked, BudgetSpent: the site or the user's budget ended it.
    """
    waiting, seen, failed = [(address, 0)], {address}, 0
    while waiting:
        here, depth = waiting.pop()
        try:
            content = get(here, terms=TERMS).content
            for item in parse_sitemap(content, base=here):
                if isinstance(item, Entry):
                    yield item
                    continue
                part = served(item.address)
                if part in seen:
                    continue
                if depth < DEEPEST and len(seen) < MOST_FILES:
                    seen.add(part)
                    waiting.append((part, depth + 1))
                else:
                    failed += 1
                    yield Skipped(part, "list_failed", "one sitemap too many, or too deep within others", source)
        except (BudgetSpent, Blocked):
            raise
        except ScraperError as error:
            if here == address:
                raise DiscoveryError(f"{source}: no sitemap to be had ({error.message})", hint=error.hint or _HINT, source=here) from error
            failed += 1
            yield Skipped(here, "list_failed", error.message, source)
    if failed:
        raise DiscoveryError(f"{source}: {failed} of the sitemap's files could not be read", hint=_HINT, source=address)


def parse_sitemap(content: bytes, *, base: str) -> Iterator[Entry | Part]:
    """The entries of one file, one at a time; what was read of it is let go.

    Args:
        content: XML, unpacked.
        base: the file's address, for addresses that are relative against the rules.

    Raises:
        DiscoveryError: no sitemap, or one that breaks off or carries a document type declaration; entries before it were yielded.
    """
    reading = etree.iterparse(
        io.BytesIO(content), events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    count, begun = 0, False
    try:
        for event, element in reading:
            if not begun:
                _check_root(element, base)
                begun = True
            if event != "end" or not isinstance(element.tag, str):
                continue
            name = _local_name(element)
            if name not in ("url", "sitemap"):
                continue
            found = _entry_of(element, base) if name == "url" else _part_of(element, base)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
            if found is not None:
                count += 1
                yield found
    except etree.XMLSyntaxError as error:
        message = f"the sitemap cannot be read after {count} entries ({error.msg})"
        raise DiscoveryError(message, hint=_HINT, source=base) from error


def _check_root(root: etree._Element, base: str) -> None:
    if root.getroottree().docinfo.doctype:
        raise DiscoveryError("the sitemap carries a document type declaration: not read", hint=_HINT, source=base)
    if not isinstance(root.tag, str) or _local_name(root) not in ("urlset", "sitemapindex"):
        raise DiscoveryError("what stands in the sitemap's place is none", hint=_HINT, source=base)


def _entry_of(element: etree._Element, base: str) -> Entry | None:
    address, last_modified, alternates = None, None, {}
    for child in element:
        name = _local_name(child) if isinstance(child.tag, str) else ""
        words = (child.text or "").strip()
        if name == "loc" and words and address is None:
            address = _join(base, words)
        elif name == "lastmod" and words:
            last_modified = words[:40]
        elif name == "link" and child.get("rel") == "alternate" and child.get("hreflang") and child.get("href"):
            alternates[str(child.get("hreflang")).lower()[:2]] = _join(base, str(child.get("href")).strip()) or ""
    return Entry(address, last_modified, alternates) if address else None


def _part_of(element: etree._Element, base: str) -> Part | None:
    for child in element:
        if isinstance(child.tag, str) and _local_name(child) == "loc" and (child.text or "").strip():
            address = _join(base, child.text.strip())
            return Part(address) if address else None
    return None


def _local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _join(base: str, address: str) -> str | None:
    try:
        return urljoin(base, address)
    except ValueError:
        return None
