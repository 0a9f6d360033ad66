"""The words of a whole release, weighed beside its sentences.

Sentence labels say hawkish or cautious, not how much it matters; which acts and which subjects weigh
most is learned from whole releases. A release's row is linear in its terms and cues, so each sentence's
share of it is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.scoring.aggregate import Floats
from classifier.scoring.weigh import Counted, Numbers


@dataclass(frozen=True)
class Documents:
    """Texts as wholes: each column that a text holds, once, with its value.

    `text` and `column` in rising order; `values`; for each entry of the sentences in `sentence` its place among
    them, `places`, and its share, `shares`.
    """

    text: Numbers
    column: Numbers
    values: Floats
    sentence: Numbers
    places: Numbers
    shares: Floats

    def totals(self, weights: Floats, count: int) -> Floats:
        """(count,) sums over each text of value times (F,) weight."""
        return np.asarray(np.bincount(self.text, weights=self.values * weights.take(self.column), minlength=count))

    def sentence_shares(self, weights: Floats, count: int) -> Floats:
        """(count,) what each sentence adds to `totals`."""
        parts = (self.values * weights.take(self.column)).take(self.places) * self.shares
        return np.asarray(np.bincount(self.sentence, weights=parts, minlength=count))


def weigh_documents(counted: Counted, owners: Numbers, scale: Floats) -> Documents:
    """Weighs each column by how many sentences of its text hold it.

    A term weighs (1 + ln count) times its scale, the terms of a text together brought to length 1 (L2); a cue
    feature weighs ln(1 + count) times its scale. `scale` is 0 for columns that do not count here.

    Args:
        counted: n-grams and cue features of the sentences.
        owners: the text of each sentence, -1 for those left out; rising otherwise.
        scale: (F,) scales.
    """
    terms = _group(owners.take(counted.ngram_sentence), counted.ngram_column, counted.ngram_sentence)
    cues = _group(owners.take(counted.cue_sentence), counted.cue_column, counted.cue_sentence)
    values = (1 + np.log(terms.counts)) * scale.take(terms.column)
    lengths = np.sqrt(np.bincount(terms.text, weights=values**2, minlength=1))
    lengths[lengths == 0] = 1
    values /= lengths.take(terms.text)
    return Documents(
        np.concatenate([terms.text, cues.text]),
        np.concatenate([terms.column, cues.column]),
        np.concatenate([values, np.log1p(cues.counts) * scale.take(cues.column)]),
        np.concatenate([terms.sentence, cues.sentence]),
        np.concatenate([terms.places, cues.places + len(terms.text)]),
        np.concatenate([(1 / terms.counts).take(terms.places), (1 / cues.counts).take(cues.places)]),
    )


@dataclass(frozen=True)
class _Groups:
    text: Numbers
    column: Numbers
    counts: Numbers
    sentence: Numbers
    places: Numbers


def _group(text: Numbers, column: Numbers, sentence: Numbers) -> _Groups:
    """Puts equal columns of one text together; entries come in the order of text and column, or are put into it."""
    inside = text >= 0
    if not inside.all():
        text, column, sentence = text[inside], column[inside], sentence[inside]
    keys = text * (int(column.max()) + 1 if len(column) else 1) + column
    if len(keys) and (keys[1:] < keys[:-1]).any():
        order = np.argsort(keys, kind="stable")
        keys, text, column, sentence = keys[order], text[order], column[order], sentence[order]
    new = np.ones(len(keys), bool)
    new[1:] = keys[1:] != keys[:-1]
    starts = np.flatnonzero(new)
    counts = np.diff(np.append(starts, len(keys)))
    return _Groups(text.take(starts), column.take(starts), counts, sentence, np.cumsum(new) - 1)
