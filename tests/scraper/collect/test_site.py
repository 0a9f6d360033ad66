"""A made-up site of 2,000 pages, collected twice with edits in between: what is held, and how often was asked."""

from collections import Counter
from dataclasses import dataclass

import pytest

from scraper.collect.summary import Summary
from scraper.store.opening import open_store
from scraper.store.upkeep import find_damage
from tests.scraper.collect.nursery import collect_once
from tests.site.listings import list_current
from tests.site.plan import build_site
from tests.site.server import SiteServer
from tests.site.truth import Holding, expect, list_held

PAGES = 2000
FAULTS = {"pause", "fail", "reset", "block"}


@dataclass
class Collected:
    """What came of the two runs."""

    site: object
    server: SiteServer
    summaries: dict[tuple[int, str], Summary]
    held: dict[tuple[int, str], Counter[Holding]]
    damage: list[str]


@pytest.fixture(scope="module")
def collected(quick_folder):
    site, path = build_site(PAGES), quick_folder / "site.db"
    summaries, held = {}, {}
    with SiteServer(site) as server:
        for server.phase in (1, 2):
            for source in ("nato", "nato-archive"):
                summaries[server.phase, source] = collect_once({"store": path, "origin": server.origin, "source": source})
                with open_store(path) as store:
                    held[server.phase, source] = list_held(store)
    with open_store(path) as store:
        return Collected(site, server, summaries, held, list(find_damage(store)))


@pytest.mark.parametrize(
    ("phase", "source", "runs", "archived", "reason"),
    [
        (1, "nato", (1,), False, "the current site alone"),
        (1, "nato-archive", (1,), True, "what the archive has of the same documents joins them"),
        (2, "nato", (1, 2), True, "edits are wordings beside the old ones, gone pages stay"),
        (2, "nato-archive", (1, 2), True, "captures are never asked for again"),
    ],
)
def test_the_collected_set_is_the_truth(collected, phase, source, runs, archived, reason):
    truth = expect(collected.site, runs=runs, archived=archived)
    assert not collected.held[phase, source] - truth, f"too much: {reason}"
    assert not truth - collected.held[phase, source], f"missing: {reason}"
    assert collected.damage == []


def test_every_page_is_accounted_for(collected):
    refused = len(collected.site.hubs)
    blocked = len(collected.site.blocked)
    for phase in (1, 2):
        summary = collected.summaries[phase, "nato"]
        pages = sum(1 for _ in list_current(collected.site, phase)) + refused + blocked
        kept = summary.added + summary.changed + summary.unchanged + summary.duplicates
        assert (summary.ended, summary.refused, summary.failed) == ("done", {"not_a_statement": refused}, {"blocked": blocked})
        assert kept + refused + blocked == pages
    edited = [document for document in collected.site.documents.values() if document.addresses[0].capture is None]
    changed = sum(1 for document in edited for wording in document.wordings.values() if wording.edited)
    assert collected.summaries[2, "nato"].changed == changed > 0


def test_a_page_costs_hardly_more_than_one_request(collected):
    """Faults, and the tries that follow them, are apart; robots.txt, lists and redirects count."""
    hits = [hit for hit in collected.server.hits if hit.phase == 1]
    faults = sum(hit.fault in FAULTS for hit in hits)
    blocked = sum(hit.path in collected.site.blocked for hit in hits) - len(collected.site.blocked)
    pages = {hit.path for hit in hits if "/20" in hit.path or "/web/" in hit.path}
    assert len(pages) > 0.9 * PAGES
    assert len(hits) - faults - blocked <= 1.05 * len(pages)
    assert faults > 20


def test_the_second_run_asks_whether_pages_changed(collected):
    """Bodies of pages that did not change between the runs."""
    documents = {address.path: (document, address) for document, address in collected.site.addresses(archived=False)}
    unchanged = {path for path, (_, address) in documents.items() if not (address.wording.edited or address.relaid or address.moved_to)} & {
        hit.path for hit in collected.server.hits if hit.phase == 1
    }
    bodies = collected.server.bodies(2)
    assert len(unchanged) > 500
    assert sum(bodies[path] for path in unchanged) <= 0.02 * len(unchanged)
    assert not [hit for hit in collected.server.hits if hit.phase == 2 and "/web/" in hit.path]


def test_texts_of_the_council_alone(quick_folder):
    """The usual collection: English, and nothing that the Council did not issue."""
    site, path = build_site(200, seed=5), quick_folder / "council.db"
    with SiteServer(site, faults=0) as server:
        for source in ("nato", "nato-archive"):
            collect_once({"store": path, "origin": server.origin, "source": source, "kind": "nac", "options": {"languages": "en"}})
    with open_store(path) as store:
        held = list_held(store)
    truth = expect(site, runs=(1,), archived=True, languages=("en",), council=True)
    assert held == truth
