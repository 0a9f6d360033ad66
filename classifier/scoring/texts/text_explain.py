"""Which words made a text model say so: each occurrence of a feature bears its share of the feature's weight.

Without a kernel this is exact: for each class the intercept and the contributions add up to its logit, and with poles to
logit(`probability`). What a class has before any word is read is the contribution `<prior>`. The likeness to training
texts, where a model has a kernel, is no sum over features; it is parted among the sentences by how like each is alone,
under the name `<likeness>`, and the model says `approximate`.
"""

from __future__ import annotations

import numpy as np

from classifier.pipeline.evidence import Reading
from classifier.scoring.aggregate import Floats
from classifier.scoring.texts.grams import words_of
from classifier.scoring.texts.part import Part, Row
from classifier.scoring.texts.text_model import TextModel
from classifier.scoring.verdict import Contribution

PRIOR, LIKENESS = "<prior>", "<likeness>"
LEAST_VALUE = 1e-12
"""Log-odds below which a contribution is none."""


def explain_text(row: Row, logits: Floats, text: str, reading: Reading, model: TextModel) -> tuple[float, tuple[Contribution, ...]]:
    """The intercept, and every contribution, the weightiest first.

    With poles they add up to the log-odds of the first pole against the second; without, for each class with the
    one intercept to that class's logit.
    """
    part = model.text
    if not reading.sentences:
        return _no_words(logits, model), ()
    names = _names(row, part)
    linear = part.weights[row.columns[row.places]] * (row.values[row.places] * row.shares)[:, None]
    likeness = _likeness_shares(row, text, reading, part)
    if model.poles:
        first, second = (model.classes.index(pole) for pole in model.poles)
        found = _gather(names, row, linear[:, first] - linear[:, second], likeness[:, first] - likeness[:, second], None)
        return float(part.bias[first] - part.bias[second]), _sorted(found)
    intercept = float(part.bias.mean())
    found = []
    for k, outcome in enumerate(model.classes):
        found += _gather(names, row, linear[:, k], likeness[:, k], outcome)
        found.append(Contribution(PRIOR, float(part.bias[k]) - intercept, 0, outcome))
    return intercept, _sorted(found)


def sentence_shares(row: Row, reading: Reading, model: TextModel) -> Floats:
    """(n,) what the words of each sentence add to the log-odds of the first pole against the second."""
    if not model.poles or not reading.sentences:
        return np.zeros(0)
    first, second = (model.classes.index(pole) for pole in model.poles)
    slope = model.text.weights[:, first] - model.text.weights[:, second]
    parts = slope[row.columns[row.places]] * row.values[row.places] * row.shares
    return np.asarray(np.bincount(row.owners, weights=parts, minlength=len(reading.sentences)), dtype=np.float64)


def _names(row: Row, part: Part) -> list[str]:
    """What each occurrence is called: its column, or for a piece the word that it is of."""
    columns = row.columns[row.places].tolist()
    words = [_word(chunk) for chunk in row.words]
    return [part.names[column] if chunk < 0 else words[chunk] for column, chunk in zip(columns, row.chunks.tolist(), strict=True)]


def _word(chunk: str) -> str:
    own = [word for word in words_of(chunk) if word not in "!?"]
    return own[0] if len(own) == 1 else chunk


def _no_words(logits: Floats, model: TextModel) -> float:
    if model.poles:
        first, second = (model.classes.index(pole) for pole in model.poles)
        return float(logits[first] - logits[second])
    return float(logits.mean())


def _gather(names: list[str], row: Row, linear: Floats, likeness: Floats, outcome: str | None) -> list[Contribution]:
    """One contribution for each feature in each sentence; the pieces of a word stand under the word."""
    merged: dict[tuple[str, int], float] = {}
    for key, value in zip(zip(names, row.owners.tolist(), strict=True), linear.tolist(), strict=True):
        merged[key] = merged.get(key, 0.0) + value
    found = [Contribution(name, value, owner, outcome) for (name, owner), value in merged.items() if abs(value) > LEAST_VALUE]
    return found + [Contribution(LIKENESS, value, i, outcome) for i, value in enumerate(likeness.tolist()) if value]


def _sorted(found: list[Contribution]) -> tuple[Contribution, ...]:
    return tuple(sorted(found, key=lambda part: (-abs(part.value), part.sentence, part.feature, part.outcome or "")))


def _likeness_shares(row: Row, text: str, reading: Reading, part: Part) -> Floats:
    """(n, K) the kernel's share of each sentence: an equal part, and what it is more like than the others alone."""
    count = len(reading.sentences)
    if part.kernel is None:
        return np.zeros((count, len(part.classes)))
    whole = part.kernel.likeness(row.columns, row.values, text)
    if count == 1:
        return whole[None, :]
    alone = []
    for number, sentence in enumerate(reading.sentences):
        own = row.owners == number
        columns, places = np.unique(row.columns[row.places[own]], return_inverse=True)
        summed = np.bincount(places, weights=(row.values[row.places] * row.shares)[own], minlength=len(columns))
        values = np.asarray(summed / (float(np.sqrt(summed @ summed)) or 1.0), dtype=np.float64)
        alone.append(part.kernel.likeness(columns, values, text[sentence.start : sentence.end]))
    found = np.array(alone)
    return np.asarray((whole + found - found.mean(axis=0)) / count)
