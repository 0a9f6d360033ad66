"""Fits one part of a text model: searches, fits the best choice to all rows, calibrates, folds all into columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack
from threadpoolctl import threadpool_limits

from classifier.learning.texts.bank import Bank, options_of
from classifier.learning.texts.choices import ENCODER, Choice, Scope
from classifier.learning.texts.ridge import Numbers, calibrate, row_weights, solve_dual, targets_of
from classifier.learning.texts.search import Found, Kernels, Trial, find_best, make_folds, run_trial
from classifier.pipeline.evidence import Reading
from classifier.scoring.aggregate import Floats
from classifier.scoring.texts.columns import STEMS, WORDS, Block
from classifier.scoring.texts.kernel import DenseKernel, Encoder, Kernel, SparseKernel
from classifier.scoring.texts.part import Part
from classifier.scoring.vocabulary import Vocabulary

MOST_DUAL = 3_000
"""Rows up to which everything is fitted at once; of more, the search sees a sample."""


@dataclass(frozen=True)
class PartSettings:
    """How a part is fitted: trials, folds, seed, what may be chosen; or a choice made before, which is calibrated alone."""

    budget: int = 24
    folds: int = 5
    seed: int = 0
    scope: Scope = Scope()
    fixed: Choice | None = None


@dataclass(frozen=True)
class Fitted:
    """A fitted part, how its search went, and calibrated logits of its rows from folds that did not see them (NaN: not searched)."""

    part: Part
    choice: Choice
    found: Found
    held_out: Floats


def fit_part(
    texts: Sequence[str],
    labels: Numbers,
    groups: Sequence[str],
    classes: Sequence[str],
    settings: PartSettings,
    *,
    read: Callable[[Sequence[str]], Sequence[Reading]] | None = None,
    encoder: Encoder | None = None,
    tell: Callable[[int, Trial], None] = lambda number, trial: None,
) -> Fitted:
    """Fits a part to labelled texts; the same texts, settings and library versions give the same weights.

    Args:
        texts: the texts.
        labels: (n,) numbers into `classes`.
        groups: what may not be parted by a fold.
        classes: names.
        settings: budget, folds, seed, scope.
        read: reads texts by the pipeline; without it neither cues nor masks can be chosen.
        encoder: for a scope whose likeness is by an encoder.
        tell: called after every trial.
    """
    from classifier.learning.texts.large import fit_large, sample_rows

    with threadpool_limits(1):  # sums in one order: the same weights every time
        chosen = sample_rows(labels, MOST_DUAL, settings.seed)
        own = [texts[i] for i in chosen]
        wanted = settings.scope.lexicon if settings.fixed is None else settings.fixed.needs_reading
        readings = read(own) if read is not None and wanted else None
        known = Vocabulary((), (), _lower_case(readings or ()))
        bank = Bank(own, readings, known)
        vectors = np.array([encoder.encode(text) for text in own]) if encoder is not None else None
        kernels = Kernels(bank, vectors)
        seen = labels[chosen]
        folds = make_folds(seen, [groups[i] for i in chosen], settings.folds, settings.seed)
        if settings.fixed is not None:
            trial = run_trial(settings.fixed, kernels, seen, len(classes), folds)
            found = Found(trial, (trial,), folds, trial.f1)
        else:
            found = find_best(kernels, seen, len(classes), folds, settings.scope, settings.budget, settings.seed, tell)
        choice = found.best.choice
        slope, bias = calibrate(found.best.scores, seen)
        held_out = np.full((len(texts), len(classes)), np.nan)
        held_out[chosen] = slope * found.best.scores + bias
        if len(chosen) < len(texts) and not choice.likeness:
            part, scores = fit_large(texts, labels, groups, classes, choice, settings, read)
            return Fitted(part, choice, found, scores)
        dual = solve_dual(
            kernels.gram(choice), targets_of(seen, len(classes)), row_weights(seen, len(classes), choice.balance), choice.ridge
        )
        part = fold_dual(bank, choice, dual, tuple(classes), (slope, bias), vectors, encoder)
    return Fitted(part, choice, found, held_out)


def fold_dual(
    bank: Bank,
    choice: Choice,
    dual: Floats,
    classes: tuple[str, ...],
    calibration: tuple[float, Floats],
    vectors: Floats | None,
    encoder: Encoder | None,
) -> Part:
    """The part whose columns say what the dual weights say of the rows."""
    slope, bias = calibration
    rows, blocks, weigh, scale = stack_blocks(bank, choice)
    share = 1 - choice.likeness
    kernel: Kernel | None = None
    if choice.likeness and choice.likeness_of == ENCODER and vectors is not None and encoder is not None:
        kernel = DenseKernel(choice.gamma, vectors, slope * choice.likeness * dual, encoder)
    elif choice.likeness:
        entries = rows.tocoo()
        index = (entries.row.astype(np.float64), entries.col.astype(np.float64))
        kernel = SparseKernel(choice.gamma, *index, entries.data, slope * choice.likeness * dual, rows.shape[1])
    weights = slope * share * np.asarray(rows.T @ dual)
    return Part(classes, choice.view, blocks, weigh, bank.known, scale, weights, slope * dual.sum(axis=0) + bias, kernel)


def stack_blocks(bank: Bank, choice: Choice) -> tuple[csr_matrix, tuple[Block, ...], tuple[float, ...], Floats]:
    """The rows of a choice, (n, F), and the blocks, their weights and scales that a text is weighed by."""
    parts, blocks, weigh, scales = [], [], [], []
    for option, weight in options_of(choice):
        taken = bank.take(option)
        parts.append(taken.rows * weight)
        _, kind, _, longest, _ = option
        blocks.append(Block(kind, taken.names, longest=longest if kind in (WORDS, STEMS) else 1))
        weigh.append(weight)
        scales.append(taken.scale)
    return hstack(parts).tocsr(), tuple(blocks), tuple(weigh), np.concatenate(scales)


def _lower_case(readings: Sequence[Reading]) -> set[str]:
    from classifier.scoring.vocabulary import lower_case_terms

    return lower_case_terms(s.terms for reading in readings for s in reading.sentences)
