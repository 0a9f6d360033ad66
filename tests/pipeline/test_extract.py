"""Offsets, typography, long texts and the survival of cues outside the process."""

import pickle

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin

from classifier.pipeline.context import QUALIFIER_ATTRIBUTE
from classifier.pipeline.cues import SPANS
from classifier.pipeline.extract import LONGEST_PIECE, build_pipeline, read_text, split_paragraphs
from classifier.pipeline.shadow import cast_shadow

PLAIN = 'Allies\' ships were sent to the coast at once. The Council "remains in close contact" with counter-drone experts.'
# Every sentence of these tests is constructed.


def cue_words(text):
    return [(c.entry, c.qualifiers, text[c.start : c.end]) for c in read_text(text).cues]


TYPOGRAPHY = [
    ("'", "\u2019", "curly apostrophe"),
    ('"', "\u201c", "curly quotation mark"),
    (" ", "\u00a0", "no-break space"),
    ("-", "\u2013", "en dash in a compound"),
    ("-", "\u2011", "no-break hyphen"),
    ("ships", "sh\u00adips", "soft hyphen"),
    ("contact", "con\u200btact", "zero-width space"),
    (". The", ".\r\nThe", "CRLF"),
    (" the coast", "  the coast", "doubled space"),
]


@pytest.mark.parametrize(("old", "new", "reason"), TYPOGRAPHY, ids=[row[2] for row in TYPOGRAPHY])
def test_typography_changes_neither_cues_nor_offsets(old, new, reason):
    changed = PLAIN.replace(old, new)
    assert changed != PLAIN
    before, after = cue_words(PLAIN), cue_words(changed)
    assert [b[:2] for b in before] == [a[:2] for a in after], reason
    assert before, "the text must hold cues"
    for (_, _, words), (_, _, found) in zip(before, after, strict=True):
        assert cast_shadow(found).text.replace("\n", " ") == words, reason


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400))
def test_offsets_of_any_text(text):
    reading = read_text(text)
    end = 0
    for sentence in reading.sentences:
        assert end <= sentence.start < sentence.end <= len(text)
        end = sentence.end
    for cue in reading.cues:
        sentence = reading.sentences[cue.sentence]
        assert sentence.start <= cue.start < cue.end <= sentence.end


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab. \u00a0\u00ad\u200b\r\n\t\u2019\u2013", max_size=80))
def test_shadow_maps_back(text):
    shadow = cast_shadow(text)
    for i in range(len(shadow.text)):
        start, end = shadow.given_span(i, i + 1)
        assert 0 <= start < end <= len(text)
        assert shadow.text[i].isspace() == text[start].isspace() or text[start] in "\x00\x0b\x0c"
    assert cast_shadow(shadow.text).text == shadow.text.replace("\r", "\n")


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab \n\t\r", max_size=60))
def test_paragraphs_cover_the_text(text):
    paragraphs = split_paragraphs(text)
    covered = " ".join(text[p.start : p.end] for p in paragraphs)
    assert covered.split() == text.split()
    assert all(text[p.start : p.end] == text[p.start : p.end].strip() for p in paragraphs)


def test_a_long_line_is_read_whole():
    sentence = "Four frigates were sent to the strait. "
    text = sentence * (3 * LONGEST_PIECE // len(sentence))
    reading = read_text(text)
    assert len(reading.sentences) == text.count(".")
    assert reading.sentences[-1].end == len(text.rstrip())


def test_a_line_without_any_sentence_end_is_read_too():
    text = "ships " * (2 * LONGEST_PIECE // 6)
    reading = read_text(text)
    assert reading.sentences[-1].end == len(text.rstrip())


def test_cues_survive_pickle_bytes_and_docbin():
    nlp = build_pipeline()
    doc = nlp("Allies did not send ships. The Council remains in close contact.")
    expected = [(s.label_, s.id_, s.start, s.end) for s in doc.spans[SPANS]]
    assert expected
    binary = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    copies = [
        pickle.loads(pickle.dumps(doc)),
        Doc(spacy.blank("en").vocab).from_bytes(doc.to_bytes()),
        next(iter(DocBin(store_user_data=True).from_bytes(binary).get_docs(spacy.blank("en").vocab))),
    ]
    for copy in copies:
        assert [(s.label_, s.id_, s.start, s.end) for s in copy.spans[SPANS]] == expected
        assert copy.spans[SPANS].attrs[QUALIFIER_ATTRIBUTE] == doc.spans[SPANS].attrs[QUALIFIER_ATTRIBUTE]


def test_factories_are_found_by_name_in_a_foreign_pipeline():
    nlp = spacy.blank("en")
    for name in ("nac_sentences", "nac_cues", "nac_context", "nac_signals"):
        nlp.add_pipe(name)
    doc = nlp("Allies sent two frigates. They remain in close contact.")
    assert doc.user_data["nac_signals"]["response_force"]["count"] >= 1
    assert doc.user_data["nac_signals"]["contact"]["count"] >= 1


@pytest.mark.parametrize(("later", "earlier"), [("nac_context", "nac_cues"), ("nac_signals", "nac_context")])
def test_a_missing_step_is_named(later, earlier):
    with pytest.raises(ValueError, match=earlier):
        spacy.blank("en").add_pipe(later)
