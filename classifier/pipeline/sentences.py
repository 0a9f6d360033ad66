"""Where sentences begin: a rule component for `spacy.blank("en")`.

spaCy's own `sentencizer` parts at every full stop. Statements are full of stops that end nothing
("No. 5", "Art. 4", "the U.S. Government", the "3." of a numbered paragraph) and of breaks that have
no stop at all (headings, list items), so the rules are spelt out here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from classifier.pipeline.tokens import mark_sentences
from classifier.pipeline.words import BREAK, MAY_END, SPACE, Words, word_table

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


def find_starts(words: Words) -> list[int]:
    """The tokens at which a sentence begins, in order; the first token always, white space never but there."""
    if not len(words):
        return []
    texts, flags, count = words.texts, words.flags, len(words)
    starts = {0}
    for i, flag in enumerate(flags):
        if not flag & (MAY_END | BREAK):
            continue
        following = i + 1
        if flag & BREAK:
            if following < count and (texts[i].count("\n") > 1 or _is_list_mark(texts, following)):
                starts.add(following)
            continue
        while following < count and flags[following] & SPACE:
            following += 1
        if following < count and following not in starts and _ends_sentence(texts, i, following):
            starts.add(following)
    return sorted(starts)


def bounds_of(words: Words, forced: Sequence[int] = ()) -> list[tuple[int, int]]:
    """First and past-the-last token of each sentence; one begins at each of the code points in `forced`, too."""
    starts = find_starts(words)
    if len(forced) > 1 or (forced and forced[0] > 0):
        starts = sorted({*starts, *_first_tokens(words, forced)})
    return list(zip(starts, [*starts[1:], len(words)], strict=True))


def _first_tokens(words: Words, offsets: Sequence[int]) -> Iterator[int]:
    """The first token that is no white space at or after each code point."""
    count, flags = len(words), words.flags
    i = 0
    for offset in offsets:
        while i < count and (words.start(i) < offset or flags[i] & SPACE):
            i += 1
        if i < count:
            yield i


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
    """The component `nac_sentences`: sets `token.is_sent_start`."""

    def __call__(self, doc: Doc) -> Doc:
        """Marks where the sentences of `doc` begin; a Doc without tokens passes unchanged."""
        if len(doc):
            words = word_table().read_doc(doc)
            begins = {start for start, _ in bounds_of(words, sorted(doc.user_data.get(PARAGRAPH_STARTS, ())))}
            mark_sentences(doc, [i in begins for i in range(len(doc))])
        return doc


@Language.factory("nac_sentences", assigns=["token.is_sent_start", "doc.sents"])
def create_nac_sentences(nlp: Language, name: str) -> Any:  # noqa: ANN401 - spaCy's factories return any callable
    """Makes the component; it has no settings."""
    return SentenceStarts()
