"""`StanceClassifier` as scikit-learn takes it."""

import pickle
import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import estimator_checks_generator
from sklearn.utils.validation import check_is_fitted, validate_data

from classifier import StanceClassifier
from tests.learning.made_rows import make_rows

QUICK = {"budget": 2, "folds": 3, "lexicon": False}


class OfNumbers(StanceClassifier):
    """The same estimator where scikit-learn's checks bring tables of numbers: each row is told in words."""

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        return super().fit(told(X), y)

    def predict(self, X):
        check_is_fitted(self)
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def predict_proba(self, X):
        check_is_fitted(self)
        return super().predict_proba(told(validate_data(self, X, reset=False)))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        tags.input_tags.string = False
        tags.input_tags.one_d_array = False
        tags.classifier_tags.poor_score = True  # of numbers told in words
        return tags


def told(table):
    return [" ".join(f"column{i} is {'above' if value > 0 else 'below'} {abs(value):.1f}" for i, value in enumerate(row)) for row in table]


EXPECTED = {
    "check_sample_weight_equivalence_on_dense_data": "rows are not weighed by the caller",
}
"""Checks that no estimator of texts can pass, and why."""

with warnings.catch_warnings():
    # scikit-learn leaves out its checks on tables by the tags of an estimator of texts, and warns of it.
    warnings.simplefilter("ignore")
    TEXT_CHECKS = list(estimator_checks_generator(StanceClassifier(**QUICK)))
    CHECKS = TEXT_CHECKS + list(estimator_checks_generator(OfNumbers(**QUICK), expected_failed_checks=EXPECTED, mark="skip"))


def rows(classes=3, count=90):
    made = make_rows(classes, count, noise=0)
    return [row["text"] for row in made], np.array([row["label"] for row in made])


@pytest.fixture(scope="module")
def fitted():
    return StanceClassifier(**QUICK).fit(*rows())


@pytest.mark.parametrize(("estimator", "check"), CHECKS, ids=lambda value: getattr(getattr(value, "func", value), "__name__", "estimator"))
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


def test_there_are_checks_to_pass():
    assert len(CHECKS) >= 30


@pytest.mark.parametrize("kind", [str, int, bool])
def test_a_label_is_the_likeliest_class_also_after_pickling(kind):
    texts, labels = rows(2, 60)
    given = labels if kind is str else (labels == labels[0]).astype(kind)
    learner = StanceClassifier(**QUICK).fit(texts, given)
    again = pickle.loads(pickle.dumps(learner))
    unseen = [*texts[:10], "nothing of the kind", "", "!?"]
    for one in (learner, again):
        shares = one.predict_proba(unseen)
        assert np.array_equal(one.predict(unseen), one.classes_[shares.argmax(axis=1)])
        assert shares.sum(axis=1) == pytest.approx(np.ones(len(unseen)))
    assert np.array_equal(again.predict_proba(unseen), learner.predict_proba(unseen))
    assert learner.predict(unseen).dtype == np.asarray(given).dtype


def test_it_clones_scores_and_stands_in_a_pipeline():
    texts, labels = rows()
    copy = clone(StanceClassifier(**QUICK))
    assert copy.get_params() == StanceClassifier(**QUICK).get_params()
    assert copy.set_params(budget=1).budget == 1
    whole = make_pipeline(FunctionTransformer(lambda given: [text.strip() for text in given]), copy)
    assert cross_val_score(whole, texts, labels, cv=3).mean() > 0.9


@pytest.mark.parametrize(
    ("texts", "labels", "told", "reason"),
    [
        (["a b", "c d"], ["x", "x"], "one class", "one class"),
        (["a b", "c d"], ["x"], "one label a text", "a label is missing"),
        (["a b", 3], ["x", "y"], "not a string", "a number among texts"),
        ("a b", ["x"], "not one text", "one text"),
        ([], [], "0 samples", "no texts"),
    ],
)
def test_what_cannot_be_fitted_is_refused(texts, labels, told, reason):
    with pytest.raises(ValueError, match=told):
        StanceClassifier(**QUICK).fit(texts, labels)


def test_groups_are_not_parted(fitted):
    texts, labels = rows(2, 40)
    with pytest.raises(ValueError, match="two different"):
        StanceClassifier(**QUICK).fit(texts, labels, groups=["one"] * 40)
    learner = StanceClassifier(**QUICK).fit(texts, labels, groups=[i // 4 for i in range(40)])
    assert 0 <= learner.score_ <= 1
