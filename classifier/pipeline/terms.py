"""The words of a sentence as a model counts them: lower-case, names and numbers put aside.

Which Ally met or was hit, where and on what date are facts, never evidence of a side, so numbers and
dates become placeholders, and so do names; only adversaries and partners keep theirs, since what a
statement is about hangs on them. A capitalised word may
be a name or a common word ("Poland", "Ministers"): it comes marked with `^`, and the model, which knows
the words that occur in lower case, decides.
"""

from __future__ import annotations

from functools import lru_cache

import snowballstemmer

NAME, NUMBER, DATE = "<name>", "<number>", "<date>"
INITIAL = "^"

_DATES = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_stemmer = snowballstemmer.stemmer("english")


# "One" is more often a pronoun.
_NUMBERS = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion".split()
)


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
    if lower in _NUMBERS:
        return NUMBER
    if word[0].isupper():
        if lower.rstrip(".") in _DATES:
            return DATE
        return "i" if lower == "i" else INITIAL + lower
    return lower


def actor_term(side: str, name: str) -> str:
    """The term of an actor of the lexicon: Allies are names like any other; the issuer's words stay as they are."""
    return {"ally": NAME, "issuer": ""}.get(side, f"<{name}>")
