"""What a score promises, on the shipped model and constructed texts."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import load_model, score
from classifier.scoring.aggregate import AGGREGATES, aggregate_weights, middle_third

TEXTS = {
    "one sentence": "Allies will send four more frigates to the strait.",
    "three paragraphs": (
        "The Council met today at the request of Norland under Article 4 of the Treaty.\n\n"
        "Two further air defence batteries are placed at the disposal of the Supreme Commander, who may engage drones at once.\n\n"
        "Allies remain in close contact."
    ),
    "cautious": "No change in posture was decided. Experts will examine the facts and report. The Council calls for restraint.",
    "no cue": "The cook served soup. It was warm.",
    "long": "Allies condemned the attack. The matter was referred to the committee. Ships were sent. " * 40,
}


@pytest.fixture(scope="module")
def model():
    return load_model()


def logit(p):
    return math.log(p / (1 - p))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_contributions_add_up_exactly(text, model):
    found = score(text, model=model)
    total = found.intercept + sum(part.value for part in found.contributions)
    assert total == pytest.approx(logit(found.probability), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Allies sent ships.", "Restraint is urged.", "The Council met.", "No decision was taken.", "Russia must stop.", "12 x."]
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([" ", "\n\n"]),
)
def test_promises_hold_for_any_mixture(sentences, gap):
    text = gap.join(sentences)
    found = score(text)
    low, high = found.interval
    assert found.intercept + sum(p.value for p in found.contributions) == pytest.approx(logit(found.probability), abs=1e-9)
    assert 0 <= low <= found.probability <= high <= 1
    assert sum(found.probabilities.values()) == pytest.approx(1)
    assert -1 <= found.index <= 1
    for sentence in found.sentences:
        assert sum(sentence.probabilities.values()) == pytest.approx(1)
        assert sentence.stance == max(sentence.probabilities, key=sentence.probabilities.get)
    assert len(found.paragraphs) == (len(sentences) if gap != " " else 1)


def test_the_intercept_is_a_constant_of_the_model(model):
    assert len({round(score(text, model=model).intercept, 9) for text in TEXTS.values()}) == 1


def test_a_single_sentence_has_a_wider_interval_than_the_same_said_often(model):
    one = score(TEXTS["one sentence"], model=model)
    many = score(
        TEXTS["one sentence"] + " " + " ".join(f"Allies will send {n} more frigates to the strait." for n in range(30)), model=model
    )
    assert one.interval[1] - one.interval[0] > many.interval[1] - many.interval[0]


def test_the_same_text_has_the_same_score_anywhere(model):
    scores = [score(text, model=model) for _ in range(3) for text in TEXTS.values()]
    for i, text in enumerate(TEXTS):
        assert scores[i] == scores[i + len(TEXTS)] == scores[i + 2 * len(TEXTS)], text


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "nothing"), ("   \n", "white space"), ("…", "a mark alone"), ("1234", "a number alone"), ("\x00\x01", "control characters")],
)
def test_texts_that_say_nothing_have_no_stance(text, reason, model):
    found = score(text, model=model)
    assert found.verdict == "no stance", reason
    assert found.intercept + sum(p.value for p in found.contributions) == pytest.approx(logit(found.probability), abs=1e-9)


@pytest.mark.parametrize(
    ("added", "up", "reason"),
    [
        ("We are deploying two more battlegroups.", True, "a measure"),
        ("The parties remain in close contact.", False, "contact alone"),
    ],
)
def test_adding_a_sentence_moves_the_score(added, up, reason, model):
    base = "The Council met to discuss the incident. Allies expressed concern. Ministers took note of the report."
    before, after = score(base, model=model).probability, score(f"{base} {added}", model=model).probability
    assert (after > before) is up, reason


@pytest.mark.parametrize("n", [1, 2, 3, 4, 7, 30])
def test_aggregates_are_weighted_means(n):
    probabilities = np.random.default_rng(n).dirichlet(np.ones(3), size=n)
    weights = aggregate_weights(probabilities)
    assert weights.shape == (len(AGGREGATES), n, 3)
    assert np.allclose(weights.sum(axis=1), 1)
    low, high = middle_third(n)
    assert 0 <= low < high <= n
