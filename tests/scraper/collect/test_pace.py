"""Never two requests to one host inside its pace: measured where they arrive."""

import contextlib
import itertools
import sqlite3
import time

import pytest

from scraper.store.opening import open_store
from tests.site.plan import build_site
from tests.site.server import SiteServer

PACE = 0.12
GRAIN = 0.005
"""Seconds by which a clock may be read apart."""
ON_THE_WAY = 0.4
"""Seconds that a request of another process may take from its turn to the server, on a busy machine."""


def collect_at_pace(nursery, folder, collectors, faults):
    """When the requests came."""
    path = folder / "pace.db"
    open_store(path).close()
    with SiteServer(build_site(50, seed=3), faults=faults) as server:
        children = [nursery.collect(path, server.origin, pace=PACE) for _ in range(collectors)]
        assert {child.wait() for child in children} <= {0, 1, 3}
        arrivals = sorted(hit.time for hit in server.hits)
    assert len(arrivals) > 25
    return arrivals


@pytest.mark.parametrize(("faults", "reason"), [(0.0, "every page answers"), (30.0, "tries after faults keep it too")])
def test_requests_keep_their_distance(nursery, folder, faults, reason):
    arrivals = collect_at_pace(nursery, folder, 1, faults)
    gaps = [later - earlier for earlier, later in itertools.pairwise(arrivals)]
    assert min(gaps) >= PACE - GRAIN, reason


def test_several_processes_on_one_store_share_the_pace(nursery, folder):
    """A request is under way while the next turn is already counted, so single gaps may be shorter, but no stretch is."""
    arrivals = collect_at_pace(nursery, folder, 3, 0.0)
    for (first, early), (last, late) in itertools.combinations(enumerate(arrivals), 2):
        assert late - early >= (last - first) * PACE - ON_THE_WAY


def await_pause(path):
    """Waits until the store knows of a pause: before that, nobody has read the answer that asks for it."""
    until = time.monotonic() + 30
    with contextlib.closing(sqlite3.connect(path)) as database:
        while not database.execute("SELECT 1 FROM hosts WHERE not_before IS NOT NULL").fetchall():
            assert time.monotonic() < until
            time.sleep(0.01)


def test_a_pause_asked_for_holds_across_restarts(nursery, folder):
    """Retry-After is kept in the store: a collector that is killed and begun again still waits."""
    path = folder / "pause.db"
    with SiteServer(build_site(50, seed=3), faults=0) as server:
        server.close_for(3.0, after=6)
        child = nursery.collect(path, server.origin)
        server.await_refusal()
        await_pause(path)
        child.kill()
        child.wait()
        assert nursery.collect(path, server.origin).wait() in (0, 1, 3)
        refused = [number for number, hit in enumerate(server.hits) if hit.status == 429]
        assert len(refused) == 1
        before, after = server.hits[refused[0]], server.hits[refused[0] + 1]
        assert after.time - before.time >= 3.0 - GRAIN
