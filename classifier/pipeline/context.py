"""Puts qualifiers on cues: negated, hedged, conditional, reported, historical (component `nac_context`).

The method is ConText's (Harkema et al. 2009, doi:10.1016/j.jbi.2009.05.002): trigger phrases with a
direction and a scope in words, terminators that end a scope, pseudo phrases that hide a trigger
("will not hesitate" is no negation). Who acts is read from the nearest actor before the cue in its
clause (`attribution`): what an adversary does or threatens is `reported`, not the issuer's own stance.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from classifier.pipeline.actors import ActorReader, Actors
from classifier.pipeline.attribution import OWN_DEMANDS, Attribution, Cues
from classifier.pipeline.cues import MODIFIERS, SPANS, Met
from classifier.pipeline.evidence import QUALIFIER_SETS, QUALIFIERS
from classifier.pipeline.lexicon import Lexicon, load_lexicon
from classifier.pipeline.passages import Passages, Places, gather
from classifier.pipeline.sentences import Bounds, bounds_in
from classifier.pipeline.spans import Flags, find_covered, spread_ranges
from classifier.pipeline.words import word_table

ACTORS = "nac_actors"
"""Key in `doc.user_data`: `[start, end, side, id]` of each actor named, in tokens."""

QUALIFIER_ATTRIBUTE = "qualifiers"
"""Key in `doc.spans["nac_cues"].attrs`: one list of qualifier names a cue, in the order of the spans."""

# What these cues say is that something is not done: a negator between their halves is theirs.
_NEGATIVE = frozenset({"self_limitation", "deferral_and_review"})
_KINDS = ("trigger", "terminate", "pseudo")
_TRIGGER, _TERMINATE, _PSEUDO = range(3)
_FORWARD, _BACKWARD, _BOTH = range(3)
_DIRECTIONS = ("forward", "backward", "both")
_NEGATED, _HEDGED, _REPORTED = (QUALIFIERS.index(name) for name in ("negated", "hedged", "reported"))


class ContextReader:
    """The component: reads triggers and actors that `nac_cues` left, and qualifies each cue."""

    def __init__(self, lexicon: Lexicon) -> None:
        rules = lexicon.qualifiers
        self.lexicon = lexicon
        self._numbers = {f"rule:{row.id}": i for i, row in enumerate(rules)} | {
            f"actor:{row.id}": i for i, row in enumerate(lexicon.actors)
        }
        self._kinds = np.array([_KINDS.index(row.kind) if row.kind in _KINDS else len(_KINDS) for row in rules], np.int64)
        self._directions = np.array([_DIRECTIONS.index(row.direction) if row.direction in _DIRECTIONS else -1 for row in rules], np.int64)
        self._scopes = np.array([row.scope for row in rules], np.int64)
        names = list(dict.fromkeys([*QUALIFIERS, *(row.qualifier for row in rules if row.qualifier)]))
        self._qualifiers = np.array([names.index(row.qualifier) if row.qualifier else -1 for row in rules], np.int64)
        self._width = len(names) + 1  # the last stands for no qualifier
        self._attribution = Attribution(lexicon.actors)
        self._pairs = {row.id for row in lexicon.cues if not row.phrases}
        self._open = np.array([not row.phrases and row.category not in _NEGATIVE for row in lexicon.cues], bool)
        self._demands = np.array([row.category == OWN_DEMANDS for row in lexicon.cues], bool)
        self.actors = ActorReader(lexicon.actors)

    def __call__(self, doc: Doc) -> Doc:
        """Writes the qualifiers of all cues of `doc` into the attributes of their span group."""
        passages = gather([word_table().read_doc(doc)])
        shift = int(passages.firsts[0])
        hits = doc.user_data.get(MODIFIERS, ())
        rules, named = (self._met([hit for hit in hits if hit[0].startswith(kind)], shift) for kind in ("rule:", "actor:"))
        actors = self.actors.read(passages, named)
        rows = [self.lexicon.actors[i] for i in actors.rows.tolist()]
        spans = zip((actors.firsts - shift).tolist(), (actors.lasts - shift).tolist(), rows, strict=True)
        doc.user_data[ACTORS] = [[first, last, row.side, row.id] for first, last, row in spans]
        group = doc.spans.get(SPANS)
        if group is not None:
            cues = Cues(
                np.array([span.start + shift for span in group], np.int64),
                np.array([span.end + shift for span in group], np.int64),
                np.array([span.id_ in self._pairs and span.label_ not in _NEGATIVE for span in group], bool),
                np.array([span.label_ == OWN_DEMANDS for span in group], bool),
            )
            names = self.qualify(passages, bounds_in(doc, passages), cues, rules, actors)
            group.attrs[QUALIFIER_ATTRIBUTE] = [list(QUALIFIER_SETS[bits]) for bits in names.tolist()]
        return doc

    def _met(self, hits: Sequence[Sequence[Any]], shift: int) -> Met:
        known = [hit for hit in hits if hit[0] in self._numbers]
        numbers = [self._numbers[hit[0]] for hit in known]
        firsts, lasts, rows = ([hit[1] + shift for hit in known], [hit[2] + shift for hit in known], numbers)
        return Met(*(np.array(values, np.int64) for values in (firsts, lasts, rows)))

    def cues(self, met: Met) -> Cues:
        """Cues of the lexicon as they are qualified."""
        return Cues(met.firsts, met.lasts, self._open[met.rows], self._demands[met.rows])

    def qualify(self, passages: Passages, bounds: Bounds, cues: Cues, rules: Met, actors: Actors) -> Places:
        """The qualifiers of each cue, as bits in the order of `QUALIFIERS`."""
        found = np.zeros((len(cues.firsts), self._width), bool)
        shown = self._hide_covered(rules)
        own, at = self._near(bounds, cues, shown)
        qualifiers = self._qualifiers[shown.rows[at]]
        reaching = self._reach(cues, own, shown, at)
        found[own[reaching], qualifiers[reaching]] = True
        firsts, lasts = shown.firsts[at], shown.lasts[at]
        inside = lasts <= cues.lasts[own]
        # Negation and the like between or in the halves of a pair; in a fixed phrase it is part of its meaning.
        within = inside & cues.open[own] & (firsts > cues.firsts[own]) & ((qualifiers == _NEGATED) | (qualifiers == _HEDGED))
        found[own[within], qualifiers[within]] = True
        # "no new forces" says so itself; a "not" before it does not turn it round.
        found[own[inside & (firsts == cues.firsts[own]) & (qualifiers == _NEGATED)], _NEGATED] = False
        found[self._attribution.find_reported(passages, bounds, cues, actors), _REPORTED] = True
        return np.asarray(found[:, : len(QUALIFIERS)] @ (1 << np.arange(len(QUALIFIERS))))

    def _hide_covered(self, rules: Met) -> Met:
        """Leaves out rules inside a longer rule, and all but pseudo rules inside a pseudo rule."""
        pseudo = self._kinds[rules.rows] == _PSEUDO
        order = np.lexsort((~pseudo, -rules.lasts, rules.firsts))
        firsts, lasts, rows, pseudo = rules.firsts[order], rules.lasts[order], rules.rows[order], pseudo[order]
        lengths = lasts - firsts

        def takes_in(over: Places, under: Places) -> Flags:
            return np.asarray((lengths[over] > lengths[under]) | pseudo[over] & ~pseudo[under])

        kept = ~find_covered(firsts, lasts, takes_in)
        return Met(firsts[kept], lasts[kept], rows[kept])

    def _near(self, bounds: Bounds, cues: Cues, shown: Met) -> tuple[Places, Places]:
        """Each cue with each trigger that stands in its sentence: numbers of cues, and numbers of rules among those `shown`."""
        triggers = np.flatnonzero(self._kinds[shown.rows] == _TRIGGER)
        sentence = bounds.numbers[cues.firsts]
        starts = shown.firsts[triggers]
        low = np.searchsorted(starts, bounds.firsts[sentence])
        own, at = spread_ranges(low, np.searchsorted(starts, bounds.lasts[sentence]) - low)
        at = triggers[at]
        whole = shown.lasts[at] <= bounds.lasts[sentence[own]]
        return own[whole], at[whole]

    def _reach(self, cues: Cues, own: Places, shown: Met, at: Places) -> Flags:
        """Whether a trigger outside a cue covers it: near enough, in its direction, no terminator between."""
        first, last = cues.firsts[own], cues.lasts[own]
        start, end, rows = shown.firsts[at], shown.lasts[at], shown.rows[at]
        direction = self._directions[rows]
        before, after = end <= first, start >= last
        low, high = np.where(before, end, last), np.where(before, first, start)
        outside = (before | after) & np.where(before, direction != _BACKWARD, direction != _FORWARD) & (high - low < self._scopes[rows])
        outside &= ~self._end_between(low, high, self._qualifiers[rows], shown)
        inside = (start >= first) & (end <= last)
        astride = ~(before | after | inside) & ((direction == _BOTH) | ((direction == _FORWARD) == (start < first)))
        return np.asarray(outside | astride)

    def _end_between(self, low: Places, high: Places, qualifiers: Places, shown: Met) -> Flags:
        """Whether a terminator of all scopes, or of those of the qualifier, stands between two places."""
        ends = np.flatnonzero(self._kinds[shown.rows] == _TERMINATE)
        ended = np.zeros(len(low), bool)
        for qualifier in sorted(set(qualifiers.tolist())):  # np.unique would first load masked arrays
            own = self._qualifiers[shown.rows[ends]]
            some = ends[(own < 0) | (own == qualifier)]
            if not len(some):
                continue
            nearest = np.minimum.accumulate(shown.lasts[some][::-1])[::-1]
            asked = np.flatnonzero(qualifiers == qualifier)
            at = np.searchsorted(shown.firsts[some], low[asked])
            there = at < len(some)
            ended[asked] = there & (nearest[np.minimum(at, len(some) - 1)] <= high[asked])
        return ended


@Language.factory("nac_context", requires=["doc.spans"], default_config={"lexicon": None})
def create_nac_context(nlp: Language, name: str, lexicon: str | None) -> Any:  # noqa: ANN401 - spaCy's factories return any callable
    """Makes the component; it must come after `nac_cues` and use the same lexicon folder (null: the shipped one)."""
    if "nac_cues" not in nlp.pipe_names:
        raise ValueError("nac_context needs nac_cues before it: nlp.add_pipe('nac_cues') first")
    return ContextReader(load_lexicon(Path(lexicon)) if lexicon else load_lexicon())
