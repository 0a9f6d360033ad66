"""spaCy's English tokenizer, made in a fraction of the time.

Most of what `spacy.blank("en")` takes goes into 1,347 exceptions ("can't", "U.S.", ":-)"), each added by itself, and into a
pipeline that has no components. An exception that a text does not hold has no say in how the text is parted, so
each is added when the first text comes that does (`tests/pipeline/test_tokenizer.py` holds the tokens to spaCy's own).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spacy.attrs import LOWER
from spacy.lang.en import English
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex
from spacy.vocab import Vocab

_EXCEPTIONS: Mapping[str, Any] = English.Defaults.tokenizer_exceptions
_MOST_SEARCHED = 30_000
"""Characters after which all exceptions are added: looking for them then costs more than they do."""


class EnglishTokenizer:
    """A callable from text to Doc; of its tokens only form, lower-case form and place are to be relied on."""

    def __init__(self) -> None:
        self._pending = dict(_EXCEPTIONS)
        self._longest = max(map(len, self._pending), default=0)
        self._searched = 0
        self._tokenizer = _bare_tokenizer()

    def __call__(self, text: str) -> Doc:
        """The tokens of a text as `spacy.blank("en")` parts it."""
        if self._pending:
            self._add_exceptions(text)
        doc: Doc = self._tokenizer(text)
        return doc

    def part(self, stretch: str) -> tuple[str, ...]:
        """The forms of the tokens of what stands between two blanks.

        A word of ASCII letters that is no exception is one token, and so is the comma after it, or the full stop where
        the word is lower-case; they are most of what a text holds, and need no Doc.
        """
        word = stretch[:-1] if stretch[-1:] in (",", ".") else stretch
        if word.isalpha() and word.isascii() and word not in _EXCEPTIONS and stretch not in _EXCEPTIONS:
            if word is stretch:
                return (word,)
            if stretch[-1] == "," or word.islower():
                return word, stretch[-1]
        return tuple(token.text for token in self(stretch))

    def _add_exceptions(self, text: str) -> None:
        """Adds those that the text holds; spaCy meets smileys across blanks too."""
        self._searched += len(text)
        if self._searched > _MOST_SEARCHED:
            self._tokenizer = _bare_tokenizer(_EXCEPTIONS)
            self._pending.clear()
        elif text.isalpha() and text.isascii():  # parted as a whole or not at all
            self._add({text})
        else:
            self._add({" ", *_runs(text.replace(" ", ""), self._longest)})

    def _add(self, candidates: set[str]) -> None:
        for exception in candidates & self._pending.keys():
            self._tokenizer.add_special_case(exception, self._pending.pop(exception))


def _runs(text: str, longest: int) -> set[str]:
    """All runs of at most so many characters."""
    return {text[start:end] for start in range(len(text)) for end in range(start + 1, min(start + longest, len(text)) + 1)}


def _bare_tokenizer(exceptions: Any = None) -> Tokenizer:  # noqa: ANN401 - as spaCy keeps them
    """A tokenizer with English rules and the given exceptions, in a vocabulary that knows lower-case forms alone."""
    rules = English.Defaults
    return Tokenizer(
        Vocab(lex_attr_getters={LOWER: str.lower}),
        rules=exceptions,
        prefix_search=compile_prefix_regex(rules.prefixes or ()).search,
        suffix_search=compile_suffix_regex(rules.suffixes or ()).search,
        infix_finditer=compile_infix_regex(rules.infixes).finditer,
        token_match=rules.token_match,
        url_match=rules.url_match,
    )
