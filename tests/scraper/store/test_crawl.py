"""The queue: each page once, whoever asks, whatever the clock does."""

import pytest
from sqlalchemy import select

from scraper.errors import LeaseLost
from scraper.store.crawl import JOINED_FOR
from scraper.store.leases import is_dead, make_owner
from scraper.store.opening import open_store
from tests.scraper.store.made import MadePage, keep_page, make_candidate, words_of

NOW = 1_700_000_000.0
ADDRESSES = [f"https://example.org/{i}" for i in range(6)]
ONE, OTHER = "elsewhere:[1]/11/aa", "elsewhere:[1]/12/bb"


def start(store, addresses=ADDRESSES, *, source="made", plan="all", now=NOW, **more):
    run = store.queue.begin_run(source, plan, now)
    store.queue.enqueue(run, [make_candidate(address, source=source) for address in addresses], **more)
    return run


def claim(store, run, owner=ONE, *, now=NOW, limit=100, lease=60.0):
    return store.queue.claim(owner, run, limit=limit, lease_seconds=lease, now=now)


def names(jobs):
    return [int(job.canonical.rpartition("/")[2]) for job in jobs]


def test_pages_are_leased_once_in_the_order_of_discovery(store):
    run = start(store)
    first, second = claim(store, run, limit=2), claim(store, run, OTHER, limit=3)
    assert (names(first), names(second)) == ([0, 1], [2, 3, 4])
    assert names(claim(store, run)) == [5] and claim(store, run, OTHER) == []


def test_a_page_is_queued_once_however_often_it_is_found(store):
    run = store.queue.begin_run("made", "all", NOW)
    twice = [make_candidate(ADDRESSES[0]), make_candidate(ADDRESSES[0]), make_candidate(ADDRESSES[1])]
    assert store.queue.enqueue(run, twice) == 2
    assert store.queue.enqueue(run, iter(twice)) == 0
    captures = [make_candidate(ADDRESSES[0], capture=f"2001010100000{i}") for i in range(3)]
    assert store.queue.enqueue(run, captures) == 3, "a capture is a page of its own"
    assert store.queue.enqueue(run, (make_candidate(f"https://example.org/m{i}") for i in range(1200))) == 1200
    assert store.queue.counts(run) == {"discovered": 1205}


LEASES = [
    (59.0, [], "the lease is still on"),
    (61.0, [0], "the lease has run out"),
    (-3.0, [], "clocks of two machines differ a little"),
    (-600.0, [0], "the clock was set back: the lease began in the future"),
    (-40 * 365 * 86400.0, [0], "the clock was set back by decades"),
    (40 * 365 * 86400.0, [0], "the clock was set forth by decades"),
]


@pytest.mark.parametrize(("later", "taken", "why"), LEASES, ids=[row[2] for row in LEASES])
def test_a_lease_holds_for_its_time_whatever_the_clock_does(store, later, taken, why):
    run = start(store, ADDRESSES[:1])
    claim(store, run, ONE)
    assert names(claim(store, run, OTHER, now=NOW + later)) == taken, why


def test_who_lost_a_lease_keeps_nothing(store):
    run = start(store, ADDRESSES[:1])
    (late,) = claim(store, run, ONE)
    (job,) = claim(store, run, OTHER, now=NOW + 100)
    steps = [
        lambda: store.queue.keep_fetched(late, MadePage(late.url, b"x"), "0" * 64),
        lambda: store.queue.keep_unchanged(late, "2024-06-01T00:00:00+00:00"),
        lambda: store.queue.keep_failed(late, "fetch_failed", "x", next_try=None),
        lambda: keep_page(store, late, words_of(1)),
    ]
    for step in steps:
        with pytest.raises(LeaseLost, match="another collector"):
            step()
    assert keep_page(store, job, words_of(1)).outcome == "added"
    with pytest.raises(LeaseLost):
        keep_page(store, job, words_of(2))
    assert store.library.count() == 1


def test_leases_are_renewed_and_given_back(store):
    run = start(store)
    claim(store, run, ONE, limit=2)
    assert store.queue.renew(ONE, 1000.0, NOW + 50) == 2
    assert names(claim(store, run, OTHER, now=NOW + 500, limit=2)) == [2, 3]
    assert store.queue.give_back(ONE) == 2
    assert names(claim(store, run, OTHER, now=NOW + 500)) == [0, 1, 4, 5]


FAILURES = [
    (NOW + 30, 29.0, [], "its pause is not over"),
    (NOW + 30, 31.0, [0], "its pause is over"),
    (NOW + 86400, -3600.0, [0], "it failed in the future, so the clock was set back"),
    (None, 1e9, [], "it failed for good"),
]


@pytest.mark.parametrize(("next_try", "later", "taken", "why"), FAILURES, ids=[row[3] for row in FAILURES])
def test_a_failed_page_comes_back_when_it_is_due(store, next_try, later, taken, why):
    run = start(store, ADDRESSES[:1])
    (job,) = claim(store, run)
    store.queue.keep_failed(job, "fetch_failed", "example.org failed (503)", next_try=next_try, now=NOW, status=503)
    again = claim(store, run, OTHER, now=NOW + later)
    assert names(again) == taken, why
    assert [job.attempts for job in again] == [1] * len(taken)
    (failure,) = store.queue.failures(run)
    assert (failure.reason, failure.message, failure.next_try) == ("fetch_failed", "example.org failed (503)", next_try)


def test_when_something_may_be_due(store):
    run = start(store, ADDRESSES[:2])
    assert store.queue.next_due(run, NOW) == 0.0
    first, second = claim(store, run)
    assert store.queue.next_due(run, NOW) == 60.0, "the leases run out then"
    store.queue.keep_failed(first, "fetch_failed", "x", next_try=NOW + 5, now=NOW)
    assert store.queue.next_due(run, NOW) == 5.0
    assert not store.queue.end_run(run, NOW), "something is left"
    keep_page(store, second, words_of(2))
    assert store.queue.next_due(run, NOW + 6) == 0.0
    (first,) = claim(store, run, now=NOW + 6)
    store.queue.keep_failed(first, "not_found", "x", next_try=None, now=NOW)
    assert store.queue.next_due(run, NOW) is None
    assert store.queue.counts(run) == {"read": 1, "refused:not_found": 1}
    assert store.queue.end_run(run, NOW)


def test_a_page_that_was_fetched_is_not_fetched_again_but_read(store):
    run = start(store, ADDRESSES[:1])
    (job,) = claim(store, run)
    page = MadePage(job.url, words_of(1).encode(), redirects=("https://example.org/old",))
    store.queue.keep_fetched(job, page, store.raw.put(page.content))
    (again,) = claim(store, run, OTHER, now=NOW + 100)
    assert again.state == "fetched" and again.fetched.redirects == page.redirects
    assert store.raw.get(again.fetched.raw_sha256) == page.content
    assert (again.etag, again.last_modified) == (None, None), "what was not read must not be taken for unchanged"


def collect_all(store, plan="all", now=NOW):
    run = start(store, plan=plan, now=now)
    jobs = claim(store, run, now=now)
    for job in jobs:
        keep_page(store, job, words_of(job.id), headers={"ETag": f'"{job.id}"', "Last-Modified": "Sat, 01 Jun 2024 00:00:00 GMT"})
    assert store.queue.end_run(run, now)
    return jobs


def test_a_second_run_asks_whether_pages_have_changed(store):
    first = collect_all(store)
    run = start(store, now=NOW + 3600)
    assert not run.resumed
    jobs = claim(store, run)
    assert [(job.etag, job.last_modified) for job in jobs] == [(f'"{job.id}"', "Sat, 01 Jun 2024 00:00:00 GMT") for job in first]
    for job in jobs:
        store.queue.keep_unchanged(job, "2024-07-01T00:00:00+00:00")
    assert store.queue.counts(run) == {"read": 6} and store.queue.end_run(run)
    for entry in store.library.releases():
        (version,) = store.library.versions(entry.key)
        (capture,) = version.captures
        assert {entry.last_seen, version.last_seen, capture.last_seen} == {"2024-07-01T00:00:00+00:00"}
        assert capture.first_seen == "2024-06-01T00:00:00+00:00"


def test_304_for_a_refused_page_leaves_it_refused(store):
    run = start(store, ADDRESSES[:1])
    (job,) = claim(store, run)
    job = store.queue.keep_fetched(job, MadePage(job.url, b"hub"), store.raw.put(b"hub"))
    store.queue.keep_failed(job, "not_a_statement", "a hub", next_try=None, now=NOW)
    assert store.queue.end_run(run, NOW)
    run = start(store, ADDRESSES[:1], now=NOW + 3600)
    (job,) = claim(store, run, now=NOW + 3600)
    assert job.etag == '"one"'
    store.queue.keep_failed(job, "fetch_failed", "503", next_try=NOW + 3601, now=NOW + 3600)
    (job,) = claim(store, run, now=NOW + 3602)
    assert job.etag == '"one"', "a failed request says nothing of the page"
    store.queue.keep_unchanged(job, "2024-07-01T00:00:00+00:00")
    assert store.queue.counts(run) == {"refused:not_a_statement": 1}


def test_captures_are_asked_for_once(store):
    capture = make_candidate(ADDRESSES[0], capture="20010101000000")
    run = store.queue.begin_run("made", "all", NOW)
    store.queue.enqueue(run, [capture])
    (job,) = claim(store, run)
    assert job.capture == "20010101000000"
    keep_page(store, job, words_of(1))
    store.queue.end_run(run, NOW)
    run = store.queue.begin_run("made", "all", NOW + 3600)
    assert store.queue.enqueue(run, [capture]) == 0
    assert claim(store, run) == []


def test_pages_whose_list_says_unmodified_can_be_left_out(store):
    run = store.queue.begin_run("made", "all", NOW)
    store.queue.enqueue(run, [make_candidate(address, last_modified="2024-01-01") for address in ADDRESSES[:3]])
    for job in claim(store, run):
        keep_page(store, job, words_of(job.id))
    store.queue.end_run(run, NOW)
    run = store.queue.begin_run("made", "all", NOW + 3600)
    listed = [(ADDRESSES[0], "2024-01-01"), (ADDRESSES[1], "2024-03-01"), (ADDRESSES[2], None), (ADDRESSES[3], "2024-01-01")]
    store.queue.enqueue(run, [make_candidate(a, last_modified=day) for a, day in listed], skip_unmodified=True)
    assert names(claim(store, run)) == [1, 2, 3]


RUNS = [
    ("made", "all", 3600.0, True, "the same collection, not finished"),
    ("made", "since 2024", 3600.0, False, "another plan"),
    ("other", "all", 3600.0, False, "another source"),
    ("made", "all", JOINED_FOR + 1, False, "too old to go on with"),
    ("made", "all", -3600.0, True, "the clock was set back"),
]


@pytest.mark.parametrize(("source", "plan", "later", "resumed", "why"), RUNS, ids=[row[4] for row in RUNS])
def test_an_unfinished_collection_is_taken_up(store, source, plan, later, resumed, why):
    first = start(store)
    again = store.queue.begin_run(source, plan, NOW + later)
    assert again.resumed is resumed, why
    assert (again.id == first.id) is resumed


def test_a_finished_collection_is_not_taken_up(store):
    collect_all(store)
    assert not store.queue.begin_run("made", "all", NOW + 1).resumed


def test_what_another_run_left_open_moves_to_the_run_that_asks_for_it(store):
    start(store, plan="old")
    run = start(store, ADDRESSES[2:4], plan="new")
    assert names(claim(store, run)) == [2, 3]


def test_owners():
    assert make_owner() != make_owner()
    assert not is_dead(make_owner()), "this process lives"
    machine, _, _ = make_owner().rpartition("/")[0].rpartition("/")
    assert is_dead(f"{machine}/4194999/aa"), "no process has a number this high"
    assert not is_dead("elsewhere/4194999/aa"), "nothing is known of another machine"
    assert not is_dead("nonsense") and not is_dead("")


def test_two_connections_see_one_queue(store, address, tmp_path):
    run = start(store)
    with open_store(address, raw=tmp_path / "store.raw") as second:
        assert second.queue.begin_run("made", "all", NOW) == run.__class__(run.id, "made", True)
        assert names(claim(second, run, OTHER, limit=3)) == [0, 1, 2]
        assert names(claim(store, run, ONE)) == [3, 4, 5]


def test_what_is_left_is_found_by_an_index(store):
    """A queue of thousands is asked for its next page after every few pages: no question may read all of it."""
    from scraper.store.due import is_due, is_free, is_open
    from scraper.store.tables import QUEUE

    if not store.database.is_sqlite:
        pytest.skip("plans of SQLite; a server plans by its statistics")
    run = start(store)
    for dead in ([], [ONE], [ONE, OTHER]):
        query = select(QUEUE).where(is_open(run), is_due(NOW), is_free(NOW, dead)).order_by(QUEUE.c.id).limit(3)
        with store.database.read() as connection:
            statement = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
            plan = " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}"))
        assert "USING INDEX queue_open" in plan and "TEMP B-TREE" not in plan, plan
