"""Where sentences begin: a rule component for `spacy.blank("en")`.

spaCy's own `sentencizer` parts at every full stop. Statements are full of stops that end nothing
("No. 5", "Art. 4", "the U.S. Government", the "3." of a numbered paragraph) and of breaks that have
no stop at all (headings, list items), so the rules are spelt out here.
"""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from classifier.pipeline.tokens import doc_words, mark_sentences

PARAGRAPH_STARTS = "nac_paragraph_starts"
"""Key in `doc.user_data`: character offsets at which a paragraph begins, hence a sentence too."""

_ENDERS = frozenset({".", "!", "?", "…", "...", "。"})
_CLOSERS = frozenset({'"', "'", "''", ")", "]", "”", "’", "»"})
_BULLETS = frozenset({"-", "--", "—", "*", "•", "·", "▪", "◦", "o"})
# Abbreviations that spaCy's tokenizer leaves apart from their stop, and that expect a word or number to follow.
_ABBREVIATIONS = frozenset(
    "no nos art arts para paras par ch cf fig vol pp p rev ref doc res sec sect lt sgt capt cdr cpl col maj brig adm "
    "vadm amb hon dr mr mrs ms prof sr jr st mt ft approx dept est min mil intl vs viz al ed eds inst gov pres sen rep".split()
)
_NEVER_LAST = frozenset({"mr.", "mrs.", "ms.", "dr.", "gen.", "e.g.", "i.e.", "a.m.", "p.m.", "vs."})
# After an abbreviation that may end a sentence ("in the U.S. The Council ..."), these words begin a new one.
_OPENERS = frozenset(
    "the this these those that we they it he she our their its in on at as all any both by for from if no not "
    "such there to while when where with allies ministers nato however moreover furthermore following a an".split()
)


def _ends_with_stop(text: str) -> bool:
    return len(text) > 1 and text[-1] == "." and text[-2].isalpha()


def sentence_starts(words: list[str], newlines: list[int]) -> list[bool]:
    """Decides for each token whether a sentence begins there.

    Args:
        words: token texts; white-space tokens included.
        newlines: for each token, how many line breaks it holds (0 for a word).

    Returns:
        One flag a token; the first is always true.
    """
    count = len(words)
    starts = [False] * count
    if not count:
        return starts
    starts[0] = True
    previous = -1  # the last token that is no white space
    line_start = 0  # the first token of the line
    for i, word in enumerate(words):
        if newlines[i]:
            line_start = i + 1
            if newlines[i] > 1 and i + 1 < count:
                starts[i + 1] = True
            continue
        if word.isspace():
            if starts[i] and i and i + 1 < count:
                starts[i], starts[i + 1] = False, True
            continue
        if i == line_start and i and not starts[i]:
            starts[i] = _is_list_mark(words, i)
        if not starts[i] and previous >= 0 and _ends_sentence(words, previous, i):
            starts[i] = True
        previous = i
    return starts


def _is_list_mark(words: list[str], i: int) -> bool:
    """Whether the line that begins at token `i` opens with a bullet, "(a)", "1." or "2)"."""
    word = words[i]
    following = words[i + 1] if i + 1 < len(words) else ""
    if word in _BULLETS:
        return True
    if word == "(" and i + 2 < len(words) and words[i + 2] == ")":
        return len(following) <= 4
    return (word.isdigit() or len(word) == 1) and following in {".", ")"} or _is_number_mark(word)


def _is_number_mark(word: str) -> bool:
    return len(word) <= 5 and word[:-1].replace(".", "").isdigit() and word[-1] in ".)"


def _ends_sentence(words: list[str], end: int, i: int) -> bool:
    """Whether the sentence that holds token `end` is over when token `i` comes."""
    word = words[i]
    closed = end
    while closed > 0 and (words[closed] in _CLOSERS or words[closed].isspace()):
        closed -= 1
    stop = words[closed]
    if stop not in _ENDERS:
        if _ends_with_stop(stop) and closed == end:
            return word[:1].isupper() and word.lower() in _OPENERS and stop.lower() not in _NEVER_LAST
        return False
    if word in _CLOSERS or word in _ENDERS or word[:1].islower() or word in {",", ";", ":"}:
        return False
    before = words[closed - 1] if closed else ""
    if stop == "." and closed == end:
        if before.lower() in _ABBREVIATIONS and not (word[:1].isupper() and word.lower() in _OPENERS):
            return False
        if _is_paragraph_number(words, closed):
            return False
    return True


def _is_paragraph_number(words: list[str], stop: int) -> bool:
    """Whether the stop belongs to "3." at the head of a paragraph or after a finished sentence."""
    number = words[stop - 1] if stop else ""
    if not (number.isdigit() and len(number) <= 3 or len(number) == 1 and number.isalpha()):
        return False
    before = stop - 2
    return before < 0 or words[before].isspace() or words[before] in _ENDERS or words[before] in _CLOSERS


class SentenceStarts:
    """The component `nac_sentences`: sets `token.is_sent_start` by `sentence_starts`."""

    def __call__(self, doc: Doc) -> Doc:
        """Marks where the sentences of `doc` begin; a Doc without tokens passes unchanged."""
        if not len(doc):
            return doc
        words = doc_words(doc)
        newlines = [word.count("\n") if "\n" in word else 0 for word in words]
        starts = sentence_starts(words, newlines)
        forced = doc.user_data.get(PARAGRAPH_STARTS)
        if forced:
            self._force(doc, starts, list(forced))
        mark_sentences(doc, starts)
        return doc

    @staticmethod
    def _force(doc: Doc, starts: list[bool], offsets: list[int]) -> None:
        pending = sorted(offsets, reverse=True)
        for token in doc:
            if pending and token.idx >= pending[-1] and not token.is_space:
                starts[token.i] = True
                while pending and pending[-1] <= token.idx:
                    pending.pop()


@Language.factory("nac_sentences", assigns=["token.is_sent_start", "doc.sents"])
def create_nac_sentences(nlp: Language, name: str) -> Any:  # noqa: ANN401 - spaCy's factories return any callable
    """Makes the component; it has no settings."""
    return SentenceStarts()
