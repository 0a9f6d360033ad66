"""kill -9 at any point, a second collector, a full disk, a clock that jumps: nothing lost, nothing twice."""

import random
import time
from collections import Counter

import pytest

from scraper.store.opening import open_store
from scraper.store.upkeep import find_damage
from tests.scraper.collect.nursery import collect_once
from tests.scraper.collect.rows import list_rows
from tests.site.plan import build_site
from tests.site.server import SiteServer
from tests.site.truth import expect, list_held

KILLS_OF_A_SOURCE = 20
PAGES = 90


@pytest.fixture(scope="module")
def site():
    return build_site(PAGES, seed=7)


@pytest.fixture(scope="module")
def server(site):
    with SiteServer(site, faults=0) as server:
        yield server


@pytest.fixture(scope="module")
def undisturbed(server, quick_folder):
    """The rows of a store for which nothing went wrong."""
    path = quick_folder / "undisturbed.db"
    server.begin_again()
    for source in ("nato", "nato-archive"):
        collect_once({"store": path, "origin": server.origin, "source": source})
    return list_rows(path)


def assert_same(path, undisturbed):
    found = list_rows(path)
    for table, rows in undisturbed.items():
        assert not found[table] - rows, f"{table}: rows that should not be there"
        assert not rows - found[table], f"{table}: rows that are missing"
    with open_store(path) as store:
        assert list(find_damage(store)) == []


def await_hits(server, number, child):
    """Waits until the server was asked so often, or the child has ended."""
    until = time.monotonic() + 30
    while len(server.hits) < number and child.is_alive():
        assert time.monotonic() < until, "the collector does nothing"
        time.sleep(0.002)


def test_a_collector_killed_at_any_point_loses_nothing_and_does_nothing_twice(server, nursery, folder, undisturbed):
    path, dice, kills = folder / "killed.db", random.Random(11), Counter()
    server.begin_again()
    for source in ("nato", "nato-archive"):
        while True:
            child = nursery.collect(path, server.origin, source)
            if kills[source] < KILLS_OF_A_SOURCE:
                await_hits(server, len(server.hits) + dice.randint(0, 4), child)
                time.sleep(dice.uniform(0, 0.06))
                if child.is_alive():
                    child.kill()
                    kills[source] += 1
            code = child.wait()
            if code != -9:
                break
    assert kills.total() >= 30, kills
    assert_same(path, undisturbed)
    asked_again = Counter(hit.path for hit in server.hits if "/20" in hit.path or "/web/" in hit.path)
    again = sum(number - 1 for path, number in asked_again.items() if "blocked" not in path)
    assert again <= kills.total(), "a kill costs one request at most"


def test_two_collectors_share_one_collection(server, nursery, folder, undisturbed):
    path = folder / "shared.db"
    open_store(path).close()
    server.begin_again()
    for source in ("nato", "nato-archive"):
        children = [nursery.collect(path, server.origin, source) for _ in range(2)]
        assert {child.wait() for child in children} <= {0, 1, 3}  # 1: the last pages were left to the other
    found = list_rows(path)
    for table in ("releases", "versions", "fetch_log"):
        assert found[table].total() == undisturbed[table].total()
    twice = [path for path, number in server.bodies(1).items() if number > 1 and "blocked" not in path and "/20" in path]
    assert twice == []


@pytest.mark.parametrize("largest", [40_000, 300_000, 700_000])
def test_a_full_disk_ends_the_collection_and_loses_nothing(server, nursery, folder, undisturbed, largest):
    path = folder / "full.db"
    server.begin_again()
    first = nursery.collect(path, server.origin, "nato", largest_file=largest).wait()
    assert first == 101, "a store that cannot be written is an error of its own"
    for source in ("nato", "nato-archive"):
        assert nursery.collect(path, server.origin, source).wait() in (0, 3)
    assert_same(path, undisturbed)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_clock_that_jumps_loses_nothing(site, server, nursery, folder, seed):
    path = folder / "clock.db"
    server.begin_again()
    for source in ("nato", "nato-archive"):
        child = nursery.collect(path, server.origin, source, jumps=seed)
        assert child.wait() in (0, 1, 3)
        collect_once({"store": path, "origin": server.origin, "source": source})  # what was put off to a day that never came
    with open_store(path) as store:
        assert list_held(store) == expect(site, runs=(1,), archived=True)
