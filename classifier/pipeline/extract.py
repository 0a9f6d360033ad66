"""From a text to its sentences and cues: the pipeline put together, the only way in for other rooms."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language

from classifier.pipeline.attribution import Actor
from classifier.pipeline.context import ContextReader
from classifier.pipeline.cues import CueFinder, compile_phrases, read_phrases
from classifier.pipeline.evidence import CATEGORIES, Cue, Reading, Sentence, TermRun
from classifier.pipeline.lexicon import DATA, load_lexicon
from classifier.pipeline.sentences import bounds_of
from classifier.pipeline.shadow import Shadow, cast_shadow
from classifier.pipeline.terms import actor_term
from classifier.pipeline.words import SPACE, UPPER, Numbers, Words, word_table
from scraper.release import Paragraph, Release

PHRASES = "phrases.json"
"""Beside a lexicon: its phrases, expanded."""

_INSTALLED = Path(__file__).resolve().parents[2] / "models"
LONGEST_PIECE = 5_000
"""Characters in one Doc at most, so that no release is too long and time grows with length in a straight line."""

_BLANK_LINES = re.compile(r"\s*\n[^\S\n]*\n\s*")
_SENTENCE_GAP = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(])")


@cache
def build_pipeline(lexicon: Path = DATA) -> Language:
    """The same reading as a spaCy pipeline: blank English tokenizer, sentence rules, cues, context. Made once per lexicon folder.

    Raises:
        LexiconError: the lexicon cannot be read.
    """
    nlp = spacy.blank("en")
    folder = None if lexicon == DATA else str(lexicon)
    nlp.add_pipe("nac_sentences")
    nlp.add_pipe("nac_cues", config={"lexicon": folder})
    nlp.add_pipe("nac_context", config={"lexicon": folder})
    return nlp


@dataclass(frozen=True)
class Reader:
    """What reads with one lexicon: the finder of its cues and the reader of their context."""

    finder: CueFinder
    context: ContextReader


@cache
def build_reader(lexicon: Path = DATA) -> Reader:
    """Compiles a lexicon folder, once.

    Raises:
        LexiconError: the lexicon cannot be read.
    """
    rows = load_lexicon(lexicon)
    # A stranger's folder is compiled from its rows, which are checked; the installation's own file is taken as it is.
    known = read_phrases(lexicon / PHRASES, rows.sha256) if lexicon.is_relative_to(_INSTALLED) else None
    return Reader(CueFinder(rows, known or compile_phrases(word_table().tokenizer, rows)), ContextReader(rows))


def read_text(text: str, paragraphs: Sequence[Paragraph] | None = None, *, lexicon: Path = DATA) -> Reading:
    """Reads a text of any length: where its sentences are, which cues they hold, and in what context.

    The same functions as in the spaCy components `nac_sentences`, `nac_cues` and `nac_context`, without a Doc between them.

    Args:
        text: the text as given.
        paragraphs: its paragraphs in order; without them, blank lines part them.
        lexicon: the lexicon folder.
    """
    reader, table = build_reader(lexicon), word_table()
    spans = list(paragraphs) if paragraphs is not None else split_paragraphs(text)
    found: list[Sentence] = []
    marks: list[Cue] = []
    for start, end, members in _pieces(text, spans):
        shadow = cast_shadow(text[start:end] if end - start < len(text) else text)
        piece = _Piece(table.read(shadow.text), shadow, start)
        _read_piece(piece, [(spans[m].start, m) for m in members], reader, found, marks)
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
    if "\n" not in text:
        return [Paragraph(position, stripped_end)] if position < stripped_end else []
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


@dataclass(frozen=True, slots=True)
class _Piece:
    """Tokens of a stretch of the given text that begins at `start`, and how their places lead back to it."""

    words: Words
    shadow: Shadow
    start: int

    def given(self, first: int, last: int) -> tuple[int, int]:
        """Where the tokens from `first` up to `last` stand in the given text."""
        words = self.words
        low, high = words.ends[first] - len(words.texts[first]), words.ends[last - 1]
        if self.shadow.origin is not None:
            low, high = self.shadow.given_span(low, high)
        return low + self.start, high + self.start


def _read_piece(piece: _Piece, paragraphs: list[tuple[int, int]], reader: Reader, found: list[Sentence], marks: list[Cue]) -> None:
    """Appends the sentences and cues of one piece; `paragraphs` are where its paragraphs begin, and their numbers."""
    words = piece.words
    bounds = bounds_of(words, _shadow_offsets(piece.shadow, [at - piece.start for at, _ in paragraphs]))
    places, hits = reader.finder.find(words, bounds)
    actors = reader.context.read_actors(words, hits)
    cues = [(start, end, row.id, row.category) for start, end, row in places]
    qualifiers = reader.context.qualify(words, bounds, cues, hits, actors)
    numbers = _read_sentences(piece, bounds, actors, paragraphs, found)
    lasts = [end for _, end in bounds]
    for (start, end, name, category), own in zip(cues, qualifiers, strict=True):
        low, high = piece.given(start, end)
        marks.append(Cue(name, category, CATEGORIES[category], low, high, numbers[bisect_right(lasts, start)], own))


def _read_sentences(
    piece: _Piece, bounds: Sequence[tuple[int, int]], actors: Sequence[Actor], paragraphs: list[tuple[int, int]], found: list[Sentence]
) -> list[int]:
    """Appends the sentences of one piece, and tells which number each of `bounds` got."""
    words, table = piece.words, piece.words.table
    flags, terms = words.flags, _terms(words, actors)
    numbers: list[int] = []
    pending = list(reversed(paragraphs))
    paragraph = pending.pop()[1] if pending else 0
    for first, last in bounds:
        while last > first and flags[last - 1] & SPACE:
            last -= 1
        while first < last and flags[first] & SPACE:
            first += 1
        numbers.append(len(found))
        if first == last:
            continue
        low, high = piece.given(first, last)
        while pending and pending[-1][0] <= low:
            paragraph = pending.pop()[1]
        run = terms[first:last]
        if flags[first] & UPPER and last - first > 3 and _is_shouted(words, first, last):
            run = _spoken_terms(words, actors, first, last)
        found.append(Sentence(low, high, paragraph, TermRun(table, run)))
    return numbers


def _terms(words: Words, actors: Sequence[Actor]) -> Numbers:
    """The number of each token's term; names of actors stand for their role."""
    numbers: Numbers = words.table.terms.values[words.numbers]
    for actor in actors:
        if term := actor_term(actor.side, actor.id):
            numbers[actor.start : actor.end] = words.table.term_number(term)
    return numbers


def _is_shouted(words: Words, first: int, last: int) -> bool:
    """Whether a sentence is in capitals throughout, so that they mark no name."""
    return all(word.isupper() for word in words.texts[first:last] if word.isalpha())


def _spoken_terms(words: Words, actors: Sequence[Actor], first: int, last: int) -> Numbers:
    """The terms of a shouted sentence, as if it stood in lower case."""
    table = words.table
    lower = Words(table, [table.kind(word, False) for word in words.lowers], words.ends)
    return _terms(lower, actors)[first:last]
