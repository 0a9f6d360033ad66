"""From counted sentences to the numbers of their texts: logits, probabilities, log-odds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.scoring.aggregate import AGGREGATES, Floats, segment_aggregates, softmax
from classifier.scoring.artefact import Model
from classifier.scoring.document import Documents, weigh_documents
from classifier.scoring.weigh import Counted


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
        text_log_odds(summed, documents, model),
        _dot(summed, model.presence) + documents.totals(model.presence_document, texts) + model.presence_bias,
        documents.sentence_shares(model.document[:, 0], counted.total),
    )


def sentence_logits(counted: Counted, model: Model) -> Floats:
    """Logits of each sentence, (n, K)."""
    parts = (
        (counted.ngram_sentence, model.weights.take(counted.ngram_column, axis=0), counted.ngram_value),
        (counted.cue_sentence, model.weights.take(counted.cue_column, axis=0), counted.cue_value),
        (counted.word_sentence, counted.pieces.vectors(counted.word_row), counted.word_value),
    )
    logits = np.empty((counted.total, len(model.classes)))
    for k in range(len(model.classes)):
        sums = (np.bincount(owner, weights=weights[:, k] * values, minlength=counted.total) for owner, weights, values in parts)
        logits[:, k] = model.bias[k] + sum(sums)
    return logits


def text_log_odds(summed: Floats, documents: Documents, model: Model) -> Floats:
    """(T, O) log-odds of texts from their aggregates (T, A * K) and words."""
    outputs = model.head.shape[1]
    columns = [_dot(summed, model.head[:, o]) + documents.totals(model.document[:, o], len(summed)) for o in range(outputs)]
    return np.asarray(np.column_stack(columns) + model.head_bias)


def _dot(rows: Floats, weights: Floats) -> Floats:
    """Rows times weights, each row summed by itself: a product of matrices may round by how many rows there are."""
    return np.asarray((rows * weights).sum(axis=1))
