"""A table of hashes says what a dictionary says."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.scoring.hashes import HashTable
from classifier.scoring.ngrams import LongerTable

KEYS = st.one_of(st.integers(0, 2**62), st.integers(0, 300))


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEYS, st.integers(0, 2**40), max_size=200), st.lists(st.one_of(KEYS, st.integers(-5, -1)), max_size=200))
def test_it_finds_what_a_dictionary_finds(entries, others):
    table = HashTable(np.array(list(entries), np.int64), np.array(list(entries.values()), np.int64))
    wanted = [*entries, *others]
    assert table.find(np.array(wanted, np.int64)).tolist() == [entries.get(key, -1) for key in wanted]


def test_keys_of_one_hash_stand_one_after_the_other():
    table = HashTable(np.arange(8), np.arange(8) + 100)
    hashes = table._hash(np.arange(2000))
    alike = np.flatnonzero(hashes == hashes.max())[:8]  # all at the end, where the table must go on past its hashes
    table = HashTable(alike, alike + 7)
    assert table.find(alike).tolist() == (alike + 7).tolist()
    assert (table.find(np.setdiff1d(np.arange(2000), alike)) == -1).all()


def test_longer_ngrams_are_the_same_by_hashes_and_by_halves():
    rng = np.random.default_rng(3)
    pairs = np.unique(rng.integers(0, 400, (5000, 2)), axis=0)
    table = LongerTable(pairs[:, 0], pairs[:, 1], np.arange(len(pairs)), 400)
    heads, lasts = rng.integers(-1, 400, 9000), rng.integers(0, 400, 9000)
    by_halves = table.find(heads, lasts)
    table.make_ready_for_many()
    assert table.find(heads, lasts).tolist() == by_halves.tolist()
