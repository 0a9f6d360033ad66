"""Scores a text with a trained model: sentences, paragraphs, the release, its interval and its explanation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from classifier.pipeline.evidence import Reading
from classifier.pipeline.extract import read_text, split_paragraphs
from classifier.pipeline.signals import read_signals
from classifier.scoring.aggregate import AGGREGATES, Floats, segment_aggregates, softmax
from classifier.scoring.artefact import AnyModel, Model, load_model
from classifier.scoring.document import Documents, weigh_documents
from classifier.scoring.explain import Explanation, intercepts_of, middle_signal
from classifier.scoring.verdict import NO_STANCE, Contributions, ParagraphScore, ReleaseScore, SentenceScore
from classifier.scoring.weigh import Counted, count_texts
from scraper.release import Paragraph, Release

TOGETHER = 64
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
    if not isinstance(loaded, Model):
        from classifier.scoring.texts.text_score import score_text

        yield from (score_text(source, loaded) for source in sources)
        return
    batch: list[tuple[Reading, Sequence[Paragraph]]] = []
    size = 0
    for source in sources:
        text = source.text if isinstance(source, Release) else source
        paragraphs = source.paragraphs if isinstance(source, Release) else split_paragraphs(text)
        reading = read_text(text, paragraphs, lexicon=loaded.lexicon)
        if batch and not _is_one_table(batch[-1][0], reading):
            yield from score_readings(batch, loaded)
            batch, size = [], 0
        batch.append((reading, paragraphs))
        size += len(text)
        if len(batch) == TOGETHER or size > _MOST_CHARACTERS:
            yield from score_readings(batch, loaded)
            batch, size = [], 0
    yield from score_readings(batch, loaded)


def score_readings(texts: Sequence[tuple[Reading, Sequence[Paragraph]]], model: Model) -> Iterator[ReleaseScore]:
    """Scores what the pipeline has read, with the paragraphs of each. A text without any sentence answers `no stance`."""
    if not texts:
        return
    counted = count_texts([reading for reading, _ in texts], model.terms, model.scale)
    figures = weigh_texts(counted, model)
    names, intercepts = outcomes(model), intercepts_of(model)
    by_paragraph = _paragraph_log_odds(texts, counted, figures, model)
    for number, (reading, paragraphs) in enumerate(texts):
        low, high = int(counted.starts[number]), int(counted.starts[number + 1])
        log_odds = figures.log_odds[number]
        by_class = dict(zip(names, outcome_probabilities(log_odds, model).tolist(), strict=True))
        two_poles = model.poles is not None
        probability = by_class[model.poles[0]] if model.poles else None
        presence = float(figures.presence[number])
        probabilities = figures.probabilities[low:high]
        sentences = _sentence_scores(reading, probabilities, model)
        yield ReleaseScore(
            verdict=NO_STANCE if presence < model.least_presence or not sentences else max(by_class, key=by_class.__getitem__),
            probabilities=by_class,
            probability=probability,
            interval=None if probability is None else _interval(probabilities, figures.shares[low:high], model, probability),
            index=_index(sentences, model) if two_poles else None,
            stance_probability=_sigmoid(presence) if two_poles else None,
            paragraphs=_paragraph_scores(reading, paragraphs, by_paragraph, low, probability),
            sentences=sentences,
            cues=reading.cues,
            contributions=Contributions(Explanation(counted, number, figures.logits[low:high], probabilities, model).contributions),
            intercept=intercepts[0 if two_poles else int(np.argmax(log_odds))],
            signals=read_signals(reading) | middle_signal(probabilities, len(sentences), model),
            model={"name": model.name, "version": model.version, "lexicon": model.lexicon_sha256},
        )


@dataclass(frozen=True)
class Figures:
    """Numbers of several texts: `logits` and `probabilities` (n, K) of their sentences, `log_odds` (T, O) and `presence` (T,)
    of the texts, and what each sentence adds to the document's part of the first log-odds, `shares` (n,).
    """

    logits: Floats
    probabilities: Floats
    log_odds: Floats
    presence: Floats
    shares: Floats


def weigh_texts(counted: Counted, model: Model) -> Figures:
    """From counted sentences to the log-odds of their texts; a text without sentences has those of the bias alone."""
    logits = sentence_logits(counted, model)
    probabilities = softmax(logits) if len(logits) else logits
    texts = len(counted.sentences)
    some = np.flatnonzero(counted.sentences)
    bare = np.tile(softmax(model.bias[None, :]), (1, len(AGGREGATES)))
    summed = np.repeat(bare, texts, axis=0)
    if len(some):
        summed[some] = segment_aggregates(probabilities, counted.starts[some], counted.starts[some + 1])
    documents = weigh_documents(counted, counted.owners, model.document_scale)
    return Figures(
        logits,
        probabilities,
        _log_odds(summed, documents, model),
        _dot(summed, model.presence) + documents.totals(model.presence_document, texts) + model.presence_bias,
        documents.sentence_shares(model.document[:, 0], counted.total),
    )


def sentence_logits(counted: Counted, model: Model) -> Floats:
    """Logits of each sentence, (n, K)."""
    vectors = counted.pieces.vectors(counted.word_row) * counted.word_value[:, None]
    terms = model.weights[counted.ngram_column] * counted.ngram_value[:, None]
    cues = model.weights[counted.cue_column] * counted.cue_value[:, None]
    logits = np.empty((counted.total, len(model.classes)))
    for k in range(len(model.classes)):
        parts = ((counted.ngram_sentence, terms), (counted.cue_sentence, cues), (counted.word_sentence, vectors))
        sums = (np.bincount(owner, weights=values[:, k], minlength=counted.total) for owner, values in parts)
        logits[:, k] = model.bias[k] + sum(sums)
    return logits


def _log_odds(summed: Floats, documents: Documents, model: Model) -> Floats:
    """(T, O) log-odds of texts from their aggregates (T, A * K) and words."""
    outputs = model.head.shape[1]
    columns = [_dot(summed, model.head[:, o]) + documents.totals(model.document[:, o], len(summed)) for o in range(outputs)]
    return np.asarray(np.column_stack(columns) + model.head_bias)


def _dot(rows: Floats, weights: Floats) -> Floats:
    """Rows times weights, each row summed by itself: a product of matrices may round by how many rows there are."""
    return np.asarray((rows * weights).sum(axis=1))


def outcomes(model: AnyModel) -> tuple[str, ...]:
    """What a release can be: the two poles, or the classes."""
    return model.poles or model.classes


def outcome_probabilities(log_odds: Floats, model: Model) -> Floats:
    """Probabilities of the outcomes from the release's log-odds."""
    if model.poles:
        p = _sigmoid(float(log_odds[0]))
        return np.array([p, 1 - p])
    return softmax(log_odds)


def _is_one_table(last: Reading, following: Reading) -> bool:
    """Whether two texts were read with one table of words."""
    tables = {id(reading.sentences[0].run.table) for reading in (last, following) if reading.sentences}
    return len(tables) < 2


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _sentence_scores(reading: Reading, probabilities: Floats, model: Model) -> tuple[SentenceScore, ...]:
    cues: list[tuple[int, ...]] = [()] * len(reading.sentences)
    for number, cue in enumerate(reading.cues):
        cues[cue.sentence] += (number,)
    classes = model.classes
    best = probabilities.argmax(axis=1).tolist() if len(probabilities) else []
    return tuple(
        SentenceScore(s.start, s.end, classes[b], dict(zip(classes, row, strict=True)), own)
        for s, b, row, own in zip(reading.sentences, best, probabilities.tolist(), cues, strict=True)
    )


def _index(sentences: Sequence[SentenceScore], model: Model) -> float:
    first, second = model.poles or ("", "")
    stances = [sentence.stance for sentence in sentences]
    return (stances.count(first) - stances.count(second)) / max(1, len(stances))


def _paragraph_log_odds(
    texts: Sequence[tuple[Reading, Sequence[Paragraph]]], counted: Counted, figures: Figures, model: Model
) -> dict[int, float]:
    """Log-odds of each paragraph as if it stood alone, by its first sentence; texts of one paragraph are left out."""
    owners = np.full(counted.total, -1)
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for reading, _ in texts:
        own = [sentence.paragraph for sentence in reading.sentences]
        if model.poles and own and own[0] != own[-1]:
            for i, paragraph in enumerate(own):
                if not i or paragraph != own[i - 1]:
                    starts.append(at + i)
                    ends.append(at + i)
                ends[-1] += 1
                owners[at + i] = len(starts) - 1
        at += len(own)
    if not starts:
        return {}
    summed = segment_aggregates(figures.probabilities, np.array(starts), np.array(ends))
    documents = weigh_documents(counted, owners, model.document_scale)
    return dict(zip(starts, _log_odds(summed, documents, model)[:, 0].tolist(), strict=True))


def _paragraph_scores(
    reading: Reading, paragraphs: Sequence[Paragraph], log_odds: Mapping[int, float], first: int, probability: float | None
) -> tuple[ParagraphScore, ...]:
    """Scores of all paragraphs, null where one has no sentence; a lone one has that of the text."""
    begins: dict[int, int] = {}
    for number, sentence in enumerate(reading.sentences, first):
        begins.setdefault(sentence.paragraph, number)
    scores = []
    for number, paragraph in enumerate(paragraphs):
        value = None
        if probability is not None and number in begins:
            value = _sigmoid(log_odds[begins[number]]) if begins[number] in log_odds else probability
        scores.append(ParagraphScore(paragraph.start, paragraph.end, value))
    return tuple(scores)


def _interval(probabilities: Floats, shares: Floats, model: Model, probability: float) -> tuple[float, float]:
    """The 90 % interval of the probability, widened to contain it; all of [0, 1] for a text without sentences."""
    if not len(probabilities):
        return 0.0, 1.0
    low, high = model.resampler.bounds(probabilities, shares)
    return min(_sigmoid(low), probability), max(_sigmoid(high), probability)
