"""What a text model says of a text, as the same `ReleaseScore` that every model gives."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from classifier.pipeline.evidence import Reading
from classifier.pipeline.signals import read_signals
from classifier.scoring.aggregate import Floats, softmax
from classifier.scoring.texts.part import Part
from classifier.scoring.texts.text_explain import explain_text, sentence_shares
from classifier.scoring.texts.text_model import TextModel
from classifier.scoring.verdict import NO_STANCE, ParagraphScore, ReleaseScore, SentenceScore
from scraper.release import Paragraph

RESAMPLES = 200
BACKGROUND = 2
"""Sentences of no weight that each resample has beside the text's own, so that a short text has a wide interval."""


def score_read_text(text: str, reading: Reading, paragraphs: Sequence[Paragraph], model: TextModel) -> ReleaseScore:
    """Scores a text that the pipeline has read.

    With poles, `probability` is P(first | first or second pole), and the verdict is `no stance` where the neutral class is the
    likeliest; without, the verdict is the likeliest class.
    """
    part = model.text
    row = part.row(text, reading)
    logits = part.logits(row, text)
    shown = softmax(logits)
    alone = [_one_sentence(text, reading, number, model.sentence) for number in range(len(reading.sentences))]
    intercept, contributions = explain_text(row, logits, text, reading, model)
    sentences = _sentence_scores(reading, alone, model)
    log_odds = _log_odds(logits, model)
    by_class = dict(zip(model.classes, shown.tolist(), strict=True))
    probability = None if log_odds is None else _sigmoid(log_odds)
    verdict = max(by_class, key=lambda name: by_class[name])
    if model.poles and probability is not None:
        silent = verdict not in model.poles
        by_class = {model.poles[0]: probability, model.poles[1]: 1 - probability}
        verdict = NO_STANCE if silent else max(by_class, key=lambda name: by_class[name])
    return ReleaseScore(
        verdict=verdict if reading.sentences else NO_STANCE,
        probabilities=by_class,
        probability=probability,
        interval=None if log_odds is None else _interval(sentence_shares(row, reading, model), log_odds),
        index=_index(sentences, model),
        stance_probability=_stance_probability(shown, model),
        paragraphs=tuple(_paragraph_score(text, reading, number, p, model) for number, p in enumerate(paragraphs)),
        sentences=sentences,
        cues=reading.cues,
        contributions=contributions,
        intercept=intercept,
        signals=read_signals(reading),
        model={"name": model.name, "version": model.version, "lexicon": model.lexicon_sha256, "explanation": model.explanation},
    )


def part_of_reading(reading: Reading, low: int, high: int) -> Reading:
    """The sentences from `low` up to `high` with their cues, as a reading of its own."""
    cues = tuple(replace(cue, sentence=cue.sentence - low) for cue in reading.cues if low <= cue.sentence < high)
    return Reading(reading.sentences[low:high], cues)


def _one_sentence(text: str, reading: Reading, number: int, part: Part) -> Floats:
    sentence = reading.sentences[number]
    own = text[sentence.start : sentence.end]
    return softmax(part.logits(part.row(own, _alone(part_of_reading(reading, number, number + 1))), own))


def _alone(reading: Reading) -> Reading:
    """A reading whose sentences are counted from the text's own start."""
    first = reading.sentences[0].start
    return Reading(tuple(replace(s, start=s.start - first, end=s.end - first) for s in reading.sentences), reading.cues)


def _sentence_scores(reading: Reading, alone: Sequence[Floats], model: TextModel) -> tuple[SentenceScore, ...]:
    cues: list[list[int]] = [[] for _ in reading.sentences]
    for number, cue in enumerate(reading.cues):
        cues[cue.sentence].append(number)
    names = model.sentence.classes
    return tuple(
        SentenceScore(s.start, s.end, names[int(p.argmax())], dict(zip(names, p.tolist(), strict=True)), tuple(own))
        for s, p, own in zip(reading.sentences, alone, cues, strict=True)
    )


def _paragraph_score(text: str, reading: Reading, number: int, paragraph: Paragraph, model: TextModel) -> ParagraphScore:
    own = [i for i, s in enumerate(reading.sentences) if s.paragraph == number] if model.poles else []
    if not own:
        return ParagraphScore(paragraph.start, paragraph.end, None)
    part = _alone(part_of_reading(reading, own[0], own[-1] + 1))
    words = text[reading.sentences[own[0]].start : reading.sentences[own[-1]].end]
    log_odds = _log_odds(model.text.logits(model.text.row(words, part), words), model)
    return ParagraphScore(paragraph.start, paragraph.end, None if log_odds is None else _sigmoid(log_odds))


def _log_odds(logits: Floats, model: TextModel) -> float | None:
    if model.poles is None:
        return None
    first, second = (model.classes.index(pole) for pole in model.poles)
    return float(logits[first] - logits[second])


def _stance_probability(shown: Floats, model: TextModel) -> float | None:
    if model.poles is None or model.neutral is None:
        return None
    return float(sum(shown[model.classes.index(pole)] for pole in model.poles))


def _index(sentences: Sequence[SentenceScore], model: TextModel) -> float | None:
    if model.poles is None or not set(model.poles) <= set(model.sentence.classes):
        return None
    stances = [sentence.stance for sentence in sentences]
    return (stances.count(model.poles[0]) - stances.count(model.poles[1])) / max(1, len(stances))


def _interval(shares: Floats, log_odds: float) -> tuple[float, float]:
    """A 90 % bootstrap over sentences (Efron 1979) of what each adds to the log-odds, widened to hold the score itself."""
    probability = _sigmoid(log_odds)
    n = len(shares)
    if not n:
        return 0.0, 1.0
    rng = np.random.default_rng(zlib.crc32(np.round(shares, 6).tobytes()))
    own = np.concatenate([shares * n, np.zeros(BACKGROUND)])
    drawn = own[rng.integers(0, len(own), (RESAMPLES, len(own)))].mean(axis=1)
    low, high = np.quantile(log_odds - shares.sum() + drawn, [0.05, 0.95])
    return min(_sigmoid(float(low)), probability), max(_sigmoid(float(high)), probability)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
