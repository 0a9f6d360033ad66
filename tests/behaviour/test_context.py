"""Qualifiers by scope: each row places a cue by hand, so which lexicon rows exist does not matter."""

import json
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Span

from classifier.pipeline.context import QUALIFIER_ATTRIBUTE, ContextReader
from classifier.pipeline.cues import SPANS, CueFinder
from classifier.pipeline.lexicon import CueRow, Lexicon, load_lexicon
from classifier.pipeline.sentences import SentenceStarts
from classifier.pipeline.wordings import compile_phrases

CASES = [json.loads(line) for line in (Path(__file__).parent / "context.jsonl").read_text(encoding="utf-8").splitlines()]
PAIR = CueRow("pair", "posture_action", "hawkish", 1, (), (), "test", "2026-11-22", first=("zzz",), second=("zzz",))


@pytest.fixture(scope="module")
def steps():
    shipped = load_lexicon()
    rules_only = Lexicon((PAIR,), shipped.classes, shipped.qualifiers, shipped.actors)
    nlp = spacy.blank("en")
    return nlp, CueFinder(rules_only, compile_phrases(nlp.tokenizer, rules_only)), ContextReader(rules_only)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_qualifiers(case, steps, request):
    if case.get("known_gap"):
        request.applymarker(pytest.mark.xfail(reason=case["reason"]))
    nlp, finder, reader = steps
    doc = finder(SentenceStarts()(nlp.make_doc(case["text"])))
    at = case["text"].lower().find(case["span"].lower())
    span = doc.char_span(at, at + len(case["span"]), alignment_mode="expand")
    # A cue that spans a negator stands for a pair whose halves lie on both sides of it.
    entry = "pair" if {"not", "no", "never"} & set(case["span"].lower().split()) else "phrase"
    doc.spans[SPANS] = [Span(doc, span.start, span.end, label=case["category"], span_id=entry)]
    found = reader(doc).spans[SPANS].attrs[QUALIFIER_ATTRIBUTE][0]
    assert sorted(found) == sorted(case["qualifiers"]), case["reason"]
