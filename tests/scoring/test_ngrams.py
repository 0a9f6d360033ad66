"""N-grams read all at once are what they are one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.scoring.ngrams import read_ngrams
from classifier.scoring.vocabulary import Vocabulary

WRONG = [
    ("a b\na\n", "'a b' stands before its prefix 'a'", "its beginning comes later"),
    ("a b\n", "'a b' stands before its prefix 'a'", "its beginning does not come at all"),
    ("a\na b\na c b\n", "'a c b' stands before its prefix 'a c'", "its beginning lacks its last word"),
    ("a\na b c\na b\n", "'a b c' stands before its prefix 'a b'", "a longer one before its beginning"),
    ("a\nb\na b c d\n", "n-gram 2 has 4 words", "longer than any that is looked for"),
    ("a\n\nb\n", "n-gram 1 lacks a word", "an empty line"),
    ("a\na \n", "n-gram 1 lacks a word", "a blank at the end"),
]


@pytest.mark.parametrize(("text", "message", "reason"), WRONG, ids=[case[2] for case in WRONG])
def test_wrong_ngrams_are_refused(text, message, reason):
    with pytest.raises(ValueError, match=message):
        read_ngrams(text)


def test_none_at_all():
    table = read_ngrams("")
    assert (table.codes, len(table.heads), len(table.lasts)) == ({}, 0, 0)


words = st.sampled_from(["a", "b", "é", "北", "<name>", "o'c"])


@given(st.lists(st.lists(words, min_size=1, max_size=3), max_size=12))
def test_any_ngrams_are_found_again(grams):
    closed = dict.fromkeys(" ".join(gram[:n]) for gram in grams for n in range(1, len(gram) + 1))
    ngrams = list(closed)
    vocabulary = Vocabulary("".join(f"{ngram}\n" for ngram in ngrams), ("cue:x",))
    assert vocabulary.ngrams == tuple(ngrams)
    assert [vocabulary.name(column) for column in range(len(vocabulary))] == [*ngrams, "cue:x"]
    codes = vocabulary.codes
    for column, ngram in enumerate(ngrams):
        head, _, last = ngram.rpartition(" ")
        longer = head and vocabulary.longer(np.array([ngrams.index(head)]), np.array([codes[last]]))
        assert (longer[0] if head else vocabulary.firsts[codes[last]]) == column
