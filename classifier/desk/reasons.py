"""Which words made a score so: contributions of features, told in the words of the text.

A model counts stems and cues. Here each contribution goes to the words it came from: a cue's feature
to the cue (shared where several set it), an n-gram to the cue or the longer n-gram that holds it, else
to its own words. What belongs to the same words is added up, so nothing is told twice. A function word
that stands alone is left to the list of contributions: it counts, but it tells a reader nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from spacy.lang.en.stop_words import STOP_WORDS

from classifier.pipeline.evidence import Cue
from classifier.pipeline.shadow import cast_shadow
from classifier.pipeline.terms import DATE, NAME, NUMBER, stem, term_of
from classifier.pipeline.words import word_table
from classifier.scoring.verdict import Contribution, ReleaseScore
from classifier.scoring.vocabulary import cue_feature

MOST_REASONS = 8
LEAST_VALUE = 0.01
"""Log-odds below which words are not worth naming."""

_SENTENCES_LOOKED_AT = 10
_FACTS = frozenset({NAME, NUMBER, DATE})


@dataclass(frozen=True, slots=True)
class Reason:
    """Words of the text and what they add to the log-odds; `cue` is the number of the cue they are, if any."""

    start: int
    end: int
    sentence: int
    value: float
    cue: int | None = None


@dataclass(slots=True)
class _Group:
    """Words under which contributions are gathered."""

    start: int
    end: int
    cue: int | None = None
    value: float = 0.0


def find_reasons(text: str, result: ReleaseScore, *, most: int = MOST_REASONS) -> tuple[Reason, ...]:
    """The words that weigh most, the weightiest first.

    Args:
        text: the text that was scored.
        result: its score.
        most: how many are named at most.
    """
    parts = [part for part in result.contributions if part.outcome in (None, result.verdict)]
    chosen = list(dict.fromkeys(part.sentence for part in parts[: 8 * most]))[:_SENTENCES_LOOKED_AT]
    by_sentence: dict[int, list[Contribution]] = {number: [] for number in chosen}
    for part in parts:
        if part.sentence in by_sentence:
            by_sentence[part.sentence].append(part)
    found: list[Reason] = []
    for number, own in by_sentence.items():
        for group in _gather(text, result, number, own):
            if abs(group.value) >= LEAST_VALUE and not _is_function_word(text[group.start : group.end]):
                found.append(Reason(group.start, group.end, number, group.value, group.cue))
    found.sort(key=lambda reason: (-abs(reason.value), reason.start))
    return tuple(found[:most])


def _gather(text: str, result: ReleaseScore, number: int, parts: Iterable[Contribution]) -> list[_Group]:
    """Groups of one sentence: its cues first, then n-grams outside them, the longest before those it holds."""
    sentence = result.sentences[number]
    groups = [_Group(result.cues[i].start, result.cues[i].end, i) for i in sentence.cues]
    setters = _setters(result.cues, sentence.cues)
    ngrams = []
    for part in parts:
        own = setters.get(part.feature)
        for place in own or ():
            groups[place].value += part.value / len(own or ())
        if own is None:
            ngrams.append((part.feature.split(" "), part.value))
    tokens = _tokens(text, sentence.start, sentence.end)
    for terms, value in sorted(ngrams, key=lambda ngram: -len(ngram[0])):
        span = None if _FACTS.issuperset(terms) else _find(terms, tokens)
        if span is None:
            continue
        holders = [group for group in groups if group.start <= span[0] and span[1] <= group.end]
        if not holders:
            holders = [_Group(*span)]
            groups += holders
        min(holders, key=lambda group: group.end - group.start).value += value
    return groups


def _setters(cues: Sequence[Cue], numbers: Sequence[int]) -> dict[str, list[int]]:
    """Which of a sentence's cues, counted within it, set a feature."""
    setters: dict[str, list[int]] = {}
    for place, number in enumerate(numbers):
        setters.setdefault(cue_feature(cues[number]), []).append(place)
    return setters


def _is_function_word(words: str) -> bool:
    return words.lower() in STOP_WORDS


class _Token(NamedTuple):
    """A word of a sentence, its stem, and its place in the text."""

    word: str
    stem: str
    start: int
    end: int


def _tokens(text: str, start: int, end: int) -> list[_Token]:
    """The words of a sentence as the pipeline parts them."""
    shadow = cast_shadow(text[start:end])
    tokens = []
    words = word_table().read(shadow.text)
    for i, word in enumerate(words.texts):
        if term_of(word):
            low, high = shadow.given_span(words.start(i), words.end(i))
            tokens.append(_Token(word, stem(word.lower()), start + low, start + high))
    return tokens


def _find(terms: Sequence[str], tokens: Sequence[_Token]) -> tuple[int, int] | None:
    """Where the terms of an n-gram first stand in a sentence."""
    for first in range(len(tokens)):
        last = _match(terms, tokens, first)
        if last is not None:
            return tokens[first].start, tokens[last - 1].end
    return None


def _match(terms: Sequence[str], tokens: Sequence[_Token], at: int) -> int | None:
    """The number of the token after the last one matched; a placeholder stands for a run of words."""
    for term in terms:
        if at >= len(tokens) or not _stands_for(tokens[at], term):
            return None
        at += 1
        while term[0] == "<" and at < len(tokens) and _stands_for(tokens[at], term):
            at += 1
    return at


def _stands_for(token: _Token, term: str) -> bool:
    if term[0] != "<":
        return token.stem == term or token.word.lower() == term
    return term_of(token.word) == term if term in (NUMBER, DATE) else token.word[0].isupper()
