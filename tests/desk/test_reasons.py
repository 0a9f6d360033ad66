"""The words that made it so: every contribution goes to the words it came from, and to no others."""

from dataclasses import replace

import pytest

from classifier.desk.reasons import find_reasons
from classifier.pipeline.evidence import Cue
from classifier.scoring.statement import score
from classifier.scoring.verdict import Contribution, SentenceScore
from tests.desk.conftest import STATEMENT
from tests.desk.made import make_scored

TEXT = "The Allies “responded” swiftly – to the 3 drones over Poland and of Estonia."
RESPONDED = TEXT.index("responded")


def reasons_of(*contributions, cues=(), text=TEXT):
    parts = tuple(Contribution(feature, value, 0) for feature, value in contributions)
    result = make_scored("hawkish", text=text).result
    sentence = SentenceScore(0, len(text), "hawkish", result.probabilities, tuple(range(len(cues))))
    result = replace(result, contributions=parts, cues=tuple(cues), sentences=(sentence,))
    return {text[found.start : found.end]: round(found.value, 6) for found in find_reasons(text, result)}


NGRAMS = [
    # contributions, words and values, why
    ([("respond", 0.5)], {"responded": 0.5}, "a stem is told in the words of the text"),
    ([("respond swift", 0.5)], {"responded” swiftly": 0.5}, "across punctuation"),
    ([("swift to the", 0.25), ("swift", 0.5)], {"swiftly – to the": 0.75}, "a part goes to the whole that holds it"),
    ([("respond", 0.5), ("drone", -0.75)], {"drones": -0.75, "responded": 0.5}, "the weightiest first"),
    ([("the", 0.5)], {}, "a function word that stands alone tells nothing"),
    ([("<number> drone", 0.5)], {"3 drones": 0.5}, "a number in its place"),
    ([("over <name> and", 0.5)], {"over Poland and": 0.5}, "a name in its place"),
    ([("of <partner>", 0.5)], {"of Estonia": 0.5}, "whatever role the name has"),
    ([("<name>", 0.5)], {}, "a name alone is a fact"),
    ([("nowhere", 0.5)], {}, "what is not found is left to the list"),
    ([("respond", 0.005)], {}, "too little to name"),
    ([("respond", 0.5), ("respond", -0.5)], {}, "what cancels out"),
]


@pytest.mark.parametrize(("contributions", "words", "why"), NGRAMS)
def test_stems_are_told_in_the_words_of_the_text(contributions, words, why):
    assert reasons_of(*contributions) == words, why


def test_a_cue_gathers_its_feature_and_the_stems_inside_it():
    cue = Cue("row", "posture_action", "hawkish", RESPONDED, RESPONDED + 18, 0, ("negated",))
    parts = [("cue:posture_action+negated", 1.0), ("respond swift", 0.25), ("respond", 0.25), ("drone", 0.5)]
    assert reasons_of(*parts, cues=[cue]) == {"responded” swiftly": 1.5, "drones": 0.5}


def test_cues_that_set_one_feature_share_it():
    cues = [
        Cue("a", "posture_action", "hawkish", RESPONDED, RESPONDED + 9, 0),
        Cue("b", "posture_action", "hawkish", TEXT.index("drones"), TEXT.index("drones") + 6, 0),
    ]
    assert reasons_of(("cue:posture_action", 1.0), cues=cues) == {"responded": 0.5, "drones": 0.5}


def test_invisible_marks_do_not_move_the_words():
    text = "The Allies re\u00adsponded\u00a0 swiftly."
    assert reasons_of(("respond swift", 0.5), text=text) == {"re\u00adsponded\u00a0 swiftly": 0.5}


def test_reasons_of_a_real_score_are_in_order_and_never_outweigh_their_sentence():
    result = score(STATEMENT)
    reasons = find_reasons(STATEMENT, result, most=1000)
    assert reasons
    assert [abs(reason.value) for reason in reasons] == sorted((abs(r.value) for r in reasons), reverse=True)
    for number in {reason.sentence for reason in reasons}:
        sentence = result.sentences[number]
        assert all(sentence.start <= r.start < r.end <= sentence.end for r in reasons if r.sentence == number)
