"""Reads pieces of texts together: their sentences and cues as rows of numbers, from which plain values are made text by text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from classifier.pipeline.actors import Actors
from classifier.pipeline.context import ContextReader
from classifier.pipeline.cues import CueFinder
from classifier.pipeline.evidence import CATEGORIES, QUALIFIER_SETS, Cue, Sentence, Tally, TermRun, number_kind
from classifier.pipeline.lexicon import Lexicon
from classifier.pipeline.marks import SMALL, UPPER
from classifier.pipeline.passages import Passages, Places, read_passages
from classifier.pipeline.sentences import Bounds, bounds_of, forced_starts, last_word, next_word
from classifier.pipeline.shadow import Shadow
from classifier.pipeline.spans import spread_ranges
from classifier.pipeline.terms import actor_term
from classifier.pipeline.words import Numbers, WordTable


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that begins at `start`; `paragraphs` are where those in it begin, and their numbers."""

    text: str
    start: int
    paragraphs: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Sentences:
    """Sentences of several pieces: offsets, paragraphs, first tokens and past the last; `begins` (P + 1,) is each piece's first."""

    starts: Places
    ends: Places
    paragraphs: Places
    firsts: Places
    lasts: Places
    begins: Places


@dataclass(frozen=True)
class Marks:
    """Cues of several pieces: rows, kinds, offsets, sentences, bits of qualifiers; `begins` (P + 1,) is each piece's first."""

    rows: Places
    kinds: Places
    starts: Places
    ends: Places
    sentences: Places
    qualifiers: Places
    begins: Places


@dataclass(frozen=True)
class PiecesRead:
    """What was read of some pieces: `terms` (N,) are the numbers of the terms of all tokens."""

    lexicon: Lexicon
    table: WordTable
    terms: Numbers
    sentences: Sentences
    marks: Marks

    def tally(self, first: int, last: int) -> Tally:
        """What is counted of the pieces from `first` up to `last`."""
        low, high = self.sentences.begins[[first, last]].tolist()
        firsts = self.sentences.firsts[low:high]
        end = int(self.sentences.lasts[high - 1]) if high > low else 0
        cues = slice(*self.marks.begins[[first, last]].tolist())
        return Tally(
            self.table,
            self.terms[firsts[0] : end] if high > low else self.terms[:0],
            np.diff(firsts, append=end),
            self.sentences.paragraphs[low:high],
            self.marks.kinds[cues],
            self.marks.sentences[cues] - low,
        )

    def count_sentences(self, first: int, last: int) -> int:
        """How many sentences the pieces from `first` up to `last` have."""
        return int(self.sentences.begins[last] - self.sentences.begins[first])

    def list_sentences(self, first: int, last: int) -> list[Sentence]:
        """The sentences of the pieces from `first` up to `last`."""
        own = slice(*self.sentences.begins[[first, last]].tolist())
        columns = (self.sentences.starts, self.sentences.ends, self.sentences.paragraphs, self.sentences.firsts, self.sentences.lasts)
        table, terms = self.table, self.terms
        return [
            Sentence(start, end, paragraph, TermRun(table, terms[low:high]))
            for start, end, paragraph, low, high in zip(*(column[own].tolist() for column in columns), strict=True)
        ]

    def list_cues(self, first: int, last: int, before: int = 0) -> list[Cue]:
        """The cues of the pieces from `first` up to `last`; their sentences are counted from `before`."""
        own = slice(*self.marks.begins[[first, last]].tolist())
        shift = before - int(self.sentences.begins[first])
        columns = (self.marks.rows, self.marks.starts, self.marks.ends, self.marks.sentences, self.marks.qualifiers)
        cues = []
        for number, start, end, sentence, bits in zip(*(column[own].tolist() for column in columns), strict=True):
            row = self.lexicon.cues[number]
            cues.append(Cue(row.id, row.category, CATEGORIES[row.category], start, end, sentence + shift, QUALIFIER_SETS[bits]))
        return cues


@dataclass(frozen=True)
class Reader:
    """What reads with one lexicon: the finder of its cues and the reader of their context."""

    finder: CueFinder
    context: ContextReader

    @cached_property
    def _kinds(self) -> Places:
        """The kind of each row of the lexicon where it is not qualified."""
        return np.array([number_kind(row.category, ()) for row in self.finder.lexicon.cues], np.int64)

    @cached_property
    def _roles(self) -> tuple[str, ...]:
        """The term that the names of each actor stand for."""
        return tuple(actor_term(row.side, row.id) for row in self.context.lexicon.actors)

    def read(self, table: WordTable, pieces: Sequence[Piece]) -> PiecesRead:
        """Reads pieces of one or of several texts together."""
        passages, shadows = read_passages(table, [piece.text for piece in pieces])
        bounds = bounds_of(passages, _forced(pieces, passages, shadows))
        found = self.finder.find(passages, bounds)
        actors = self.context.actors.read(passages, found.actors)
        qualifiers = self.context.qualify(passages, bounds, self.context.cues(found.cues), found.rules, actors)
        origin = _Origin(passages, pieces, shadows)
        sentences, numbers = _read_sentences(passages, bounds, origin)
        begins = np.append(np.searchsorted(found.cues.firsts, passages.firsts), len(found.cues.firsts))
        marks = Marks(
            found.cues.rows,
            self._kinds[found.cues.rows] + qualifiers,
            *origin.given(found.cues.firsts, found.cues.lasts),
            numbers[bounds.numbers[found.cues.firsts]],
            qualifiers,
            begins,
        )
        terms = _read_terms(passages, sentences, actors, self._roles)
        return PiecesRead(self.finder.lexicon, table, terms, sentences, marks)


def _forced(pieces: Sequence[Piece], passages: Passages, shadows: dict[int, Shadow]) -> Places:
    """The places at which paragraphs begin, where they begin a sentence."""
    forced: list[int] = []
    offsets: list[int] = passages.offsets.tolist()
    for number, piece in enumerate(pieces):
        starts = piece.paragraphs
        if len(starts) == 1 and starts[0][0] <= piece.start and number not in shadows:
            continue
        own = [at - piece.start for at, _ in starts]
        if number in shadows:
            own = shadows[number].plain_offsets(own)
        forced += [offsets[number] + at for at in forced_starts(own)]
    return np.array(forced, np.int64)


class _Origin:
    """Leads from tokens back to the given texts."""

    def __init__(self, passages: Passages, pieces: Sequence[Piece], shadows: dict[int, Shadow]) -> None:
        self._passages = passages
        self._shadows = shadows
        self.pieces = pieces
        self._starts = np.array([piece.start for piece in pieces], np.int64)

    def piece_of(self, tokens: Places) -> Places:
        """The number of each token's piece."""
        return np.asarray(np.searchsorted(self._passages.firsts, tokens, side="right") - 1)

    def given(self, firsts: Places, lasts: Places) -> tuple[Places, Places]:
        """Where the tokens from `firsts` up to `lasts` stand in the given texts."""
        owners = self.piece_of(firsts)
        offsets = self._passages.offsets[owners]
        low, high = self._passages.starts[firsts] - offsets, self._passages.ends[lasts - 1] - offsets
        for number, shadow in self._shadows.items():
            for i in np.flatnonzero(owners == number).tolist():
                low[i], high[i] = shadow.given_span(int(low[i]), int(high[i]))
        return low + self._starts[owners], high + self._starts[owners]


def _read_sentences(passages: Passages, bounds: Bounds, origin: _Origin) -> tuple[Sentences, Places]:
    """Sentences without the white space about them and without empty ones; and the number among them of each of `bounds`."""
    firsts = next_word(passages.marks, bounds.firsts)
    some = firsts < bounds.lasts
    firsts, lasts = firsts[some], last_word(passages.marks, bounds.lasts[some] - 1) + 1
    starts, ends = origin.given(firsts, lasts)
    owners = origin.piece_of(firsts)
    width = int(ends.max(initial=0)) + 1
    counts = np.fromiter((len(piece.paragraphs) for piece in origin.pieces), np.int64, len(origin.pieces))
    before = np.cumsum(counts) - counts
    at, numbers = np.array([both for piece in origin.pieces for both in piece.paragraphs], np.int64).reshape(-1, 2).T
    keys = np.repeat(np.arange(len(counts)), counts) * width + np.minimum(at, width - 1)
    paragraph = np.searchsorted(keys, owners * width + starts, side="right") - 1
    begins = np.append(np.searchsorted(firsts, passages.firsts), len(firsts))
    sentences = Sentences(starts, ends, numbers[np.maximum(paragraph, before[owners])], firsts, lasts, begins)
    return sentences, np.cumsum(some) - some


def _read_terms(passages: Passages, sentences: Sentences, actors: Actors, roles: Sequence[str]) -> Numbers:
    """The number of each token's term; names of actors stand for their role, and words of a shouted sentence as if in lower case."""
    table = passages.table
    terms: Numbers = table.terms.values[passages.kinds]
    marks = passages.marks
    long = np.flatnonzero((marks[sentences.firsts] & UPPER > 0) & (sentences.lasts - sentences.firsts > 3))
    for first, last in zip(sentences.firsts[long].tolist(), sentences.lasts[long].tolist(), strict=True):
        if not (marks[first:last] & SMALL).any():
            lower = [table.kind(table.lowers[kind], False) for kind in passages.kinds[first:last].tolist()]
            terms[first:last] = table.terms.values[lower]
    numbers = np.array([table.term_number(role) for role in roles], np.int32)[actors.rows]
    named = np.flatnonzero(numbers)
    owners, at = spread_ranges(actors.firsts[named], (actors.lasts - actors.firsts)[named])
    terms[at] = numbers[named][owners]
    return terms
