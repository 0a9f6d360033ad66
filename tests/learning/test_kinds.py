"""Kinds of evidence: how labelled sentences are shared out among them, and how classes are made of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.learning.corpora import LabelledSentence, load_constructed
from classifier.learning.kinds import NAMES, OWNERS, kind_shares
from classifier.learning.settings import CLASSES, KINDS
from classifier.scoring.artefact import load_model
from classifier.scoring.figures import class_probabilities
from classifier.scoring.statement import score


def sentence(label, *evidence):
    return LabelledSentence("x", "x", "real", "2022-01-01", "text", label, evidence=evidence)


SHARES = [
    (sentence("hawkish", ("H1",), ("H1",)), {"H1": 1}, "both annotators name one code"),
    (sentence("hawkish", ("H1",), ("H2",)), {"H1": 0.5, "H2": 0.5}, "each has an equal say"),
    (sentence("hawkish", ("H1", "H2"), ("H2",)), {"H1": 0.25, "H2": 0.75}, "a say is split evenly"),
    (sentence("cautious", ("C2",), ("C4",)), {"C1": 0.5, "C3": 0.5}, "rare codes count to their next of kin"),
    (sentence("hawkish", ("H4", "H1"), ()), {"H1": 1}, "two codes of one kind; one annotator alone"),
    (sentence("hawkish", ("C3", "H2"), ("C1",)), {"H2": 1}, "codes of another class do not count"),
    (sentence("neutral", (), ()), {"N": 1}, "neutral has one kind"),
    (sentence("neutral", ("C1",), ("H9",)), {"N": 1}, "nor do codes that are no kind"),
]


@pytest.mark.parametrize(("given_", "expected", "why"), SHARES, ids=[row[2] for row in SHARES])
def test_shares(given_, expected, why):
    [row] = kind_shares([given_])
    assert {name: share for name, share in zip(NAMES, row, strict=True) if share > 1e-9} == pytest.approx(expected), why


def test_what_has_no_codes_is_shared_out_as_its_class_usually_is():
    rows = [sentence("cautious", ("C1",))] * 3 + [sentence("cautious", ("C3",)), sentence("cautious"), sentence("hawkish")]
    shares = dict(zip(NAMES, kind_shares(rows).T, strict=True))
    assert (shares["C1"][4], shares["C3"][4]) == pytest.approx((0.75, 0.25), abs=1e-5)
    assert [shares[name][5] for name in ("H1", "H2", "H3")] == pytest.approx([1 / 3] * 3), "no hawkish one has codes"


@given(st.lists(st.tuples(st.sampled_from(CLASSES), st.lists(st.sampled_from("C1 C2 C3 C4 C5 H1 H2 H3 H4".split()), max_size=3))))
def test_every_sentence_is_shared_out_within_its_class(rows):
    shares = kind_shares([sentence(label, tuple(codes), ()) for label, codes in rows])
    assert np.allclose(shares.sum(axis=1), 1)
    for row, (label, _) in zip(shares, rows, strict=True):
        assert all(share == 0 or KINDS[name] == label for name, share in zip(NAMES, row, strict=True))


def test_every_sided_sentence_of_ours_has_codes_of_its_side():
    for name, label, codes in sided_rows():
        assert codes and all(code[0] == label[0].upper() for code in codes), name


def sided_rows():
    import csv

    from classifier.learning.corpora import CORPUS

    with (CORPUS / "pool_sentences.csv").open(encoding="utf-8", newline="") as lines:
        pool = [(row["id"], row["label"], f"{row['evidence_a']},{row['evidence_b']}".split(",")) for row in csv.DictReader(lines)]
    made = [(s.id, s.label, [code for codes in s.evidence for code in codes]) for s in load_constructed().sentences]
    return [row for row in pool + made if row[1] in ("hawkish", "cautious")]


def test_classes_have_the_probability_of_their_kinds():
    model = load_model()
    assert dict(zip(model.evidence, model.evidence_class, strict=True)) == dict(zip(NAMES, OWNERS, strict=True))
    rows = np.random.default_rng(1).dirichlet(np.ones(len(NAMES)), 50)
    found = class_probabilities(rows, model)
    for number, name in enumerate(model.classes):
        assert np.allclose(found[:, number], rows[:, [KINDS[kind] == name for kind in NAMES]].sum(axis=1))


KINDS_SEEN = [
    ("Allies will send two further air defence batteries and forty fighter jets to the eastern flank.", "H1", "posture"),
    ("They imposed new sanctions and will impose further severe costs.", "H2", "costs"),
    ("The two ministers discussed the situation and agreed to remain in close contact.", "C1", "contact"),
    ("We urge restraint and call for an immediate ceasefire and a return to dialogue.", "C3", "restraint"),
    ("We extend our deepest condolences to the families of the victims.", "C5", "condolence"),
]


@pytest.mark.parametrize(("text", "kind", "why"), KINDS_SEEN, ids=[row[2] for row in KINDS_SEEN])
def test_a_sentence_says_what_kind_of_evidence_it_is(text, kind, why):
    [found] = score(text).sentences
    assert max(found.evidence, key=found.evidence.get) == kind
    assert found.probabilities == pytest.approx(
        {name: sum(p for k, p in found.evidence.items() if KINDS[k] == name) for name in found.probabilities}
    )
