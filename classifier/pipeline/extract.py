"""From a text to its sentences and cues: the pipeline put together, the only way in for other rooms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language

from classifier.pipeline.context import ContextReader
from classifier.pipeline.cues import CueFinder
from classifier.pipeline.evidence import Cue, Reading, Sentence, Tally, join_tallies, tally_of
from classifier.pipeline.lexicon import DATA, load_lexicon
from classifier.pipeline.reading import Piece, PiecesRead, Reader
from classifier.pipeline.wordings import compile_phrases, read_phrases
from classifier.pipeline.words import word_table
from scraper.release import Paragraph, Release

PHRASES = "phrases.npz"
"""Beside a lexicon: its phrases, expanded."""

_INSTALLED = Path(__file__).resolve().parents[2] / "models"
LONGEST_PIECE = 5_000
"""Characters in one Doc at most, so that no release is too long and time grows with length in a straight line."""

_TOGETHER = 100_000  # characters that are read in one go; results do not depend on it

_BLANK_LINES = re.compile(r"\n\s*\n\s*")
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

    Args:
        text: the text as given.
        paragraphs: its paragraphs in order; without them, blank lines part them.
        lexicon: the lexicon folder.
    """
    return next(read_texts([(text, paragraphs)], lexicon=lexicon))


def read_texts(texts: Iterable[tuple[str, Sequence[Paragraph] | None]], *, lexicon: Path = DATA) -> Iterator[Reading]:
    """Reads texts in order, some of them together: faster than `read_text` on each, and the same.

    The same rules as in the spaCy components `nac_sentences`, `nac_cues` and `nac_context`, without a Doc between them.

    Args:
        texts: texts as given, each with its paragraphs or null.
        lexicon: the lexicon folder.
    """
    group = _Group(build_reader(lexicon))
    for text, paragraphs in texts:
        group.begin()
        spans = paragraphs if paragraphs is not None else split_paragraphs(text)
        for start, end, members in _pieces(text, spans):
            if group.size + end - start > _TOGETHER:
                yield from group.read()
            group.add(Piece(text[start:end], start, tuple((spans[m].start, m) for m in members)))
    yield from group.read(ended=True)


class _Group:
    """Pieces that are read together, and the texts that they are of: the last one may go on in the next group."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._table = word_table()
        self._pieces: list[Piece] = []
        self._texts: list[tuple[int, list[tuple[PiecesRead, int, int]]]] = []
        self.size = 0

    def begin(self) -> None:
        """Goes on to the next text."""
        self._texts.append((len(self._pieces), []))

    def add(self, piece: Piece) -> None:
        """Adds a piece of the text that was begun last."""
        self._pieces.append(piece)
        self.size += len(piece.text)

    def read(self, *, ended: bool = False) -> Iterator[Reading]:
        """Reads the pieces; yields the texts that have no more of them, the last one only if all is `ended`."""
        if self._pieces:
            found = self._reader.read(self._table, self._pieces)
            lasts = [first for first, _ in self._texts[1:]] + [len(self._pieces)]
            for (first, parts), last in zip(self._texts, lasts, strict=True):
                if first < last:
                    parts.append((found, first, last))
        whole = len(self._texts) if ended else len(self._texts) - 1
        yield from (Reading.later(_Whole(parts)) for _, parts in self._texts[:whole])
        self._texts = [(0, parts) for _, parts in self._texts[whole:]]
        self._pieces, self.size = [], 0
        if not any(parts for _, parts in self._texts):
            self._table = word_table()


@dataclass(frozen=True, slots=True)
class _Whole:
    """A text from what was read of its pieces: in each group that they were read in, those from one up to another."""

    parts: Sequence[tuple[PiecesRead, int, int]]

    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(sentence for found, first, last in self.parts for sentence in found.list_sentences(first, last))

    def cues(self) -> tuple[Cue, ...]:
        cues: list[Cue] = []
        before = 0
        for found, first, last in self.parts:
            cues += found.list_cues(first, last, before)
            before += found.count_sentences(first, last)
        return tuple(cues)

    def tally(self) -> Tally:
        if not self.parts:
            return tally_of((), ())
        tallies = [found.tally(first, last) for found, first, last in self.parts]
        return tallies[0] if len(tallies) == 1 else join_tallies(tallies)


def extract_cues(source: str | Release, *, lexicon: Path = DATA) -> tuple[Cue, ...]:
    """The cues of a text or a release, in order, each with its qualifiers."""
    if isinstance(source, Release):
        return read_text(source.text, source.paragraphs, lexicon=lexicon).cues
    return read_text(source, lexicon=lexicon).cues


def split_paragraphs(text: str) -> list[Paragraph]:
    """Paragraphs as blank lines part them; white space around them is left out."""
    position, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if "\n" not in text:
        return [Paragraph(position, end)] if position < end else []
    spans = []
    for match in _BLANK_LINES.finditer(text, position, end):
        spans.append(Paragraph(position, position + len(text[position : match.start()].rstrip())))
        position = match.end()
    if position < end:
        spans.append(Paragraph(position, end))
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
