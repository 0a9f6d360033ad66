"""What a trained model says of labelled texts, whole releases or single sentences, with the arithmetic of `score`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from classifier.learning.figures.answers import Answers, Row
from classifier.learning.sentence_part import merge_sentences
from classifier.pipeline.extract import read_texts
from classifier.scoring.aggregate import Floats, softmax
from classifier.scoring.artefact import AnyModel, Model
from classifier.scoring.figures import class_probabilities, weigh_texts
from classifier.scoring.statement import TOGETHER, outcome_probabilities, outcomes
from classifier.scoring.weigh import count_texts

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from classifier.scoring.texts.text_model import TextModel


def outcomes_of(model: AnyModel, unit: str) -> tuple[str, ...]:
    """What a text can be: for a release the poles of a two-pole model, otherwise the classes."""
    if unit == "release":
        return outcomes(model)
    return model.classes if isinstance(model, Model) else model.sentence.classes


def reads_sentences(model: AnyModel) -> TypeIs[Model]:
    """Whether a model is built of sentences; others are asked for whole texts alone."""
    return isinstance(model, Model)


def answer(rows: Sequence[Row], model: AnyModel, unit: str, *, tick: Callable[[], None] = lambda: None) -> Answers:
    """Scores every text.

    Args:
        rows: texts.
        model: a loaded model.
        unit: `release`, or `sentence` where each text is one sentence, even where the splitter would part it.
        tick: called after each text.
    """
    names = outcomes_of(model, unit)
    if not reads_sentences(model):
        return _answer_whole(rows, model, unit, names, tick)
    probabilities: list[Floats] = []
    decided: list[bool] = []
    for start in range(0, len(rows), TOGETHER):
        readings = []
        for reading in read_texts(((row.text, None) for row in rows[start : start + TOGETHER]), lexicon=model.lexicon):
            readings.append(reading if unit == "release" or not reading.sentences else merge_sentences(reading))
            tick()
        counted = count_texts(readings, model.terms, model.scale)
        found = weigh_texts(counted, model)
        some = counted.sentences > 0
        if unit == "release":
            probabilities += [np.array(outcome_probabilities(log_odds, model)) for log_odds in found.log_odds]
            decided += (some & (found.presence >= model.least_presence)).tolist()
        else:
            own = np.tile(class_probabilities(softmax(model.bias)[None, :], model), (len(readings), 1))
            own[some] = found.probabilities
            probabilities += list(own)
            decided += [True] * len(readings)
    return Answers(names, np.array(probabilities).reshape(-1, len(names)), np.array(decided, dtype=bool))


def _answer_whole(rows: Sequence[Row], model: TextModel, unit: str, names: Sequence[str], tick: Callable[[], None]) -> Answers:
    """The answers of a model of texts as wholes; a sentence is asked of the part that knows sentences."""
    probabilities: list[Floats] = []
    decided: list[bool] = []
    part = model.text if unit == "release" else model.sentence
    poles = [part.classes.index(pole) for pole in model.poles] if model.poles and unit == "release" else []
    readings = read_texts(((row.text, None) for row in rows), lexicon=model.lexicon) if part.needs_reading else repeat(None)
    for row, reading in zip(rows, readings, strict=False):
        logits = part.logits(part.row(row.text, reading), row.text)
        probabilities.append(softmax(logits[poles] if poles else logits))
        decided.append(not poles or int(logits.argmax()) in poles)
        tick()
    return Answers(tuple(names), np.array(probabilities).reshape(len(rows), len(names)), np.array(decided, dtype=bool))
