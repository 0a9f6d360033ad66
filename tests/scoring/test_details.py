"""Parts of a score that are worked out when they are looked at are the same values as any others."""

import pickle

import pytest

from classifier.scoring.statement import score, score_each
from classifier.scoring.verdict import Later, LaterMapping

TEXTS = [
    "Allies will send four more frigates to the strait. Contact continues.\n\nThe Council remains concerned.",
    "",
    "Experts will examine the facts. The Council calls for restraint, and Allies met.",
]


def test_what_is_looked_at_late_is_what_a_text_says_alone():
    for text, found in zip(TEXTS, score_each(TEXTS), strict=True):
        alone = score(text)
        assert found == alone
        assert (len(found.sentences), len(found.paragraphs)) == (len(list(found.sentences)), len(list(found.paragraphs)))
        assert dict(found.signals) == dict(alone.signals)


def test_a_score_travels_whole():
    for found in score_each(TEXTS):
        assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize("count", [None, 3])
def test_parts_are_worked_out_once_and_not_for_their_number(count):
    asked = []
    parts = Later(lambda text: asked.append(text) or (1, 2, 3), 7, count)
    assert len(parts) == 3
    assert len(asked) == (count is None), "a known number asks for nothing"
    assert (parts[0], parts[1:], list(parts), parts == (1, 2, 3), hash(parts)) == (1, (2, 3), [1, 2, 3], True, hash((1, 2, 3)))
    assert asked == [7]


def test_a_mapping_is_worked_out_once():
    asked = []
    found = LaterMapping(lambda text: asked.append(text) or {"a": 1}, 7)
    assert not asked
    assert (dict(found), found["a"], found == {"a": 1}, repr(found)) == ({"a": 1}, 1, True, "{'a': 1}")
    assert asked == [7]
