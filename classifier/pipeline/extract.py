"""From a text to its sentences and cues: the pipeline put together, the only way in for other rooms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from classifier.pipeline import context, cues, sentences
from classifier.pipeline.evidence import CATEGORIES, Cue, Reading, Sentence
from classifier.pipeline.lexicon import DATA
from classifier.pipeline.shadow import Shadow, cast_shadow
from classifier.pipeline.terms import actor_term, sentence_terms
from classifier.pipeline.tokens import doc_words, sentence_bounds
from scraper.release import Paragraph, Release

LONGEST_PIECE = 5_000
"""Characters in one Doc at most, so that no release is too long and time grows with length in a straight line."""

_BLANK_LINES = re.compile(r"\s*\n[^\S\n]*\n\s*")
_SENTENCE_GAP = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(])")


@cache
def build_pipeline(lexicon: Path = DATA) -> Language:
    """Makes the pipeline: blank English tokenizer, sentence rules, cues, context. Made once per lexicon folder.

    Raises:
        LexiconError: the lexicon cannot be read.
    """
    nlp = spacy.blank("en")
    folder = None if lexicon == DATA else str(lexicon)
    nlp.add_pipe("nac_sentences")
    nlp.add_pipe("nac_cues", config={"lexicon": folder})
    nlp.add_pipe("nac_context", config={"lexicon": folder})
    return nlp


def read_text(text: str, paragraphs: Sequence[Paragraph] | None = None, *, lexicon: Path = DATA) -> Reading:
    """Reads a text of any length: where its sentences are, which cues they hold, and in what context.

    Args:
        text: the text as given.
        paragraphs: its paragraphs in order; without them, blank lines part them.
        lexicon: the lexicon folder.
    """
    nlp = build_pipeline(lexicon)
    spans = list(paragraphs) if paragraphs is not None else split_paragraphs(text)
    found: list[Sentence] = []
    marks: list[Cue] = []
    for start, end, members in _pieces(text, spans):
        shadow = cast_shadow(text[start:end])
        doc = nlp.make_doc(shadow.text)
        doc.user_data[sentences.PARAGRAPH_STARTS] = _shadow_offsets(shadow, [spans[m].start - start for m in members])
        nlp(doc)
        _gather(doc, shadow, start, [(spans[m].start, m) for m in members], found, marks)
    return Reading(tuple(found), tuple(marks))


def extract_cues(source: str | Release, *, lexicon: Path = DATA) -> tuple[Cue, ...]:
    """The cues of a text or a release, in order, each with its qualifiers."""
    if isinstance(source, Release):
        return read_text(source.text, source.paragraphs, lexicon=lexicon).cues
    return read_text(source, lexicon=lexicon).cues


def split_paragraphs(text: str) -> list[Paragraph]:
    """Paragraphs as blank lines part them; white space around them is left out."""
    spans, position = [], len(text) - len(text.lstrip())
    stripped_end = len(text.rstrip())
    for match in _BLANK_LINES.finditer(text, position):
        if position < match.start():
            spans.append(Paragraph(position, match.start()))
        position = match.end()
    if position < stripped_end:
        spans.append(Paragraph(position, stripped_end))
    return spans


def _pieces(text: str, spans: Sequence[Paragraph]) -> Iterator[tuple[int, int, list[int]]]:
    """Groups paragraphs into pieces of at most `LONGEST_PIECE` characters; a longer paragraph is cut between sentences."""
    members: list[int] = []
    start = 0
    for number, span in enumerate(spans):
        if members and span.end - start > LONGEST_PIECE:
            yield start, spans[members[-1]].end, members
            members = []
        if not members:
            start = span.start
        if span.end - span.start <= LONGEST_PIECE:
            members.append(number)
            continue
        for low, high in _cut(text, span.start, span.end):
            yield low, high, [number]
    if members:
        yield start, spans[members[-1]].end, members


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST_PIECE:
        limit = start + LONGEST_PIECE
        gaps = [m.end() for m in _SENTENCE_GAP.finditer(text, start + LONGEST_PIECE // 2, limit)]
        at = gaps[-1] if gaps else text.rfind(" ", start + 1, limit) + 1 or limit
        yield start, at
        start = at
    yield start, end


def _shadow_offsets(shadow: Shadow, given: list[int]) -> list[int]:
    """Where given offsets (in order) lie in the shadow."""
    if shadow.origin is None:
        return given
    offsets, i = [], 0
    for offset in given:
        while i < len(shadow.origin) and shadow.origin[i] < offset:
            i += 1
        offsets.append(i)
    return offsets


def _gather(doc: Doc, shadow: Shadow, start: int, paragraph_starts: list[tuple[int, int]], found: list[Sentence], marks: list[Cue]) -> None:
    """Turns one Doc into sentences and cues of the given text and appends them."""
    words = doc_words(doc)
    roles = {i: term for i, actor in context.named_actors(doc).items() if (term := actor_term(*actor))}
    numbers: list[int] = [0] * len(doc)
    pending = list(reversed(paragraph_starts))
    paragraph = pending.pop()[1] if pending else 0
    for first, last in sentence_bounds(doc):
        while last > first and words[last - 1].isspace():
            last -= 1
        while first < last and words[first].isspace():
            first += 1
        if first == last:
            continue
        low, high = shadow.given_span(doc[first].idx, doc[last - 1].idx + len(words[last - 1]))
        while pending and pending[-1][0] <= low + start:
            paragraph = pending.pop()[1]
        numbers[first:last] = [len(found)] * (last - first)
        found.append(Sentence(low + start, high + start, paragraph, sentence_terms(words[first:last], roles, first)))
    group = doc.spans[cues.SPANS]
    for span, names in zip(group, group.attrs.get(context.QUALIFIER_ATTRIBUTE, ()), strict=True):
        low, high = shadow.given_span(span.start_char, span.end_char)
        category = span.label_
        marks.append(Cue(span.id_, category, CATEGORIES[category], low + start, high + start, numbers[span.start], tuple(names)))
