"""The tokenizer whose exceptions come late parts every text as spaCy's own does."""

import json
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

import corpus
from classifier.pipeline.tokenizer import EnglishTokenizer

NLP = spacy.blank("en")
EXCEPTIONS = sorted(NLP.Defaults.tokenizer_exceptions)
AFFIXES = ["", ".", ",", "...", "-", "--", "(", ")", '"', "'", "’", "’s", "'s", "/", "%", "$", "€", "km", "US$", ":", ";", "?!", "*", "…"]
WORDS = [*"allies NATO Dont cant well 2022 1.5 3rd u.s Art.5 https://nato.int/a?b=c, x@y.org Zoë 北約".split(), ""]
ODD = [
    ("", "nothing"),
    ("can't", "an exception as a whole"),
    ("(can't)", "an exception between marks"),
    ("gimme", "an exception of letters alone"),
    ("forgimme", "the same letters at the end of a word are none"),
    ("U.S.-led", "an exception before a hyphen"),
    (") :)3", "a smiley that spaCy looks for across a blank"),
    ("5km. 8) o.O", "numbers, a unit, smileys"),
    ("¯\\(ツ)/¯ ಠ_ಠ", "exceptions outside ASCII"),
    ("a\u00a0b \t \n c  d", "white space that is an exception"),
    ("don’t’ve", "another apostrophe"),
]


def tokens(doc):
    return [(token.text, token.lower_, token.idx, token.whitespace_) for token in doc]


@pytest.mark.parametrize(("text", "reason"), ODD, ids=[case[1] for case in ODD])
def test_odd_texts(text, reason):
    assert tokens(EnglishTokenizer()(text)) == tokens(NLP.make_doc(text)), reason


def test_every_exception_alone_and_between_marks():
    for form in ("{}", "({}).", "well-{}-{}", "{},{}"):
        for exception in EXCEPTIONS:
            text = form.format(exception, exception)
            late = EnglishTokenizer() if len(exception) > 3 else LATE  # fresh ones are the harder case, and dear
            assert tokens(late(text)) == tokens(NLP.make_doc(text)), text
            assert late.part(text) == tuple(token.text for token in NLP.make_doc(text)), text


@given(st.from_regex(r"[A-Za-z]{1,6}[.,]?", fullmatch=True))
@settings(max_examples=1000)
def test_words_that_are_parted_without_spacy(stretch):
    assert LATE.part(stretch) == tuple(token.text for token in NLP.make_doc(stretch))


LATE = EnglishTokenizer()


def test_every_stretch_of_our_statements():
    check_stretches(*Path(corpus.__file__).parent.glob("constructed*.jsonl"))


def test_every_stretch_of_the_labelled_texts(given_data):
    check_stretches(given_data / "releases.jsonl", given_data / "pool.jsonl")


def check_stretches(*files):
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    found = sorted({stretch for line in lines for stretch in json.loads(line)["text"].split(" ")})
    assert len(found) > 1000
    for start in range(0, len(found), 200):  # soon a tokenizer has all exceptions, and nothing would be shown
        late = EnglishTokenizer()
        for stretch in found[start : start + 200]:
            assert tokens(late(stretch)) == tokens(NLP.make_doc(stretch)), stretch
            assert late.part(stretch) == tuple(token.text for token in NLP.make_doc(stretch)), stretch


stretches = st.lists(st.sampled_from(EXCEPTIONS) | st.sampled_from(AFFIXES) | st.sampled_from(WORDS), max_size=5).map("".join)


@given(stretches)
@settings(max_examples=500)
def test_stretches_of_exceptions_marks_and_words(text):
    assert tokens(EnglishTokenizer()(text)) == tokens(NLP.make_doc(text))
    assert EnglishTokenizer().part(text) == tuple(token.text for token in NLP.make_doc(text))


@given(st.lists(stretches | st.text(max_size=8), max_size=8).map(" ".join))
@settings(max_examples=300)
def test_texts_after_one_another(text):
    assert tokens(LATE(text)) == tokens(NLP.make_doc(text))
