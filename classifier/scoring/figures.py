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
    """Numbers of several texts: of their sentences `logits` and probabilities by kind of `evidence` (n, K) and `probabilities` by
    class (n, C); of the texts `log_odds` (T, O) and `presence` (T,); and what each sentence adds to the document's part of
    the first log-odds, `shares` (n,).
    """

    logits: Floats
    evidence: Floats
    probabilities: Floats
    log_odds: Floats
    presence: Floats
    shares: Floats


def weigh_texts(counted: Counted, model: Model) -> Figures:
    """From counted sentences to the log-odds of their texts; a text without sentences has those of the bias alone."""
    logits = sentence_logits(counted, model)
    evidence = softmax(logits) if len(logits) else logits
    texts = len(counted.sentences)
    some = np.flatnonzero(counted.sentences)
    bare = np.tile(softmax(model.bias[None, :]), (1, len(AGGREGATES)))
    summed = np.repeat(bare, texts, axis=0)
    if len(some):
        summed[some] = segment_aggregates(evidence, counted.starts[some], counted.starts[some + 1])
    documents = weigh_documents(counted, counted.owners, model.document_scale)
    return Figures(
        logits,
        evidence,
        class_probabilities(evidence, model),
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
    logits = np.empty((counted.total, len(model.evidence)))
    for k in range(len(model.evidence)):
        sums = (np.bincount(owner, weights=weights[:, k] * values, minlength=counted.total) for owner, weights, values in parts)
        logits[:, k] = model.bias[k] + sum(sums)
    return logits


def class_probabilities(evidence: Floats, model: Model) -> Floats:
    """(n, C) probabilities of the classes from those of their kinds of evidence (n, K); added up in the order of the kinds."""
    found = np.zeros((len(evidence), len(model.classes)))
    for kind, owner in enumerate(model.evidence_class):
        found[:, owner] += evidence[:, kind]
    return found


def text_log_odds(summed: Floats, documents: Documents, model: Model) -> Floats:
    """(T, O) log-odds of texts from their aggregates (T, A * K) and words."""
    outputs = model.head.shape[1]
    columns = [_dot(summed, model.head[:, o]) + documents.totals(model.document[:, o], len(summed)) for o in range(outputs)]
    return np.asarray(np.column_stack(columns) + model.head_bias)


def _dot(rows: Floats, weights: Floats) -> Floats:
    """Rows times weights, each row summed by itself: a product of matrices may round by how many rows there are."""
    return np.asarray((rows * weights).sum(axis=1))
