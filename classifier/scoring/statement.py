"""Scores a text with a trained model: sentences, paragraphs, the release, its interval and its explanation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from classifier.pipeline.evidence import Reading
from classifier.pipeline.extract import read_texts, split_paragraphs
from classifier.scoring.aggregate import Floats, softmax
from classifier.scoring.artefact import AnyModel, Model, load_model
from classifier.scoring.details import Details, sigmoid
from classifier.scoring.explain import intercepts_of
from classifier.scoring.figures import Figures, weigh_texts
from classifier.scoring.verdict import NO_STANCE, Later, LaterMapping, ReleaseScore
from classifier.scoring.weigh import Counted, count_texts
from scraper.release import Paragraph, Release

TOGETHER = 128
"""Texts that are scored in one go, of so many characters at most; results do not depend on it."""
_MOST_CHARACTERS = 500_000


def score(source: str | Release, *, model: AnyModel | str | Path | None = None) -> ReleaseScore:
    """Scores a text or a release.

    Args:
        source: the text, or a `Release` from `scraper`.
        model: a loaded model, its folder or name; null for the one in use.

    Raises:
        ModelError: the model cannot be used.
    """
    return next(score_each([source], model=model))


def score_each(sources: Iterable[str | Release], *, model: AnyModel | str | Path | None = None) -> Iterator[ReleaseScore]:
    """Scores texts one after the other, reading ahead by some: faster than `score` on each, and the same to the last bit.

    Raises:
        ModelError: the model cannot be used.
    """
    loaded = load_model(model) if model is None or isinstance(model, str | Path) else model
    for batch in _batches(sources):
        readings = read_texts(batch, lexicon=loaded.lexicon)
        if isinstance(loaded, Model):
            for group in _by_table([(reading, paragraphs) for reading, (_, paragraphs) in zip(readings, batch, strict=True)]):
                yield from score_readings(group, loaded)
        else:
            from classifier.scoring.texts.text_score import score_read_text

            for reading, (text, paragraphs) in zip(readings, batch, strict=True):
                yield score_read_text(text, reading, paragraphs, loaded)


def _batches(sources: Iterable[str | Release]) -> Iterator[list[tuple[str, Sequence[Paragraph]]]]:
    """Texts with their paragraphs, as many as are scored in one go."""
    batch: list[tuple[str, Sequence[Paragraph]]] = []
    size = 0
    for source in sources:
        text = source.text if isinstance(source, Release) else source
        batch.append((text, source.paragraphs if isinstance(source, Release) else split_paragraphs(text)))
        size += len(text)
        if len(batch) == TOGETHER or size > _MOST_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _by_table(texts: Sequence[tuple[Reading, Sequence[Paragraph]]]) -> Iterator[list[tuple[Reading, Sequence[Paragraph]]]]:
    """Parts the texts where a fresh table of words took over."""
    first = 0
    for number in range(1, len(texts)):
        if not _is_one_table(texts[number - 1][0], texts[number][0]):
            yield list(texts[first:number])
            first = number
    yield list(texts[first:])


def score_readings(texts: Sequence[tuple[Reading, Sequence[Paragraph]]], model: Model) -> Iterator[ReleaseScore]:
    """Scores what the pipeline has read, with the paragraphs of each. A text without any sentence answers `no stance`."""
    if not texts:
        return
    counted = count_texts([reading for reading, _ in texts], model.terms, model.scale)
    figures = weigh_texts(counted, model)
    details = Details(texts, counted, figures, model)
    intervals, indices = _intervals(counted, figures, model), _indices(counted, figures, model)
    names, intercepts, two_poles = outcomes(model), intercepts_of(model), model.poles is not None
    described = {"name": model.name, "version": model.version, "lexicon": model.lexicon_sha256}
    for number, (_, paragraphs) in enumerate(texts):
        log_odds, presence = figures.log_odds[number], float(figures.presence[number])
        by_class = dict(zip(names, outcome_probabilities(log_odds, model), strict=True))
        probability = by_class[names[0]] if two_poles else None
        count = int(counted.sentences[number])
        yield ReleaseScore(
            verdict=NO_STANCE if presence < model.least_presence or not count else max(by_class, key=by_class.__getitem__),
            probabilities=by_class,
            probability=probability,
            interval=None if probability is None else _interval(intervals.get(number), probability),
            index=indices[number] if two_poles else None,
            stance_probability=sigmoid(presence) if two_poles else None,
            paragraphs=Later(details.paragraphs, number, len(paragraphs)),
            sentences=Later(details.sentences, number, count),
            cues=Later(details.cues, number),
            contributions=Later(details.contributions, number),
            intercept=intercepts[0 if two_poles else int(np.argmax(log_odds))],
            signals=LaterMapping(details.signals, number),
            model=described,
        )


def outcomes(model: AnyModel) -> tuple[str, ...]:
    """What a release can be: the two poles, or the classes."""
    return model.poles or model.classes


def outcome_probabilities(log_odds: Floats, model: Model) -> list[float]:
    """Probabilities of the outcomes from the release's log-odds."""
    if model.poles:
        p = sigmoid(float(log_odds[0]))
        return [p, 1 - p]
    return [float(value) for value in softmax(log_odds)]


def _is_one_table(last: Reading, following: Reading) -> bool:
    """Whether two texts were read with one table of words."""
    tables = {id(reading.tally.table) for reading in (last, following) if len(reading.tally.lengths)}
    return len(tables) < 2


def _indices(counted: Counted, figures: Figures, model: Model) -> list[float]:
    """(first - second pole) / all sentences, by text."""
    if not model.poles:
        return []
    stances = figures.probabilities.argmax(axis=1) if counted.total else np.zeros(0, np.int64)
    first, second = (stances == model.classes.index(pole) for pole in model.poles)
    sums = np.bincount(counted.owners, weights=first.astype(float) - second, minlength=len(counted.sentences))
    found: list[float] = (sums / np.maximum(1, counted.sentences)).tolist()
    return found


def _intervals(counted: Counted, figures: Figures, model: Model) -> dict[int, list[float]]:
    """Bounds of the log-odds of each text that has sentences, for a model of two poles."""
    some = np.flatnonzero(counted.sentences)
    if not model.poles or not len(some):
        return {}
    starts = np.append(counted.starts[some], counted.total)
    return dict(zip(some.tolist(), model.resampler.bounds(figures.evidence, figures.shares, starts).tolist(), strict=True))


def _interval(bounds: Sequence[float] | None, probability: float) -> tuple[float, float]:
    """The 90 % interval of the probability, widened to contain it; all of [0, 1] for a text without sentences."""
    if bounds is None:
        return 0.0, 1.0
    return min(sigmoid(bounds[0]), probability), max(sigmoid(bounds[1]), probability)
