"""Scores a text with a trained model: sentences, paragraphs, the release, its interval and its explanation."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from classifier.pipeline.evidence import Reading
from classifier.pipeline.extract import read_text, split_paragraphs
from classifier.pipeline.signals import read_signals
from classifier.scoring.aggregate import Floats, aggregates, softmax
from classifier.scoring.artefact import Model, load_model
from classifier.scoring.document import document_row
from classifier.scoring.errors import ModelError
from classifier.scoring.explain import contributions_of, middle_signal
from classifier.scoring.verdict import NO_STANCE, ParagraphScore, ReleaseScore, SentenceScore
from classifier.scoring.weigh import Rows, count_rows
from scraper.release import Paragraph, Release

RESAMPLES = 200
BACKGROUND_SENTENCES = 2  # drawn from the training texts into every resample, so that a short text has a wide interval
RESAMPLE_ROWS = 40_000  # sentences of resamples held at once, so that a long text needs no more memory
GOLDEN_TOLERANCE = 1e-9


def score(source: str | Release, *, model: Model | str | Path | None = None) -> ReleaseScore:
    """Scores a text or a release.

    Args:
        source: the text, or a `Release` from `scraper`.
        model: a loaded model, its folder or name; null for the one in use.

    Raises:
        ModelError: the model cannot be used.
    """
    loaded = model if isinstance(model, Model) else load_model(model)
    text = source.text if isinstance(source, Release) else source
    paragraphs: Sequence[Paragraph] = source.paragraphs if isinstance(source, Release) else split_paragraphs(text)
    return score_reading(read_text(text, paragraphs, lexicon=loaded.lexicon), paragraphs, loaded)


def score_reading(reading: Reading, paragraphs: Sequence[Paragraph], model: Model) -> ReleaseScore:
    """Scores what the pipeline has read. A text without any sentence answers `no stance` with the model's prior."""
    rows = count_rows(reading, model.vocabulary, model.scale, model.pieces)
    logits = sentence_logits(rows, model)
    probabilities = softmax(logits) if len(logits) else softmax(model.bias[None, :])
    log_odds = release_log_odds(rows, probabilities, model)
    presence = presence_log_odds(rows, probabilities, model)
    intercept, contributions = contributions_of(rows, logits, probabilities, log_odds, model)
    by_class = dict(zip(outcomes(model), outcome_probabilities(log_odds, model).tolist(), strict=True))
    two_poles = model.poles is not None
    probability = by_class[model.poles[0]] if model.poles else None
    verdict = max(by_class, key=lambda name: by_class[name])
    sentences = _sentence_scores(reading, probabilities, model)
    return ReleaseScore(
        verdict=NO_STANCE if presence < model.least_presence or not reading.sentences else verdict,
        probabilities=by_class,
        probability=probability,
        interval=_interval(rows, probabilities, model, probability) if probability is not None else None,
        index=_index(sentences, model) if two_poles else None,
        stance_probability=_sigmoid(presence) if two_poles else None,
        paragraphs=_paragraph_scores(reading, paragraphs, rows, probabilities, model),
        sentences=sentences,
        cues=reading.cues,
        contributions=contributions,
        intercept=intercept,
        signals=read_signals(reading) | middle_signal(probabilities, len(reading.sentences), model),
        model={"name": model.name, "version": model.version, "lexicon": model.lexicon_sha256},
    )


def sentence_logits(rows: Rows, model: Model) -> Floats:
    """Logits of each sentence, (n, K)."""
    words = rows.words.total(model.pieces.vectors(rows.words.columns))
    return np.asarray(rows.terms.total(model.weights[rows.terms.columns]) + words + model.bias)


def release_log_odds(rows: Rows, probabilities: Floats, model: Model) -> Floats:
    """Log-odds of the first pole (1,), or of each class (O,), from a text's rows and (n, K) sentence probabilities."""
    document = document_row(rows.terms, model.document_scale, len(model.vocabulary.ngrams))
    words = document.values @ model.document[document.columns]
    return np.asarray(aggregates(probabilities) @ model.head + model.head_bias + words)


def presence_log_odds(rows: Rows, probabilities: Floats, model: Model) -> float:
    """Log-odds that a text takes any stance at all."""
    document = document_row(rows.terms, model.document_scale, len(model.vocabulary.ngrams))
    words = float(document.values @ model.presence_document[document.columns])
    return float(aggregates(probabilities) @ model.presence) + words + model.presence_bias


def outcomes(model: Model) -> tuple[str, ...]:
    """What a release can be: the two poles, or the classes."""
    return model.poles or model.classes


def outcome_probabilities(log_odds: Floats, model: Model) -> Floats:
    """Probabilities of the outcomes from the release's log-odds."""
    if model.poles:
        p = _sigmoid(float(log_odds[0]))
        return np.array([p, 1 - p])
    return softmax(log_odds)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _sentence_scores(reading: Reading, probabilities: Floats, model: Model) -> tuple[SentenceScore, ...]:
    cues: list[list[int]] = [[] for _ in reading.sentences]
    for number, cue in enumerate(reading.cues):
        cues[cue.sentence].append(number)
    best = probabilities.argmax(axis=1).tolist()
    return tuple(
        SentenceScore(s.start, s.end, model.classes[b], dict(zip(model.classes, row, strict=True)), tuple(own))
        for s, b, row, own in zip(reading.sentences, best, probabilities.tolist(), cues, strict=False)
    )


def _index(sentences: Sequence[SentenceScore], model: Model) -> float:
    first, second = model.poles or ("", "")
    stances = [sentence.stance for sentence in sentences]
    return (stances.count(first) - stances.count(second)) / max(1, len(stances))


def _paragraph_scores(
    reading: Reading, paragraphs: Sequence[Paragraph], rows: Rows, probabilities: Floats, model: Model
) -> tuple[ParagraphScore, ...]:
    members: dict[int, list[int]] = {}
    for number, sentence in enumerate(reading.sentences):
        members.setdefault(sentence.paragraph, []).append(number)
    scores = []
    for number, paragraph in enumerate(paragraphs):
        own = members.get(number)
        value = None
        if own and model.poles:
            low, high = own[0], own[-1] + 1
            value = _sigmoid(float(release_log_odds(rows.part(low, high), probabilities[low:high], model)[0]))
        scores.append(ParagraphScore(paragraph.start, paragraph.end, value))
    return tuple(scores)


def _interval(rows: Rows, probabilities: Floats, model: Model, probability: float) -> tuple[float, float]:
    """A 90 % bootstrap over sentences (Efron 1979), widened to contain the score itself.

    The seed comes from the sentences' own probabilities: the same text has the same interval anywhere.
    """
    n, k = probabilities.shape
    rng = np.random.default_rng(zlib.crc32(np.round(probabilities, 6).tobytes()))
    own = np.column_stack([probabilities, n * document_shares(rows, n, model)])
    drawn = model.background[rng.integers(0, len(model.background), (RESAMPLES, BACKGROUND_SENTENCES))]
    log_odds = np.empty(RESAMPLES)
    step = max(1, RESAMPLE_ROWS // n)
    for start in range(0, RESAMPLES, step):
        extra = drawn[start : start + step]
        chosen = own[np.sort(rng.integers(0, n, (len(extra), n)), axis=1)]
        sample = np.concatenate([chosen[:, :1], extra, chosen[:, 1:]], axis=1)
        words = sample[..., k].mean(axis=1)
        log_odds[start : start + step] = (aggregates(sample[..., :k]) @ model.head)[..., 0] + model.head_bias[0] + words
    low, high = np.quantile(1 / (1 + np.exp(-log_odds)), [0.05, 0.95])
    return min(float(low), probability), max(float(high), probability)


def document_shares(rows: Rows, n: int, model: Model) -> Floats:
    """What each of the n sentences adds to the document's part of the log-odds of the first outcome, (n,)."""
    document = document_row(rows.terms, model.document_scale, len(model.vocabulary.ngrams))
    parts = (document.values * model.document[document.columns, 0])[document.places] * document.shares
    return np.asarray(np.bincount(rows.terms.owners(), weights=parts, minlength=n), dtype=np.float64)


def check_golden(model: Model) -> None:
    """Scores the model's golden texts and compares with what it gave when it was made.

    Raises:
        ModelError: a probability differs by more than 1e-9; the message names the versions then and now.
    """
    for golden in model.manifest["golden"]:
        found = score(golden["text"], model=model)
        off = max(abs(found.probabilities[name] - value) for name, value in golden["probabilities"].items())
        if not off <= GOLDEN_TOLERANCE:
            raise ModelError(
                f"model {model.name} does not predict here what it did when it was made (off by {off:.2g}): "
                f"made with {_versions(model.manifest.get('versions', {}))}, here {_versions(here())}",
                hint="install the versions it was made with, or train it again",
            )


def here() -> dict[str, str]:
    """Versions of the libraries that scoring rests on."""
    from importlib.metadata import version

    return {"numpy": np.__version__, "spacy": version("spacy")}


def _versions(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(versions.items()))
