"""A score as rows: one for the release, or one for each of its paragraphs or sentences.

Of a release the columns of classes hold what `nac score` calls its probabilities, and that of the
neutral class the probability that it takes no stance at all. Of a paragraph they are the means of its sentences',
of a sentence its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from classifier.batch.record import Fault, Row, Unit
from classifier.pipeline.evidence import Cue
from classifier.pipeline.signals import SIGNALS
from classifier.scoring.artefact import AnyModel, Model
from classifier.scoring.verdict import NO_STANCE, ReleaseScore, SentenceScore
from classifier.scoring.vocabulary import feature_name
from scraper.release import Release

BEFORE_CLASSES = ("id", "date", "unit", "start", "end", "verdict", "stance", "probability", "interval_low", "interval_high", "index")
AFTER_CLASSES = ("n_sentences", "top_cues", "signals", "model", "error")
MOST_CUES = 5

_NOT_DECIDED = frozenset({"negated", "reported", "historical", "conditional", "hedged"})
_SIGNALS_OF: Mapping[str, tuple[str, ...]] = {
    category: tuple(name for name, categories in SIGNALS.items() if category in categories)
    for categories in SIGNALS.values()
    for category in categories
}


def class_columns(classes: Sequence[str], poles: Sequence[str] | None) -> dict[str, str]:
    """Class -> column, the poles first. A class that bears the name of a column of ours is `class_NAME`."""
    order = [*(poles or ()), *(name for name in classes if name not in (poles or ()))]
    taken = {*BEFORE_CLASSES, *AFTER_CLASSES}
    return {name: f"class_{name}" if name in taken else name for name in order}


def columns_of(model: AnyModel, keep: Sequence[str] = ()) -> tuple[str, ...]:
    """The columns of a model's rows, in order."""
    return (*BEFORE_CLASSES, *class_columns(_classes(model), model.poles).values(), *AFTER_CLASSES, *keep)


def _classes(model: AnyModel) -> tuple[str, ...]:
    """Classes of texts and, where a model gives its sentences other ones, those."""
    of_sentences = getattr(getattr(model, "sentence", None), "classes", ())
    return tuple(dict.fromkeys((*model.classes, *of_sentences)))


class RowMaker:
    """Makes the rows of one model.

    Args:
        model: the model that scored.
        unit: what a row is of.
        keep: names of the values that are handed on.
    """

    def __init__(self, model: AnyModel, unit: Unit, keep: Sequence[str] = ()) -> None:
        self.columns = columns_of(model, keep)
        self._classes = tuple(class_columns(_classes(model), model.poles))
        self._poles, self._neutral = model.poles, model.neutral
        self._unit = unit
        self._model = f"{model.name} {model.version}"
        self._weights = _CueWeights(_feature_weights(model))

    def failed(self, id: str | None, fault: Fault, kept: Sequence[Any]) -> Row:
        """The row that stands in the place of a record's rows."""
        row: Row = dict.fromkeys(self.columns)
        row.update(id=id, unit=self._unit, top_cues=[], signals={}, model=self._model, error=str(fault))
        row.update(zip(self.columns[len(self.columns) - len(kept) :], kept, strict=True))
        return row

    def scored(self, release: Release, result: ReleaseScore, kept: Sequence[Any]) -> Iterator[Row]:
        """The rows of a scored release, in the order of the text."""
        head, tail = (release.id, release.date, self._unit), (self._model, None, *kept)
        units = {"release": self._release, "paragraph": self._paragraphs, "sentence": self._sentences}[self._unit]
        for middle, cues in units(release, result):
            words = (self._top(release.text, cues), count_signals(cues))
            yield dict(zip(self.columns, (*head, *middle, *words, *tail), strict=True))

    def _release(self, release: Release, result: ReleaseScore) -> Iterator[tuple[tuple[Any, ...], Sequence[Cue]]]:
        found = dict(result.probabilities)
        if self._neutral is not None and self._poles and result.stance_probability is not None:
            found[self._neutral] = 1 - result.stance_probability
        stance = max(result.probabilities, key=lambda name: result.probabilities[name])
        numbers = (result.probability, *(result.interval or (None, None)), result.index)
        values = (0, len(release.text), result.verdict, stance, *numbers, *map(found.get, self._classes), len(result.sentences))
        yield values, result.cues

    def _paragraphs(self, release: Release, result: ReleaseScore) -> Iterator[tuple[tuple[Any, ...], Sequence[Cue]]]:
        sentences, at = result.sentences, 0
        for paragraph in result.paragraphs:
            low = at
            while at < len(sentences) and sentences[at].start < paragraph.end:
                at += 1
            own = sentences[low:at]
            means = {name: sum(s.probabilities[name] for s in own) / len(own) for name in own[0].probabilities} if own else {}
            stance = self._stance(paragraph.probability, means)
            verdict = stance if any(s.stance != self._neutral for s in own) else NO_STANCE
            numbers = (paragraph.probability, None, None, self._index(own))
            values = (paragraph.start, paragraph.end, verdict, stance, *numbers, *map(means.get, self._classes), len(own))
            yield values, [result.cues[i] for s in own for i in s.cues]

    def _sentences(self, release: Release, result: ReleaseScore) -> Iterator[tuple[tuple[Any, ...], Sequence[Cue]]]:
        for sentence in result.sentences:
            own = sentence.probabilities
            verdict = NO_STANCE if sentence.stance == self._neutral else sentence.stance
            probability = None
            if self._poles and own.keys() >= set(self._poles):
                first, second = own[self._poles[0]], own[self._poles[1]]
                probability = first / (first + second) if first + second else 0.5
            numbers = (probability, None, None, self._index((sentence,)))
            values = (sentence.start, sentence.end, verdict, sentence.stance, *numbers, *map(own.get, self._classes), 1)
            yield values, [result.cues[i] for i in sentence.cues]

    def _stance(self, probability: float | None, means: Mapping[str, float]) -> str | None:
        """The likelier pole, or the likeliest class of a model without poles."""
        if self._poles:
            return None if probability is None else self._poles[0 if probability >= 0.5 else 1]
        return max(means, key=lambda name: means[name]) if means else None

    def _index(self, sentences: Sequence[SentenceScore]) -> float | None:
        if not self._poles or (sentences and not sentences[0].probabilities.keys() >= set(self._poles)):
            return None
        stances = [sentence.stance for sentence in sentences]
        return (stances.count(self._poles[0]) - stances.count(self._poles[1])) / max(1, len(stances))

    def _top(self, text: str, cues: Iterable[Cue]) -> list[str]:
        """The words of the cues that weigh most in the model, each wording once."""
        weights = self._weights
        ranked = sorted(cues, key=lambda cue: (-weights[cue.category, cue.qualifiers], cue.start))
        words = dict.fromkeys(" ".join(text[cue.start : cue.end].split()) for cue in ranked[: 3 * MOST_CUES])
        return list(words)[:MOST_CUES]


class _CueWeights(dict[tuple[str, tuple[str, ...]], float]):
    """Weights by category and qualifiers, 0 for what a model does not know; each pair named once."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        super().__init__()
        self._by_name = weights

    def __missing__(self, kind: tuple[str, tuple[str, ...]]) -> float:
        weight = self[kind] = self._by_name.get(feature_name(*kind), 0.0)
        return weight


def count_signals(cues: Iterable[Cue]) -> dict[str, int]:
    """The signals that the cues raise: how many of each one's cues stand without a qualifier, be it none."""
    found: dict[str, int] = {}
    for cue in cues:
        for name in _SIGNALS_OF.get(cue.category, ()):
            found[name] = found.get(name, 0) + _NOT_DECIDED.isdisjoint(cue.qualifiers)
    return {name: found[name] for name in SIGNALS if name in found}


def _feature_weights(model: AnyModel) -> Mapping[str, float]:
    """How much each cue feature weighs, whichever way: in a sentence, between the classes, and in the release."""
    weights = {}
    if not isinstance(model, Model):
        part = model.text
        cues = [(column, name) for column, name in enumerate(part.names) if name.startswith("cue:")]
        return {name: float(np.ptp(part.weights[column] * part.scale[column])) for column, name in cues}
    for column, name in enumerate(model.vocabulary.features, len(model.vocabulary.ngrams)):
        row = model.weights[column] * model.scale[column]
        document = abs(model.document[column] * model.document_scale[column]).max()
        weights[name] = float(row.max() - row.min() + document)
    return weights
