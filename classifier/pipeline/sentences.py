"""Where sentences begin: a rule component for `spacy.blank("en")`.

spaCy's own `sentencizer` parts at every full stop. Statements are full of stops that end nothing
("No. 5", "Art. 4", "the U.S. Government", the "3." of a numbered paragraph) and of breaks that have
no stop at all (headings, list items), so the rules are spelt out here. They run over the marks of
many texts at once (`marks`, `passages`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from classifier.pipeline import marks as m
from classifier.pipeline.passages import Passages, Places, gather
from classifier.pipeline.tokens import mark_sentences, sentence_starts
from classifier.pipeline.words import word_table

PARAGRAPH_STARTS = "nac_paragraph_starts"
"""Key in `doc.user_data`: character offsets at which a paragraph begins, hence a sentence too."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Bounds:
    """Sentences of several texts: first tokens and past the last, `firsts` and `lasts` (S,); the sentence of each token, `numbers` (N,)."""

    firsts: Places
    lasts: Places
    numbers: Places

    @classmethod
    def of(cls, passages: Passages, begins: Flags) -> Bounds:
        """Sentences that begin at each token of which `begins` says so, and at the first one of each text."""
        edges = passages.marks & m.EDGE > 0
        begins = begins & ~edges
        begins[passages.firsts] = passages.firsts < passages.lasts
        turns = np.flatnonzero(begins | edges)
        own = begins[turns]
        return cls(turns[own], np.append(turns[1:], len(edges))[own], np.cumsum(begins) - 1)


def bounds_of(passages: Passages, forced: Places | None = None) -> Bounds:
    """The sentences of some texts; one begins at the first word at or after each of the places in `forced`, too.

    No sentence but a text's first begins with white space, and every text's first token begins one.
    """
    begins = _find_starts(passages)
    if forced is not None and len(forced):
        at = next_word(passages.marks, np.searchsorted(passages.starts, forced))
        begins[at] = True
    return Bounds.of(passages, begins)


def bounds_in(doc: Doc, passages: Passages) -> Bounds:
    """The sentences that are marked in a Doc, which are `passages`; the whole Doc where none is."""
    begins = np.zeros(len(passages.kinds), bool)
    begins[passages.firsts[0] : passages.lasts[0]] = sentence_starts(doc)
    return Bounds.of(passages, begins)


def forced_starts(paragraphs: Sequence[int]) -> Sequence[int]:
    """Of the offsets at which the paragraphs of one text begin, those that begin a sentence: a lone one at its beginning says nothing."""
    return paragraphs if len(paragraphs) > 1 or (paragraphs and paragraphs[0] > 0) else ()


def next_word(marks: NDArray[np.int32], at: Places) -> Places:
    """The first token at or after each of the given ones that is no white space."""
    at = at.copy()
    spaces = np.flatnonzero(marks[at] & m.SPACE)
    while len(spaces):
        at[spaces] += 1
        spaces = spaces[marks[at[spaces]] & m.SPACE > 0]
    return at


def _last_spoken(marks: NDArray[np.int32], at: Places) -> Places:
    """The last token at or before each of the given ones that is neither white space nor closes anything, or the first of the text."""
    places = np.arange(len(marks))
    places[marks & (m.CLOSER | m.SPACE) > 0] = 0
    found = np.maximum.accumulate(places)[at]
    return np.asarray(found + (marks[found] & m.EDGE > 0))


def last_word(marks: NDArray[np.int32], at: Places) -> Places:
    """The last token at or before each of the given ones that is no white space."""
    at = at.copy()
    spaces = np.flatnonzero(marks[at] & m.SPACE)
    while len(spaces):
        at[spaces] -= 1
        spaces = spaces[marks[at[spaces]] & m.SPACE > 0]
    return at


def _find_starts(passages: Passages) -> Flags:
    """Whether a sentence begins at each token after one that may end it, or at a line that a break sets apart."""
    marks = passages.marks
    begins = np.zeros(len(marks), bool)
    stops = np.flatnonzero(marks & m.MAY_END)
    following = next_word(marks, stops + 1)
    begins[following[_end_sentences(marks, stops, following)]] = True
    breaks = np.flatnonzero(marks & m.BREAK)
    apart = (marks[breaks] & m.BREAKS > 0) | _are_list_marks(marks, breaks + 1)
    begins[breaks[apart] + 1] = True
    return begins


def _are_list_marks(marks: NDArray[np.int32], at: Places) -> Flags:
    """Whether the lines that begin at some tokens open with a bullet, "(a)", "1." or "2)"."""
    word, following = marks[at], marks[at + 1]
    enclosed = (word & m.OPEN > 0) & (marks[np.minimum(at + 2, len(marks) - 1)] & m.SHUT > 0)
    numbered = (word & m.COUNTER > 0) & (following & m.AFTER_COUNTER > 0) | (word & m.COUNTED > 0)
    return np.asarray((word & m.BULLET > 0) | np.where(enclosed, following & m.SHORT > 0, numbered))


def _end_sentences(marks: NDArray[np.int32], stops: Places, following: Places) -> Flags:
    """Whether the sentences that hold the tokens `stops` are over when the tokens `following` come."""
    closed = _last_spoken(marks, stops)
    word, stop, before = marks[following], marks[closed], marks[closed - 1]
    opens, last = word & m.OPENER > 0, closed == stops
    abbreviated = last & opens & (stop & m.STOPPED > 0) & (stop & m.NEVER_LAST == 0)
    # "3." at the head of a paragraph or after a finished sentence is its number.
    numbered = (before & m.SHORT_NUMBER > 0) & (marks[closed - 2] & (m.EDGE | m.SPACE | m.ENDER | m.CLOSER) > 0)
    held = last & (stop & m.POINT > 0) & ((before & m.ABBREVIATION > 0) & ~opens | numbered)
    over = np.where(stop & m.ENDER > 0, (word & m.MIDDLE == 0) & ~held, abbreviated)
    return np.asarray(over & (word & m.EDGE == 0))


class SentenceStarts:
    """The component `nac_sentences`: sets `token.is_sent_start`."""

    def __call__(self, doc: Doc) -> Doc:
        """Marks where the sentences of `doc` begin; a Doc without tokens passes unchanged."""
        if len(doc):
            passages = gather([word_table().read_doc(doc)])
            forced = forced_starts(sorted(doc.user_data.get(PARAGRAPH_STARTS, ())))
            starts = np.zeros(len(doc), bool)
            starts[bounds_of(passages, np.array(forced, np.int64) + passages.offsets[0]).firsts - passages.firsts[0]] = True
            mark_sentences(doc, starts)
        return doc


@Language.factory("nac_sentences", assigns=["token.is_sent_start", "doc.sents"])
def create_nac_sentences(nlp: Language, name: str) -> Any:  # noqa: ANN401 - spaCy's factories return any callable
    """Makes the component; it has no settings."""
    return SentenceStarts()
