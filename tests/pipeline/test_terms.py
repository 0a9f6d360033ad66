"""Stems are the same whichever of the two libraries makes them."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from snowballstemmer.english_stemmer import EnglishStemmer

import models
from classifier.pipeline.terms import stem

STANCE = Path(models.__file__).parent / "stance-1"
PLAIN = EnglishStemmer()


def test_stems_of_all_words_that_the_model_knows():
    words = (STANCE / "known.txt").read_text(encoding="utf-8").split()
    assert len(words) > 10_000
    assert [stem(word) for word in words] == [PLAIN.stemWord(word) for word in words]


@given(st.text(alphabet="abcdeilnorstuyz'", max_size=14) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(str.lower))
@settings(max_examples=500)
def test_stems_of_any_word(word):
    assert stem(word) == PLAIN.stemWord(word)
