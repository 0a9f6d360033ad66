"""What the shipped model is trained to tell apart, and everything that is chosen for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from classifier.learning.features import FeatureSettings

CLASSES = ("cautious", "hawkish", "neutral")
POLES = ("hawkish", "cautious")
KINDS = {
    **dict.fromkeys(("C1", "C3", "C5"), "cautious"),
    **dict.fromkeys(("H1", "H2", "H3"), "hawkish"),
    "N": "neutral",
}
"""The class of each kind of evidence: codes of `corpus/CODEBOOK.md`, and `N` for neutral."""
KIND_OF_CODE = {**{kind: kind for kind in KINDS}, "C2": "C1", "C4": "C3", "H4": "H1"}
"""The kind that a code counts to: rare ones count to the next of kin, which measured better than kinds of their own."""


@dataclass(frozen=True)
class TrainingSettings:
    """Everything that is chosen; each default comes from cross-validation inside 2021-2022.

    `sentence_c`, `document_c`, `release_c`, `presence_c` are inverse strengths of L2 regularisation;
    `document_cue_scale` is the weight of a cue beside the terms of a whole release; `folds` those of
    stacking; a given sentence weighs `given_sentence_weight` beside 1 for one of another source, a constructed release
    `constructed_release_weight` beside 1 for a real one;
    `most_lost` is the share of hawkish and cautious releases that may be answered `no stance`.
    """

    features: FeatureSettings = field(default_factory=FeatureSettings)
    sentence_c: float = 3.0
    document_c: float = 3.0
    document_cue_scale: float = 0.1
    release_c: float = 0.3
    presence_c: float = 0.3
    folds: int = 5
    most_lost: float = 0.025
    given_sentence_weight: float = 6.0
    constructed_release_weight: float = 0.7
    seed: int = 4
