"""`StanceClassifier`: what `nac train` fits, as a scikit-learn estimator over texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d

from classifier.learning.lessons import text_mark
from classifier.learning.texts.choices import ENCODER, ROWS, Scope
from classifier.learning.texts.fitting import PartSettings, fit_part
from classifier.learning.texts.train_text import choose_encoder, predict_part, read_all
from classifier.scoring.aggregate import Floats


class StanceClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """Learns which class a text is of; classes may be strings or whole numbers.

    It never abstains: `predict` gives `classes_[argmax(predict_proba)]`. What is counted and how strongly it is held back is chosen by
    cross-validation inside the rows given to `fit`.

    Args:
        budget: choices that are tried.
        folds: folds of cross-validation.
        seed: same rows and seed, same weights.
        lexicon: may choose the lexicon's cues and masked names; else only what any field has.
        strong: also learn by likeness to training texts.
        encoder: with `strong`: folder with `model.onnx` and `tokenizer.json`; null for the installed one (extra `dense`), or where
            there is none for likeness by words and pieces.

    Attributes:
        classes_: (K,) labels, sorted.
        part_: the fitted model.
        choice_: what was chosen.
        score_: weighted F1 across folds of what was chosen.
    """

    def __init__(
        self,
        *,
        budget: int = 24,
        folds: int = 5,
        seed: int = 0,
        lexicon: bool = True,
        strong: bool = False,
        encoder: str | Path | None = None,
    ) -> None:
        self.budget = budget
        self.folds = folds
        self.seed = seed
        self.lexicon = lexicon
        self.strong = strong
        self.encoder = encoder

    def fit(self, X: Iterable[str], y: Sequence[Any], groups: Sequence[Any] | None = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Fits to texts and their labels.

        Args:
            X: n texts.
            y: (n,) labels of two or more classes.
            groups: (n,) what no fold may part, such as an author; rows of one text are never parted.

        Raises:
            ValueError: not one label a text, one class, or something that is no text.
            ModelError: the encoder cannot be used.
        """
        texts = _as_texts(X)
        labels = column_or_1d(y, warn=True)
        check_classification_targets(labels)
        if len(labels) != len(texts):
            raise ValueError(f"{len(texts)} texts, but {len(labels)} labels: there must be one label a text")
        self.classes_, numbers = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"y holds one class, {self.classes_[0]!r}; a classifier needs two or more")
        clusters = [text_mark(text) for text in texts] if groups is None else [str(group) for group in groups]
        if len(clusters) != len(texts) or len(set(clusters)) < 2:
            raise ValueError("groups must name one group a text, and two different ones at least")
        encoder, _ = choose_encoder(None if self.encoder is None else Path(self.encoder), lambda line: None) if self.strong else (None, {})
        likeness = "" if not self.strong else ENCODER if encoder is not None else ROWS
        scope = Scope(lexicon=self.lexicon, likeness_of=likeness)
        settings = PartSettings(budget=self.budget, folds=self.folds, seed=self.seed, scope=scope)
        names = [str(name) for name in self.classes_]
        fitted = fit_part(texts, np.asarray(numbers, dtype=np.intp), clusters, names, settings, read=read_all, encoder=encoder)
        self.part_, self.choice_, self.score_ = fitted.part, fitted.choice, fitted.found.best.f1
        return self

    def predict_proba(self, X: Iterable[str]) -> Floats:  # noqa: N803 - scikit-learn's name
        """(n, K) calibrated probabilities of the classes, in the order of `classes_`."""
        check_is_fitted(self)
        return predict_part(self.part_, _as_texts(X))

    def predict(self, X: Iterable[str]) -> NDArray[Any]:  # noqa: N803 - scikit-learn's name
        """(n,) the likeliest class of each text; of two that are equal the first."""
        check_is_fitted(self)
        found: NDArray[Any] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return found

    def __sklearn_tags__(self) -> Tags:
        """Texts, not a table of numbers."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        return tags


def _as_texts(given: Iterable[str]) -> list[str]:
    """The texts as a list.

    Raises:
        ValueError: a single text, none, or something that is no text.
    """
    if isinstance(given, str | bytes):
        raise ValueError("give a list of texts, not one text")
    texts = list(given)
    if not texts:
        raise ValueError("no texts are given (0 samples)")
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f"text number {number} is a {type(text).__name__}, not a string")
    return [str(text) for text in texts]
