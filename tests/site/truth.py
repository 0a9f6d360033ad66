"""What a store must hold after a site was collected, and what it does hold, in one form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.identity import canonical_address
from tests.site.documents import Address, Document
from tests.site.listings import PUBLIC, list_current
from tests.site.plan import Site

if TYPE_CHECKING:
    from scraper.store.opening import Store

Holding = tuple[frozenset[tuple[str, str]], frozenset[str]]
"""A release: its wordings as (language, text), and the addresses that lead to it."""
SHARED_MEMORY = Path("/dev/shm")


def expect(
    site: Site, *, runs: Iterable[int], archived: bool, languages: tuple[str, ...] = ("en", "fr"), council: bool = False
) -> Counter[Holding]:
    """The releases that a collector must have after those runs.

    Args:
        site: what was collected.
        runs: the runs of the current site that were collected, such as (1,) or (1, 2); none for an archive alone.
        archived: whether the archive was collected, each capture that has other bytes; French pages stand in
            no part of the index that is asked for.
        languages: of the current site's pages that were asked for.
        council: texts of the Council alone.
    """
    held: dict[str, tuple[set[tuple[str, str]], set[str]]] = {}

    def hold(document: Document, address: Address, run: int) -> None:
        if council and not document.council:
            return
        wordings, addresses = held.setdefault(document.name, (set(), set()))
        wordings.add((address.wording.language, address.wording.text(address.version or run)))
        addresses.add(canonical_address(PUBLIC + address.path))

    for run in runs:
        for document, address in list_current(site, run):
            if address.path[1:3] in languages:
                hold(document, address, run)
    for document, address in site.addresses(archived=True) if archived else ():
        if not address.path.startswith("/cps/fr/"):
            hold(document, address, 1)
    return Counter((frozenset(wordings), frozenset(addresses)) for wordings, addresses in held.values())


def list_held(store: Store) -> Counter[Holding]:
    """The releases that a store holds."""
    found: Counter[Holding] = Counter()
    keys = {entry.key: entry for entry in store.library.releases()}
    for key, entry in keys.items():
        wordings = frozenset((version.language, version.release.text) for version in store.library.versions(key))
        found[wordings, frozenset(entry.addresses)] += 1
    return found
