"""Puts qualifiers on cues: negated, hedged, conditional, reported, historical (component `nac_context`).

The method is ConText's (Harkema et al. 2009, doi:10.1016/j.jbi.2009.05.002): trigger phrases with a
direction and a scope in words, terminators that end a scope, pseudo phrases that hide a trigger
("will not hesitate" is no negation). Who acts is read from the nearest actor before the cue in its
clause (`attribution`): what an adversary does or threatens is `reported`, not the issuer's own stance.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from classifier.pipeline.attribution import Actor, is_reported
from classifier.pipeline.cues import MODIFIERS, SPANS, Modifier
from classifier.pipeline.evidence import QUALIFIERS
from classifier.pipeline.lexicon import Lexicon, QualifierRow, load_lexicon
from classifier.pipeline.tokens import sentence_bounds
from classifier.pipeline.words import Words, join_tokens, word_table

ACTORS = "nac_actors"
"""Key in `doc.user_data`: `[start, end, side, id]` of each actor named, in tokens."""

QUALIFIER_ATTRIBUTE = "qualifiers"
"""Key in `doc.spans["nac_cues"].attrs`: one list of qualifier names a cue, in the order of the spans."""

# What these cues say is that something is not done: a negator between their halves is theirs.
_NEGATIVE = frozenset({"self_limitation", "deferral_and_review"})

Hit = tuple[int, int, QualifierRow]
Place = tuple[int, int, str, str]


class ContextReader:
    """The component: reads triggers and actors that `nac_cues` left, and qualifies each cue."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._rules = {f"rule:{row.id}": row for row in lexicon.qualifiers}
        self._actors = {f"actor:{row.id}": row for row in lexicon.actors}
        self._pairs = {row.id for row in lexicon.cues if not row.phrases}

    def __call__(self, doc: Doc) -> Doc:
        """Writes the qualifiers of all cues of `doc` into the attributes of their span group."""
        words = word_table().read_doc(doc)
        hits = [(key, start, end) for key, start, end in doc.user_data.get(MODIFIERS, ())]
        actors = self.read_actors(words, hits)
        doc.user_data[ACTORS] = [[a.start, a.end, a.side, a.id] for a in actors]
        group = doc.spans.get(SPANS)
        if group is not None:
            cues = [(span.start, span.end, span.id_, span.label_) for span in group]
            names = self.qualify(words, sentence_bounds(doc), cues, hits, actors)
            group.attrs[QUALIFIER_ATTRIBUTE] = [list(own) for own in names]
        return doc

    def read_actors(self, words: Words, hits: Sequence[Modifier]) -> list[Actor]:
        """The actors named, in order; a longer name hides a shorter one inside it ("NATO-Russia Council")."""
        named = [hit for hit in hits if hit[0] in self._actors]
        if not named:
            return []
        lowers = words.lowers
        long = [(start, end) for _, start, end in named if end - start > 1]
        actors = []
        for key, start, end in named:
            if any(s <= start and end <= e and e - s > end - start for s, e in long):
                continue
            row = self._actors[key]
            follower = lowers[end] if end < len(lowers) else ""
            name = lowers[start] if end - start == 1 else join_tokens(words, start, end).lower()
            actors.append(Actor(start, end, row.side, follower in {"'s", "'"} or name in row.adjectives, row.id))
        return actors

    def qualify(
        self, words: Words, bounds: Sequence[tuple[int, int]], cues: Sequence[Place], hits: Sequence[Modifier], actors: Sequence[Actor]
    ) -> list[tuple[str, ...]]:
        """The qualifiers of each cue, in the order of `QUALIFIERS`.

        Args:
            words: the text.
            bounds: first and past-the-last token of each of its sentences.
            cues: start, end, id and category of each cue, in order of their place.
            hits: rules met, as `CueFinder.find` gives them; actors among them are left aside.
            actors: those named.
        """
        rules = [(start, end, self._rules[key]) for key, start, end in hits if key in self._rules]
        adversaries = any(actor.side == "adversary" for actor in actors)
        if not cues or not (rules or adversaries):
            return [()] * len(cues)
        shown = _hide_covered(rules)
        triggers = [hit for hit in shown if hit[2].kind == "trigger"]
        ends = [hit for hit in shown if hit[2].kind == "terminate"]
        lowers = words.lowers
        lasts = [end for _, end in bounds]
        result: list[tuple[str, ...]] = []
        for start, end, name, category in cues:
            first, last = bounds[bisect_right(lasts, start)]
            near = [hit for hit in triggers if first <= hit[0] and hit[1] <= last]
            names = {rule.qualifier for s, e, rule in near if _reaches(rule, s, e, start, end, ends)}
            names |= _inside(near, start, end, pair=name in self._pairs and category not in _NEGATIVE)
            if any(s == start and e <= end and rule.qualifier == "negated" for s, e, rule in near):
                names.discard("negated")  # "no new forces" says so itself; a "not" before it does not turn it round
            if adversaries and is_reported(lowers, start, end, first, last, actors, category):
                names.add("reported")
            result.append(tuple(name for name in QUALIFIERS if name in names) if names else ())
        return result


def _hide_covered(rules: list[Hit]) -> list[Hit]:
    """Leaves out rules inside a longer rule, and all but pseudo rules inside a pseudo rule."""
    long = [(s, e, rule.kind == "pseudo") for s, e, rule in rules if e - s > 1 or rule.kind == "pseudo"]
    if not long:
        return rules
    return [
        (s, e, rule)
        for s, e, rule in rules
        if not any(a <= s and e <= b and (b - a > e - s or (pseudo and rule.kind != "pseudo")) for a, b, pseudo in long)
    ]


def _reaches(rule: QualifierRow, start: int, end: int, cue_start: int, cue_end: int, ends: list[Hit]) -> bool:
    """Whether a trigger outside a cue covers it: near enough, in its direction, no terminator between."""
    if end <= cue_start:
        distance, fits, low, high = cue_start - end, rule.direction != "backward", end, cue_start
    elif start >= cue_end:
        distance, fits, low, high = start - cue_end, rule.direction != "forward", cue_end, start
    elif start >= cue_start and end <= cue_end:
        return False
    else:
        return rule.direction == "both" or (rule.direction == "forward") == (start < cue_start)
    if not fits or distance >= rule.scope:
        return False
    return not any(low <= s and e <= high and other.qualifier in ("", rule.qualifier) for s, e, other in ends)


def _inside(near: list[Hit], start: int, end: int, *, pair: bool) -> set[str]:
    """Negation and the like between or in the halves of a pair; in a fixed phrase it is part of its meaning."""
    if not pair:
        return set()
    return {rule.qualifier for s, e, rule in near if start < s and e <= end and rule.qualifier in ("negated", "hedged")}


@Language.factory("nac_context", requires=["doc.spans"], default_config={"lexicon": None})
def create_nac_context(nlp: Language, name: str, lexicon: str | None) -> Any:  # noqa: ANN401 - spaCy's factories return any callable
    """Makes the component; it must come after `nac_cues` and use the same lexicon folder (null: the shipped one)."""
    if "nac_cues" not in nlp.pipe_names:
        raise ValueError("nac_context needs nac_cues before it: nlp.add_pipe('nac_cues') first")
    return ContextReader(load_lexicon(Path(lexicon)) if lexicon else load_lexicon())
