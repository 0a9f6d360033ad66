"""Finds the cues of the lexicon in a Doc: the component `nac_cues`.

All wordings of all rows are found in one sweep; rows that are pairs (`first` … `second`) are put
together afterwards from the hits of their halves inside one clause. Results are in
`doc.spans["nac_cues"]`: `span.label_` is the category, `span.id_` the lexicon row.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from classifier.pipeline.lexicon import CueRow, Lexicon, load_lexicon
from classifier.pipeline.phrases import PhraseTrie
from classifier.pipeline.tokens import lower_words, sentence_bounds

SPANS = "nac_cues"
MODIFIERS = "nac_modifiers"
"""Key in `doc.user_data`: hits of qualifier rules and actors, `[key, start, end]` in tokens, for `nac_context`."""

# A pair does not reach across these: they part one clause from the next.
BARRIERS = frozenset({";", ":", "but", "however", "although", "though", "whereas", "unless", "(", ")", "—"})

Found = tuple[int, int, CueRow]


class CueFinder:
    """The component: holds the compiled lexicon, never changes it.

    Args:
        nlp: pipeline whose tokenizer the phrases share.
        lexicon: rows to look for.
    """

    def __init__(self, nlp: Language, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._trie = PhraseTrie(nlp)
        self._pairs = [row for row in lexicon.cues if not row.phrases]
        self._single = {f"cue:{row.id}": row for row in lexicon.cues if row.phrases}
        self._halves: dict[str, list[tuple[int, int]]] = {}
        self._compile()

    def _compile(self) -> None:
        for row in self._single.values():
            self._add(row.phrases, f"cue:{row.id}")
        keys: dict[tuple[str, ...], str] = {}
        for index, row in enumerate(self._pairs):
            for half, phrases in enumerate((row.first, row.second)):
                # Rows that share a list of phrases share its key, so that each wording is found once.
                if phrases not in keys:
                    keys[phrases] = f"half:{len(keys)}"
                    self._add(phrases, keys[phrases])
                self._halves.setdefault(keys[phrases], []).append((index, half))
        for rule in self.lexicon.qualifiers:
            self._add(rule.phrases, f"rule:{rule.id}")
        for actor in self.lexicon.actors:
            self._add(actor.names, f"actor:{actor.id}")

    def _add(self, phrases: Sequence[str], key: str) -> None:
        self._trie.add((wording for phrase in phrases for wording in self.lexicon.expand(phrase)), key)

    def __call__(self, doc: Doc) -> Doc:
        """Puts the cues of `doc` into `doc.spans["nac_cues"]`, in order of their place."""
        found, modifiers = self.find(doc)
        doc.spans[SPANS] = [Span(doc, start, end, label=row.category, span_id=row.id) for start, end, row in _settle(found)]
        doc.user_data[MODIFIERS] = modifiers
        return doc

    def find(self, doc: Doc) -> tuple[list[Found], list[list[Any]]]:
        """Every row that is met, as (start, end, row) in tokens, before longer ones take in shorter ones; and the modifiers."""
        words = lower_words(doc)
        found: list[Found] = []
        halves: dict[int, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {}
        modifiers: list[list[Any]] = []
        for key, start, end in self._trie.find(words):
            kind = key[0]
            if kind == "h":
                for index, half in self._halves[key]:
                    halves.setdefault(index, ([], []))[half].append((start, end))
            elif kind == "c":
                found.append((start, end, self._single[key]))
            else:
                modifiers.append([key, start, end])
        return found + self._join_halves(doc, words, halves), modifiers

    def _join_halves(
        self, doc: Doc, words: list[str], halves: dict[int, tuple[list[tuple[int, int]], list[tuple[int, int]]]]
    ) -> list[Found]:
        whole = {index: sides for index, sides in halves.items() if sides[0] and sides[1]}
        if not whole:
            return []
        clause = _clauses(doc, words)
        found: list[Found] = []
        for index, (firsts, seconds) in whole.items():
            row = self._pairs[index]
            found += [(start, end, row) for start, end in _join(row, firsts, seconds, clause)]
        return found


def _clauses(doc: Doc, words: list[str]) -> list[int]:
    """Numbers the clause of each token: a new one at each sentence and after each barrier."""
    numbers: list[int] = []
    current = 0
    for start, end in sentence_bounds(doc):
        current += 1
        for word in words[start:end]:
            numbers.append(current)
            if word in BARRIERS:
                current += 1
    return numbers


def _join(row: CueRow, firsts: list[tuple[int, int]], seconds: list[tuple[int, int]], clause: list[int]) -> list[tuple[int, int]]:
    """Joins each first half to the nearest second half in its clause, at most `gap` words off."""
    joined = []
    for a, b in firsts:
        best: tuple[int, int, int] | None = None
        for c, d in seconds:
            if c >= b:
                distance, span = c - b, (a, d)
            elif row.order == "any" and d <= a:
                distance, span = a - d, (c, b)
            else:
                continue
            nearer = distance <= row.gap and (best is None or distance < best[0])
            if nearer and clause[span[0]] == clause[span[1] - 1]:
                best = (distance, *span)
        if best is not None:
            joined.append(best[1:])
    return joined


def _settle(found: list[Found]) -> list[Found]:
    """Drops a cue inside a longer one of its own category or of a category that the longer one absorbs."""
    ranked = sorted(dict.fromkeys(found), key=lambda c: (c[0], -c[1], c[2].id))
    return [cue for cue in ranked if not any(_takes_in(other, cue) for other in ranked)]


def _takes_in(other: Found, cue: Found) -> bool:
    """Whether `other` covers `cue` and speaks for it: by a longer span, or by its id between equals."""
    if other[0] > cue[0] or other[1] < cue[1] or other is cue:
        return False
    if cue[2].category in other[2].absorbs:
        return True
    longer = other[1] - other[0] > cue[1] - cue[0]
    return cue[2].category == other[2].category and (longer or other[2].id < cue[2].id)


@Language.factory("nac_cues", assigns=["doc.spans"], default_config={"lexicon": None})
def create_nac_cues(nlp: Language, name: str, lexicon: str | None) -> Any:  # noqa: ANN401 - spaCy's factories return any callable
    """Makes the component.

    Args:
        nlp: the pipeline.
        name: its name in the pipeline.
        lexicon: folder of a lexicon, or null for the one that is shipped.
    """
    return CueFinder(nlp, load_lexicon(Path(lexicon)) if lexicon else load_lexicon())
