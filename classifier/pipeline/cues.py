"""Finds the cues of the lexicon in a Doc: the component `nac_cues`.

Whole phrases are found in one sweep; rows that are pairs (`first` … `second`) are put together from their
halves inside one clause (`pairs`). Results are in
`doc.spans["nac_cues"]`: `span.label_` is the category, `span.id_` the lexicon row.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, Span

from classifier.pipeline.lexicon import CueRow, Lexicon, load_lexicon
from classifier.pipeline.pairs import PairFinder, half_keys
from classifier.pipeline.phrases import PhraseTrie, TrieBuilder
from classifier.pipeline.tokens import sentence_bounds
from classifier.pipeline.words import Words, word_table

SPANS = "nac_cues"
MODIFIERS = "nac_modifiers"
"""Key in `doc.user_data`: hits of qualifier rules and actors, `[key, start, end]` in tokens, for `nac_context`."""

Found = tuple[int, int, CueRow]
Modifier = tuple[str, int, int]


class CueFinder:
    """The component: holds the compiled lexicon, never changes it.

    Args:
        lexicon: rows to look for.
        phrases: their wordings, as `compile_phrases` made them.
    """

    def __init__(self, lexicon: Lexicon, phrases: Phrases) -> None:
        self.lexicon = lexicon
        self._whole = phrases.whole
        self._rows = [tuple(lexicon.by_id[key[4:]] for key in keys if key.startswith("cue:")) for keys in phrases.whole.meanings]
        self._modifiers = [tuple(key for key in keys if not key.startswith("cue:")) for keys in phrases.whole.meanings]
        self._pairs = PairFinder(lexicon, phrases.halves)

    def __call__(self, doc: Doc) -> Doc:
        """Puts the cues of `doc` into `doc.spans["nac_cues"]`, in order of their place."""
        found, modifiers = self.find(word_table().read_doc(doc), sentence_bounds(doc))
        doc.spans[SPANS] = [Span(doc, start, end, label=row.category, span_id=row.id) for start, end, row in found]
        doc.user_data[MODIFIERS] = [list(modifier) for modifier in modifiers]
        return doc

    def find(self, words: Words, bounds: Sequence[tuple[int, int]]) -> tuple[list[Found], list[Modifier]]:
        """The cues of a text, as (start, end, row) in tokens and in order of their place, and its modifiers.

        Args:
            words: the text.
            bounds: first and past-the-last token of each of its sentences.
        """
        found, modifiers = self.meet(words, bounds)
        return _settle(found) if len(found) > 1 else found, modifiers

    def meet(self, words: Words, bounds: Sequence[tuple[int, int]]) -> tuple[list[Found], list[Modifier]]:
        """As `find`, before longer cues take in shorter ones, in no order."""
        found: list[Found] = []
        modifiers: list[Modifier] = []
        for number, start, end in self._whole.find(words):
            found += [(start, end, row) for row in self._rows[number]]
            modifiers += [(key, start, end) for key in self._modifiers[number]]
        found += self._pairs.find(words, bounds)
        return found, modifiers


@dataclass(frozen=True)
class Phrases:
    """A lexicon's wordings: of `whole` phrases (cues, rules, actors), and of `halves` of pairs."""

    whole: PhraseTrie
    halves: PhraseTrie

    def save(self, path: Path, lexicon_sha256: str) -> None:
        """Writes them as JSON beside the hash of their lexicon: expanding it takes longer than reading them."""
        tries = {name: [trie.root, trie.meanings] for name, trie in (("whole", self.whole), ("halves", self.halves))}
        path.write_text(json.dumps({"lexicon_sha256": lexicon_sha256, **tries}, separators=(",", ":")) + "\n", encoding="utf-8")


def read_phrases(path: Path, lexicon_sha256: str) -> Phrases | None:
    """What `Phrases.save` wrote, or null where there is no such file or it is of another lexicon.

    Only for files that are as good as this program's own: a hash is compared, wordings are not.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["lexicon_sha256"] != lexicon_sha256:
            return None
        return Phrases(PhraseTrie(*found["whole"]), PhraseTrie(*found["halves"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def compile_phrases(tokenizer: Tokenizer, lexicon: Lexicon) -> Phrases:
    """Expands every phrase of a lexicon.

    Args:
        tokenizer: that of the texts.
        lexicon: its rows.
    """
    whole, halves = TrieBuilder(tokenizer), TrieBuilder(tokenizer)

    def add(builder: TrieBuilder, phrases: Sequence[str], key: str) -> None:
        builder.add((wording for phrase in phrases for wording in lexicon.expand(phrase)), key)

    for row in lexicon.cues:
        if row.phrases:
            add(whole, row.phrases, f"cue:{row.id}")
    for phrases, key in half_keys(lexicon).items():
        add(halves, phrases, key)
    for rule in lexicon.qualifiers:
        add(whole, rule.phrases, f"rule:{rule.id}")
    for actor in lexicon.actors:
        add(whole, actor.names, f"actor:{actor.id}")
    return Phrases(whole.build(), halves.build())


def _settle(found: list[Found]) -> list[Found]:
    """Drops a cue inside a longer one of its own category or of a category that the longer one absorbs."""
    once = {(start, end, row.id): (start, end, row) for start, end, row in found}
    ranked = [once[key] for key in sorted(once, key=lambda key: (key[0], -key[1], key[2]))]
    kept: list[Found] = []
    reaching: list[Found] = []  # those that begin here or earlier, and end after here
    for start, group in groupby(ranked, key=itemgetter(0)):
        beginning = list(group)
        reaching = [cue for cue in reaching if cue[1] > start] + beginning
        kept += [cue for cue in beginning if not any(_takes_in(other, cue) for other in reaching)]
    return kept


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
    rows = load_lexicon(Path(lexicon)) if lexicon else load_lexicon()
    return CueFinder(rows, compile_phrases(nlp.tokenizer, rows))
