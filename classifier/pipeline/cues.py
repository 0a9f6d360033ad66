"""Finds the cues of the lexicon: the component `nac_cues`, and the same for many texts at once.

Whole phrases are found in one sweep; rows that are pairs (`first` … `second`) are put together from their
halves inside one clause (`pairs`). Results of the component are in
`doc.spans["nac_cues"]`: `span.label_` is the category, `span.id_` the lexicon row.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from classifier.pipeline.lexicon import Lexicon, load_lexicon
from classifier.pipeline.pairs import PairFinder
from classifier.pipeline.passages import Passages, Places, gather
from classifier.pipeline.sentences import Bounds, bounds_in
from classifier.pipeline.spans import Flags, Lists, find_covered
from classifier.pipeline.wordings import Phrases, compile_phrases
from classifier.pipeline.words import word_table

SPANS = "nac_cues"
MODIFIERS = "nac_modifiers"
"""Key in `doc.user_data`: hits of qualifier rules and actors, `[key, start, end]` in tokens, for `nac_context`."""


@dataclass(frozen=True)
class Met:
    """What of a lexicon was met: tokens from `firsts` up to `lasts`, and the number of the row, in order of place."""

    firsts: Places
    lasts: Places
    rows: Places


@dataclass(frozen=True)
class Found:
    """Cues of some texts, and the qualifier rules and actors that bear on them, each by its number in the lexicon."""

    cues: Met
    rules: Met
    actors: Met


class CueFinder:
    """The component: holds the compiled lexicon, never changes it.

    Args:
        lexicon: rows to look for.
        phrases: their wordings, as `compile_phrases` made them.
    """

    def __init__(self, lexicon: Lexicon, phrases: Phrases) -> None:
        self.lexicon = lexicon
        self._whole = phrases.whole
        self._cues, self._rules, self._actors = (
            _rows_of(phrases.whole.meanings, kind, [row.id for row in rows])
            for kind, rows in (("cue:", lexicon.cues), ("rule:", lexicon.qualifiers), ("actor:", lexicon.actors))
        )
        self._pairs = PairFinder(lexicon, phrases.halves)
        self._ranks = np.empty(len(lexicon.cues), np.int64)
        self._ranks[sorted(range(len(lexicon.cues)), key=lambda i: lexicon.cues[i].id)] = np.arange(len(lexicon.cues))
        names = list(dict.fromkeys([row.category for row in lexicon.cues] + [name for row in lexicon.cues for name in row.absorbs]))
        self._categories = np.array([names.index(row.category) for row in lexicon.cues], np.int64)
        self._absorbs = np.array([[name in row.absorbs for name in names] for row in lexicon.cues], bool).reshape(-1, len(names))

    def __call__(self, doc: Doc) -> Doc:
        """Puts the cues of `doc` into `doc.spans["nac_cues"]`, in order of their place."""
        passages = gather([word_table().read_doc(doc)])
        found = self.find(passages, bounds_in(doc, passages))
        cues, shift = self.lexicon.cues, int(passages.firsts[0])
        doc.spans[SPANS] = [
            Span(doc, first - shift, last - shift, label=cues[i].category, span_id=cues[i].id) for first, last, i in _listed(found.cues)
        ]
        named = ((found.rules, "rule", self.lexicon.qualifiers), (found.actors, "actor", self.lexicon.actors))
        modifiers = [[f"{kind}:{rows[i].id}", first - shift, last - shift] for met, kind, rows in named for first, last, i in _listed(met)]
        doc.user_data[MODIFIERS] = sorted(modifiers, key=itemgetter(1, 2))
        return doc

    def find(self, passages: Passages, bounds: Bounds) -> Found:
        """The cues of some texts and what bears on them; longer cues have taken in shorter ones."""
        return self.meet(passages, bounds, settle=True)

    def meet(self, passages: Passages, bounds: Bounds, *, settle: bool = False) -> Found:
        """As `find`, unless `settle`d before longer cues take in shorter ones."""
        hits = self._whole.find(passages)
        cues, rules, actors = (
            Met(hits.firsts[owners], hits.lasts[owners], rows)
            for rows, owners in (lists.spread(hits.meanings) for lists in (self._cues, self._rules, self._actors))
        )
        pairs = self._pairs.find(passages, bounds)
        found = [np.concatenate(parts) for parts in zip((cues.firsts, cues.lasts, cues.rows), pairs, strict=True)]
        return Found(self._settle(*found) if settle else Met(*found), rules, actors)

    def _settle(self, firsts: Places, lasts: Places, rows: Places) -> Met:
        """Drops a cue inside a longer one of its own category or of a category that the longer one absorbs."""
        ranks = self._ranks[rows]
        order = np.lexsort((ranks, -lasts, firsts))
        once = np.ones(len(order), bool)
        for values in (firsts, lasts, ranks):
            values = values[order]
            once[1:] &= values[1:] == values[:-1]
        once[1:] = ~once[1:]
        order = order[once]
        firsts, lasts, rows, ranks = firsts[order], lasts[order], rows[order], ranks[order]
        categories, lengths, absorbs = self._categories[rows], lasts - firsts, self._absorbs[rows]

        def takes_in(over: Places, under: Places) -> Flags:
            stronger = (lengths[over] > lengths[under]) | (ranks[over] < ranks[under])
            return np.asarray(absorbs[over, categories[under]] | (categories[over] == categories[under]) & stronger)

        kept = ~find_covered(firsts, lasts, takes_in)
        return Met(firsts[kept], lasts[kept], rows[kept])


def _rows_of(meanings: list[tuple[str, ...]], kind: str, ids: list[str]) -> Lists:
    """For each meaning, the numbers of its rows of one kind."""
    numbers = {kind + name: number for number, name in enumerate(ids)}
    return Lists([[numbers[key] for key in keys if key.startswith(kind)] for keys in meanings])


def _listed(met: Met) -> list[tuple[int, int, int]]:
    return list(zip(met.firsts.tolist(), met.lasts.tolist(), met.rows.tolist(), strict=True))


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
