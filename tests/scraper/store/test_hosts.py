"""The store remembers hosts as a memory in the process does, for all processes and for the next run."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from scraper.hosts import KeptRobots, ProcessMemory
from scraper.store.hosts import Hosts
from scraper.store.opening import open_store
from scraper.store.tables import HOSTS, ROBOTS

NOW = 1_700_000_000.0
hosts = st.sampled_from(["a.example", "b.example"])
lanes = st.sampled_from(["", "index"])
steps = st.one_of(
    st.tuples(st.just("take_turn"), hosts, lanes, st.floats(0, 30)),
    st.tuples(st.just("note_call"), hosts, lanes, st.just(0.0)),
    st.tuples(st.just("postpone"), hosts, st.just(""), st.floats(0, 90_000)),
    st.tuples(st.just("recall_robots"), hosts, st.just(""), st.just(0.0)),
    st.tuples(st.just("keep_robots"), hosts, st.just(""), st.floats(0, 90_000)),
)
# Seconds from one step to the next: the clock also jumps, back and forth.
jumps = st.floats(0, 20) | st.sampled_from([-86_400.0, 86_400.0, -5.0])


def play(memory, step, now):
    name, host, lane, number = step
    if name == "take_turn":
        return memory.take_turn(host, lane, gap=number, now=now)
    if name == "note_call":
        return memory.note_call(host, lane, now=now)
    if name == "postpone":
        return memory.postpone(host, number, now=now)
    if name == "recall_robots":
        return memory.recall_robots(host, now=now)
    return memory.keep_robots(host, KeptRobots(f"Crawl-delay: {number}", "", now + number))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(steps, jumps), max_size=15))
def test_the_store_answers_as_a_memory_in_the_process(store, moves):
    with store.database.write() as connection:
        connection.execute(delete(HOSTS))
        connection.execute(delete(ROBOTS))
    memory, model, now = Hosts(store.database, clock=lambda: 0.0), ProcessMemory(), NOW
    for step, jump in moves:
        assert play(memory, step, now) == play(model, step, now), (step, now)
        now += jump


def test_pauses_survive_a_restart(address):
    with open_store(address) as store:
        assert store.hosts.take_turn("a.example", "", gap=1, now=NOW) == 0
        store.hosts.postpone("a.example", 600, now=NOW)
        store.hosts.keep_robots("https://a.example", KeptRobots("User-agent: *\nDisallow: /\x00", "", NOW + 86_400))
    with open_store(address) as store:
        assert store.hosts.take_turn("a.example", "", gap=1, now=NOW + 10) == pytest.approx(590, abs=5)
        assert store.hosts.recall_robots("https://a.example", now=NOW + 10).text.startswith("User-agent: *\nDisallow: /")
        assert store.hosts.recall_robots("https://a.example", now=NOW + 90_000) is None
