"""What the shipped model is trained to tell apart, and everything that is chosen for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from classifier.learning.features import FeatureSettings

CLASSES = ("cautious", "hawkish", "neutral")
POLES = ("hawkish", "cautious")


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
