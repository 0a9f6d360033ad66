"""What a text model looks at: the chunks of a text (what white space parts), each with the sentence that owns it.

A model reads a text as it stands (`given`), or as the pipeline reads it, with names of persons and places, numbers and
dates put aside (`masked`). Everything is counted chunk by chunk, so that each count has a sentence to which it belongs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from classifier.pipeline.evidence import Reading
from classifier.scoring.vocabulary import Vocabulary, features_by_sentence

GIVEN, MASKED = "given", "masked"
SHORTEST_PIECE, LONGEST_PIECE = 2, 5
LONGEST_CHUNK = 60
"""Letters of a chunk that are looked at; nobody's words are longer."""

_CHUNK = re.compile(r"\S+")
_WORD = re.compile(r"\w+|[!?]")
_PLACEHOLDER = re.compile(r"<[^\W\d][^<>]*>")


@dataclass(frozen=True, slots=True)
class Chunks:
    """The chunks of a text, lower-case (or placeholders such as `<name>`), the sentence of each, and its cues likewise."""

    words: Sequence[str]
    owners: Sequence[int]
    cues: Sequence[str] = ()
    cue_owners: Sequence[int] = ()


def given_chunks(text: str, starts: Sequence[int] = ()) -> Chunks:
    """The text as it stands.

    Args:
        text: the text.
        starts: where its sentences begin; without them all is of sentence 0.
    """
    if len(starts) < 2:
        words = text.lower().split()
        return Chunks(words, (0,) * len(words))
    found = [(match[0].lower(), max(0, bisect_right(starts, match.start()) - 1)) for match in _CHUNK.finditer(text)]
    return Chunks([word for word, _ in found], [owner for _, owner in found])


def read_chunks(text: str, reading: Reading | None, known: Vocabulary, *, masked: bool) -> Chunks:
    """The chunks and cues of a whole text.

    Args:
        text: the text.
        reading: what the pipeline read in it; null where a model needs neither cues nor masks.
        known: knows the words that occur in lower case, so that a name can be told from the first word of a sentence.
        masked: names, numbers and dates are put aside.
    """
    if reading is None:
        return given_chunks(text)
    chunks = _masked(reading, known) if masked else given_chunks(text, [s.start for s in reading.sentences])
    cues = [(name, number) for number, names in enumerate(features_by_sentence(reading)) for name in names]
    return Chunks(chunks.words, chunks.owners, [name for name, _ in cues], [number for _, number in cues])


def _masked(reading: Reading, known: Vocabulary) -> Chunks:
    words: list[str] = []
    owners: list[int] = []
    for number, sentence in enumerate(reading.sentences):
        own = known.resolve(sentence.terms)
        words += own
        owners += [number] * len(own)
    return Chunks(words, owners)


def words_of(chunk: str) -> list[str]:
    """The words of a chunk; marks that call out or ask are words of their own."""
    return [chunk] if _PLACEHOLDER.fullmatch(chunk) else _WORD.findall(chunk[:LONGEST_CHUNK])


def pieces_of(chunk: str) -> list[str]:
    """Runs of 2 to 5 letters of a chunk, its edges marked by a blank; none of a placeholder."""
    if _PLACEHOLDER.fullmatch(chunk):
        return []
    marked = f" {chunk[:LONGEST_CHUNK]} "
    return [marked[i : i + n] for n in range(SHORTEST_PIECE, LONGEST_PIECE + 1) for i in range(len(marked) - n + 1)]
