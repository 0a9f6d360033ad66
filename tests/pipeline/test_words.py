"""Tokens as numbers are spaCy's own tokens, and reading them finds what the spaCy components find."""

import json
from pathlib import Path

import pytest
import spacy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import corpus
from classifier.pipeline.context import QUALIFIER_ATTRIBUTE
from classifier.pipeline.cues import SPANS
from classifier.pipeline.extract import build_pipeline, read_text
from classifier.pipeline.shadow import cast_shadow
from classifier.pipeline.words import WordTable, word_table

NLP = spacy.blank("en")
STATEMENTS = (Path(corpus.__file__).parent / "constructed.jsonl").read_text(encoding="utf-8").splitlines()
TEXTS = [json.loads(line)["text"] for line in STATEMENTS[::20]]
ODD = [
    ("", "nothing"),
    (" ", "a blank"),
    ("a  b", "two blanks make a token of white space"),
    ("word \n\n next", "a blank before a blank line"),
    ("one\n two", "a blank after a line break"),
    ("\tindented\x1cline", "other white space"),
    ("can't won't U.S. e.g. :-) 8) (c) 5km", "what the tokenizer parts by exceptions"),
    ("trailing ", "a blank at the end"),
    ('https://example.org/a?b=c, (see) "quoted".', "addresses and marks"),
]


def tokens(text):
    return [(token.text, token.idx) for token in NLP.make_doc(text)]


@pytest.mark.parametrize(("text", "reason"), ODD, ids=[case[1] for case in ODD])
def test_odd_texts_are_parted_as_spacy_parts_them(text, reason):
    words = word_table().read(text)
    assert [(words.texts[i], words.start(i)) for i in range(len(words))] == tokens(text), reason


# No colon: spaCy looks for smileys across blanks, and one that seems to begin before a blank may hide one after it (") :)3");
# so may a quote before a blank with the two after it.
@given(st.text(alphabet=st.sampled_from("aB3 .,'\"-()\n\u2019\u00e9$/"), max_size=60))
@settings(max_examples=300)
def test_any_text_is_parted_as_spacy_parts_it(text):
    assume("' ''" not in text and "\u2019 \u2019\u2019" not in text)
    words = word_table().read(text)
    assert [(words.texts[i], words.start(i)) for i in range(len(words))] == tokens(text)


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_statements_are_read_as_the_components_read_them(number):
    text = cast_shadow(TEXTS[number]).text
    doc = build_pipeline()(text)
    group = doc.spans[SPANS]
    found = [(s.id_, s.start_char, s.end_char, tuple(q)) for s, q in zip(group, group.attrs[QUALIFIER_ATTRIBUTE], strict=True)]
    assert sorted((c.entry, c.start, c.end, c.qualifiers) for c in read_text(text).cues) == sorted(found)


def test_a_full_table_is_left_for_a_fresh_one(monkeypatch):
    before = read_text("Allies will respond to Zembla.")
    monkeypatch.setattr(WordTable, "full", True)
    after = read_text("Allies will respond to Zembla.")
    assert before.sentences[0].run.table is not after.sentences[0].run.table
    assert before.sentences[0].terms == after.sentences[0].terms
