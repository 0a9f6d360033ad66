"""Kinds of evidence: the codebook's codes as what the sentence classifier tells apart, finer than hawkish, cautious, neutral.

A sentence that reports a call and one that offers a ceasefire are both cautious and share hardly a word, and they
do not weigh alike in a release. So each kind has logits of its own, and a class has the probability of its kinds together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from classifier.learning.corpora import LabelledSentence
from classifier.learning.settings import CLASSES, KIND_OF_CODE, KINDS
from classifier.scoring.aggregate import Floats

NAMES = tuple(KINDS)
OWNERS = tuple(CLASSES.index(owner) for owner in KINDS.values())
"""The number of each kind's class."""


def kind_shares(sentences: Sequence[LabelledSentence]) -> Floats:
    """(n, K) how much each sentence is of each kind, summing to 1; only kinds of its own class have a share.

    Each annotator who named codes has an equal say, split evenly over the codes. A sentence without codes is
    shared out as those of its class that have codes; alike, where none has.
    """
    shares = np.zeros((len(sentences), len(NAMES)))
    owned = np.array([[KINDS[name] == s.label for name in NAMES] for s in sentences]).reshape(shares.shape)
    for row, sentence in enumerate(sentences):
        for codes in sentence.evidence:
            own = [KIND_OF_CODE[code] for code in codes if code in KIND_OF_CODE]
            own = [kind for kind in own if KINDS[kind] == sentence.label]
            for kind in own:
                shares[row, NAMES.index(kind)] += 1 / len(own)
    totals = shares.sum(axis=1)
    known = totals > 0
    shares[known] /= totals[known, None]
    usual = shares[known].sum(axis=0) + 1e-6
    bare = owned[~known] * usual
    shares[~known] = bare / bare.sum(axis=1, keepdims=True)
    return shares
