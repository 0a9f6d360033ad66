"""Agreement against worked examples that are published, and against other implementations."""

import random

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from classifier.learning.checking.agreement import measure_agreement

# Krippendorff (2011), example C: four observers, twelve units, "." for none.
KRIPPENDORFF = {
    "A": "1 2 3 3 2 1 4 1 2 . . .",
    "B": "1 2 3 3 2 2 4 1 2 5 . 3",
    "C": ". 3 3 3 2 3 4 2 2 5 1 .",
    "D": "1 2 3 3 2 4 4 1 2 5 1 .",
}
# The same, examples A and B: two observers, two categories and five.
TWO_BY_TWO = {"A": "0 1 0 0 0 0 0 0 1 0", "B": "1 1 1 0 0 1 0 0 0 0"}
FIVE = {"A": "a a b b d c c c e d d a", "B": "b a b b b c c c e d d d"}


def units(table):
    rows = {name: values.split() for name, values in table.items()}
    count = len(next(iter(rows.values())))
    return [{name: values[n] for name, values in rows.items() if values[n] != "."} for n in range(count)]


@pytest.mark.parametrize(
    ("table", "level", "expected", "source"),
    [
        (TWO_BY_TWO, "nominal", 0.095, "Krippendorff 2011, A"),
        (FIVE, "nominal", 0.692, "Krippendorff 2011, B"),
        (KRIPPENDORFF, "nominal", 0.743, "Krippendorff 2011, C"),
        (KRIPPENDORFF, "ordinal", 0.815, "Krippendorff 2011, D"),
        (KRIPPENDORFF, "interval", 0.849, "Krippendorff 2011, D"),
    ],
)
def test_alpha_of_published_examples(table, level, expected, source):
    found = measure_agreement(units(table), level=level, replicates=50)
    assert round(found.alpha.value, 3) == expected, source
    assert found.alpha.low <= found.alpha.value <= found.alpha.high
    assert found.texts == sum(len(unit) > 1 for unit in units(table))


def test_kappa_of_a_published_example():
    """Fifty proposals, two readers: both yes 20, both no 15, A alone yes 5, B alone yes 10 give 0.70 and 0.40."""
    table = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    [pair] = measure_agreement([{"A": a, "B": b} for a, b in table]).pairs
    assert pair.percent.value == pytest.approx(0.70)
    assert pair.kappa.value == pytest.approx(0.40)
    # Large-sample standard error of this table: 0.127 (Fleiss, Cohen and Everitt 1969, formula for kappa not 0).
    assert pair.kappa.low == pytest.approx(0.40 - 1.96 * 0.127, abs=0.05)
    assert pair.kappa.high == pytest.approx(0.40 + 1.96 * 0.127, abs=0.05)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(["1", "2", "3", "."]), min_size=3, max_size=3), min_size=3, max_size=20),
    st.sampled_from(["nominal", "ordinal", "interval"]),
)
def test_other_implementations_give_the_same(rows, level):
    given_labels = [{f"r{n}": value for n, value in enumerate(row) if value != "."} for row in rows]
    if not any(len(unit) > 1 for unit in given_labels):
        with pytest.raises(ValueError, match="no text has two"):
            measure_agreement(given_labels)
        return
    found = measure_agreement(given_labels, level=level, replicates=2)
    table = np.array([[np.nan if value == "." else float(value) for value in row] for row in rows]).T
    pairable = [unit for unit in given_labels if len(unit) > 1]
    if len({label for unit in pairable for label in unit.values()}) > 1:
        kept = table[:, [len(unit) > 1 for unit in given_labels]]
        assert found.alpha.value == pytest.approx(krippendorff.alpha(kept, level_of_measurement=level))
    else:
        assert found.alpha.value is None
    for pair in found.pairs:
        both = [(unit[pair.one], unit[pair.other]) for unit in given_labels if pair.one in unit and pair.other in unit]
        first, second = zip(*both, strict=True)
        assert pair.percent.value == pytest.approx(sum(a == b for a, b in both) / len(both))
        if len({*first, *second}) > 1:
            assert pair.kappa.value == pytest.approx(cohen_kappa_score(first, second))
        else:
            assert pair.kappa.value is None


def test_texts_of_one_group_are_drawn_together():
    """Ten groups, each all right or all wrong: the interval must be that of ten draws and not of a thousand."""
    chance = random.Random(1)
    rows = [(group, label, label if group % 2 else "x") for group in range(10) for label in chance.choices("ab", k=100)]
    labels = [{"A": a, "B": b} for _, a, b in rows]
    [grouped] = measure_agreement(labels, [str(group) for group, _, _ in rows]).pairs
    [alone] = measure_agreement(labels).pairs
    assert grouped.percent.value == alone.percent.value == 0.5
    assert grouped.percent.high - grouped.percent.low > 0.4
    assert alone.percent.high - alone.percent.low < 0.1


def test_very_many_texts_are_put_into_bags_and_the_interval_stays():
    """20,000 texts, more than are drawn by themselves: the interval is that of the binomial, 1.96 sqrt(0.8 * 0.2 / n)."""
    chance = random.Random(2)
    [pair] = measure_agreement([{"A": "x", "B": "x" if chance.random() < 0.8 else "y"} for _ in range(20_000)]).pairs
    half = 1.96 * (0.8 * 0.2 / 20_000) ** 0.5
    assert (pair.percent.high - pair.percent.low) / 2 == pytest.approx(half, rel=0.15)


def test_the_same_labels_give_the_same_intervals():
    assert measure_agreement(units(KRIPPENDORFF)) == measure_agreement(units(KRIPPENDORFF))


def test_words_have_no_order():
    with pytest.raises(ValueError, match="'a' is none"):
        measure_agreement([{"A": "1", "B": "a"}], level="ordinal")


def test_agreement_of_the_given_sentences(given_data):
    from classifier.learning.labelled.read import read_labelled

    rows = list(read_labelled(given_data / "sentences.jsonl"))
    [pair] = measure_agreement([row.annotators for row in rows], [row.cluster for row in rows]).pairs
    assert round(pair.percent.value, 3) == 0.924, "as their README says"
    assert 0.84 < pair.kappa.value < 0.90
