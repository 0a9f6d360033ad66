"""The words of a sentence as a model counts them: lower-case, stemmed, names and numbers put aside.

Who met, who was hit and on what date are facts, never evidence of a side, so names, numbers and
dates become placeholders; only an adversary's name keeps its role. A capitalised word at the head
of a sentence may be a name or not: it comes marked with `^`, and the model that knows which words
occur in lower case decides.
"""

from __future__ import annotations

from functools import lru_cache

import snowballstemmer
from spacy.attrs import ORTH
from spacy.tokens import Doc

NAME, NUMBER, DATE, ADVERSARY = "<name>", "<number>", "<date>", "<adversary>"
INITIAL = "^"

_DATES = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_stemmer = snowballstemmer.stemmer("english")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The Porter2 stem of a lower-case word (Porter 2001, snowballstem.org)."""
    stemmed: str = _stemmer.stemWord(word)
    return stemmed


@lru_cache(maxsize=200_000)
def term_of(word: str) -> str:
    """The term of a token inside a sentence: empty for punctuation and white space."""
    if not any(map(str.isalnum, word)):
        return ""
    if any(map(str.isdigit, word)):
        return NUMBER if not word[0].isalpha() else NAME
    lower = word.lower()
    if word[0].isupper():
        bare = lower.rstrip(".")
        if bare in _DATES:
            return DATE
        return "i" if lower == "i" else NAME
    return stem(lower)


@lru_cache(maxsize=200_000)
def initial_term_of(word: str) -> str:
    """The term of the first word of a sentence: `^` and the stem where its capital says nothing."""
    if word[:1].isupper() and word.rstrip(".").lower() not in _DATES and not any(map(str.isdigit, word)):
        return INITIAL + stem(word.lower())
    return term_of(word)


def sentence_terms(words: list[str], adversaries: set[int], offset: int = 0) -> tuple[str, ...]:
    """The terms of one sentence, in order; a run of name tokens is one `<name>`.

    Args:
        words: its tokens.
        adversaries: numbers of the tokens that name an adversary, counted from the Doc's first.
        offset: number of the sentence's first token.
    """
    shouted = len(words) > 3 and words[0].isupper() and all(w.isupper() for w in words if w.isalpha())
    terms: list[str] = []
    first = True
    previous = ""
    for i, word in enumerate(words, offset):
        if i in adversaries:
            term = ADVERSARY
        elif shouted:
            term = term_of(word.lower())
        elif first:
            term = initial_term_of(word)
        else:
            term = term_of(word)
        if not term:
            continue
        # A list mark or paragraph number is no first word.
        first = first and (term == NUMBER or len(word) == 1 and word.islower())
        if term != previous or term not in (NAME, ADVERSARY, NUMBER, DATE):
            terms.append(term)
        previous = term
    return tuple(terms)


def doc_words(doc: Doc) -> list[str]:
    """The token texts of a Doc, read in one sweep."""
    strings = doc.vocab.strings
    return [strings[orth] for orth in doc.to_array([ORTH]).ravel().tolist()]
