"""Texts read together are read as each would be alone, whatever stands beside them."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corpus
from classifier.pipeline import extract
from classifier.pipeline.evidence import tally_of
from classifier.pipeline.extract import read_text, read_texts
from classifier.pipeline.plain import lay_out
from classifier.pipeline.shadow import cast_shadow
from classifier.pipeline.spans import find_covered
from classifier.pipeline.words import WordTable
from scraper.release import Paragraph

LINES = (Path(corpus.__file__).parent / "constructed.jsonl").read_text(encoding="utf-8").splitlines()
STATEMENTS = [json.loads(line)["text"] for line in LINES[::40]]
WORDS = (
    "Allies will not send four frigates if Russia does not withdraw , however the Council remains in close contact "
    "and Russian forces were deployed by Russia ; No. 5 U.S. Art. 4 ( a ) 3. - NATO WILL RESPOND \u2019s \u201cif\u201d may . \n \n\n \r\n"
).split(" ")
MADE = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
ANY = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


def plain(reading):
    return reading.sentences, reading.cues, [sentence.terms for sentence in reading.sentences]


def assert_alike(texts):
    together = [plain(reading) for reading in read_texts((text, None) for text in texts)]
    assert together == [plain(read_text(text)) for text in texts]


@given(st.lists(st.one_of(MADE, ANY, st.sampled_from(STATEMENTS)), max_size=8))
@settings(max_examples=150, deadline=None)
def test_a_group_is_read_as_its_texts_alone(texts):
    assert_alike(texts)


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ([], "no text"),
        (["", " ", "\n", ""], "texts without a word"),
        (["Russia may", "send ships.", "\u201d", ") The Council met."], "a text that ends in the middle, and marks that begin the next"),
        (["NATO WILL RESPOND TO RUSSIA", "NATO will respond to Russia"], "capitals beside small letters"),
        (
            ["a\0b", "\0", "send\u00adships  at once", "Four frigates were sent."],
            "signs that part texts, and a text of another length than its shadow",
        ),
        (["No", "5. The ships", "(", "a) were sent", "3", ". Allies agreed"], "marks and numbers that would go together"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_texts_do_not_touch(texts, reason):
    assert_alike(texts)


def counted(tally):
    owners = np.repeat(np.arange(len(tally.lengths)), tally.lengths)
    some = tally.terms > 0
    return [values.tolist() for values in (tally.terms[some], owners[some], tally.paragraphs, tally.cue_kinds, tally.cue_sentences)]


@pytest.mark.parametrize("size", [0, 6000, 100_000])
def test_what_is_counted_is_what_is_shown(monkeypatch, size):
    monkeypatch.setattr(extract, "_TOGETHER", size)
    texts = [*STATEMENTS[:3], "", " ".join(STATEMENTS[:12]), "A heading\n\n" + "\n\n".join(STATEMENTS[3:8])]
    for reading in read_texts((text, None) for text in texts):
        assert counted(reading.tally) == counted(tally_of(reading.sentences, reading.cues))
        assert plain(pickle.loads(pickle.dumps(reading))) == plain(reading)


def test_where_a_group_ends_does_not_matter(monkeypatch):
    long = " ".join(STATEMENTS[:12])
    texts = [*STATEMENTS[:6], long, *STATEMENTS[6:12]]
    expected = [plain(reading) for reading in read_texts((text, None) for text in texts)]
    for size in (0, 3000, 20_000):
        monkeypatch.setattr(extract, "_TOGETHER", size)
        assert [plain(reading) for reading in read_texts((text, None) for text in texts)] == expected


def test_a_long_text_is_of_one_table_though_it_fills_up_meanwhile(monkeypatch):
    monkeypatch.setattr(extract, "_TOGETHER", 1000)
    monkeypatch.setattr(WordTable, "full", True)
    first, second = read_texts([(" ".join(part), None) for part in (STATEMENTS[:10], STATEMENTS[10:20])])
    assert len({id(sentence.run.table) for sentence in first.sentences}) == 1
    assert second.sentences[0].run.table is not first.sentences[0].run.table


def test_given_paragraphs_are_kept():
    text = "Allies met. They agreed.  Ships were sent.\nThe end"
    paragraphs = (Paragraph(0, 11), Paragraph(12, 24), Paragraph(26, 50))
    alone = read_text(text, paragraphs)
    (other, together) = read_texts([(STATEMENTS[0], None), (text, paragraphs)])
    assert [sentence.paragraph for sentence in alone.sentences] == [0, 1, 2, 2]
    assert plain(together) == plain(alone)
    assert plain(other) == plain(read_text(STATEMENTS[0]))


@given(st.lists(st.one_of(MADE, ANY, st.text(alphabet="a` \n\t\r\x1c\x85\0\u00a0\u2028\u200b\u2019\U0001f600", max_size=12)), max_size=6))
@settings(max_examples=300, deadline=None)
def test_plain_shadows_are_the_shadows(texts):
    laid = lay_out(texts)
    shadows = [cast_shadow(text) for text, is_plain in zip(texts, laid.is_plain.tolist(), strict=True) if is_plain]
    assert all(shadow.origin is None for shadow in shadows)
    assert laid.plain == "".join(shadow.text + " \0 " for shadow in shadows)


def test_no_character_that_spacy_takes_for_white_space_is_plain():
    odd = [chr(code) for code in range(0x110000) if chr(code).isspace() and not 0xD800 <= code < 0xE000]
    for sign in odd:
        (shadow,) = lay_out([f"a{sign}b"]).plain.split(" \0 ")[:-1] or ["a b"]
        assert not any(letter.isspace() and letter not in " \n" for letter in shadow), hex(ord(sign))


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6), st.integers(0, 3)), max_size=12))
def test_covered_spans(spans):
    rows = sorted(((start, -(start + length), strength) for start, length, strength in spans))
    starts, ends, strengths = np.array(rows, np.int64).reshape(-1, 3).T * np.array([[1], [-1], [1]])
    found = find_covered(starts, ends, lambda over, under: strengths[over] > strengths[under])
    expected = [
        any(a <= c and d <= b and s > t for a, b, s in zip(starts, ends, strengths, strict=True))
        for c, d, t in zip(starts, ends, strengths, strict=True)
    ]
    assert found.tolist() == expected
