"""What an expert looks for in a release, told from its cues: the component `nac_signals`.

A signal is a finding about wording, never a conclusion about what anybody will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from classifier.pipeline.context import QUALIFIER_ATTRIBUTE
from classifier.pipeline.cues import SPANS
from classifier.pipeline.evidence import Reading

SIGNALS: dict[str, tuple[str, ...]] = {
    "response_force": ("posture_action", "named_operation", "lowered_threshold"),
    "unilateral_action": ("unilateral_national_action",),
    "deterrence_cost": ("deterrence_cost",),
    "dull_middle": ("resource_allocation", "interoperability_standards", "deferral_and_review"),
    "article_4": ("article_4",),
    "article_5": ("article_5",),
    "attribution": ("attribution_and_demand",),
    "assessment": ("monitoring_and_evidence",),
    "hybrid": ("hybrid_and_grey_zone",),
    "consensus": ("consensus_procedure",),
    "contact": ("contact_and_consultation",),
}
"""Signal -> the cue categories that raise it."""

_NOT_DECIDED = frozenset({"negated", "reported", "historical", "conditional", "hedged"})

_RAISED_BY = {
    category: tuple(name for name, categories in SIGNALS.items() if category in categories)
    for category in {category for categories in SIGNALS.values() for category in categories}
}

Marks = Sequence[tuple[str, Sequence[str]]]


def signals_of(marks: Marks) -> dict[str, Any]:
    """Signals from (category, qualifiers) of each cue, in order.

    Every signal has `count`, the numbers of its `cues`, and `asserted`: how many of them stand
    without a qualifier. `only_contact` is true where contact is named and no response force.
    """
    signals: dict[str, Any] = {name: {"count": 0, "asserted": 0, "cues": []} for name in SIGNALS}
    for number, (category, qualifiers) in enumerate(marks):
        for name in _RAISED_BY.get(category, ()):
            signal = signals[name]
            signal["count"] += 1
            signal["asserted"] += _NOT_DECIDED.isdisjoint(qualifiers)
            signal["cues"].append(number)
    signals["only_contact"] = bool(signals["contact"]["asserted"] and not signals["response_force"]["asserted"])
    return signals


def read_signals(reading: Reading) -> dict[str, Any]:
    """Signals of a whole text."""
    return signals_of([(cue.category, cue.qualifiers) for cue in reading.cues])


class SignalReader:
    """The component: puts the signals of a Doc into `doc.user_data["nac_signals"]`."""

    def __call__(self, doc: Doc) -> Doc:
        """Reads the cues that `nac_cues` and `nac_context` left."""
        group = doc.spans.get(SPANS, ())
        qualifiers = group.attrs.get(QUALIFIER_ATTRIBUTE, []) if group else []
        doc.user_data["nac_signals"] = signals_of([(span.label_, names) for span, names in zip(group, qualifiers, strict=True)])
        return doc


@Language.factory("nac_signals", requires=["doc.spans"])
def create_nac_signals(nlp: Language, name: str) -> Any:  # noqa: ANN401 - spaCy's factories return any callable
    """Makes the component; it must come after `nac_cues` and `nac_context`."""
    if "nac_context" not in nlp.pipe_names:
        raise ValueError("nac_signals needs nac_context before it: nlp.add_pipe('nac_context') first")
    return SignalReader()
