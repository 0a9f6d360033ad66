"""Where sentences begin."""

import pytest

from classifier.pipeline.extract import read_text

CASES = [
    ("The U.S. Government met. It left.", ["The U.S. Government met.", "It left."], "U.S. before a capital is no end"),
    ("They met in the U.S. The Council agreed.", ["They met in the U.S.", "The Council agreed."], "U.S. can end a sentence"),
    ("See No. 5 of the list. Then go.", ["See No. 5 of the list.", "Then go."], "No. 5"),
    ("Under Art. 4 Allies met. They spoke.", ["Under Art. 4 Allies met.", "They spoke."], "Art. 4"),
    ("1. The Council met. 2. It agreed.", ["1. The Council met.", "2. It agreed."], "numbers inside one paragraph"),
    ("1. Allies met.\n2. Allies agreed.", ["1. Allies met.", "2. Allies agreed."], "numbered lines"),
    ("(a) ships;\n(b) aircraft.", ["(a) ships;", "(b) aircraft."], "list marks begin a sentence"),
    ("- ships\n- aircraft", ["- ships", "- aircraft"], "bullets begin a sentence"),
    ('He said: "We will stay." Allies agreed.', ['He said: "We will stay."', "Allies agreed."], "a quotation mark belongs to its sentence"),
    ("A heading\n\nThe Council met.", ["A heading", "The Council met."], "a blank line ends a sentence without a stop"),
    ("The cost is 3.5 million. It grew.", ["The cost is 3.5 million.", "It grew."], "decimal points"),
    ("Gen. Smith spoke. He left.", ["Gen. Smith spoke.", "He left."], "titles"),
    ("It happened in 2022. 32 Allies met.", ["It happened in 2022.", "32 Allies met."], "a year may end a sentence"),
    ("Will it hold? It will!", ["Will it hold?", "It will!"], "question and exclamation marks"),
    (
        "The text was hard\nwrapped at a line. It goes on.",
        ["The text was hard\nwrapped at a line.", "It goes on."],
        "a single line break is white space",
    ),
    ("We met e.g. in Brussels. Then we left.", ["We met e.g. in Brussels.", "Then we left."], "e.g."),
    ("At 10 a.m. Allies met. They agreed.", ["At 10 a.m. Allies met.", "They agreed."], "a.m. before a capital"),
    ("One.", ["One."], "one word"),
    ("", [], "nothing"),
    ("  \n\n ", [], "white space alone"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), CASES, ids=[case[2] for case in CASES])
def test_sentences(text, expected, reason):
    assert [text[s.start : s.end] for s in read_text(text).sentences] == expected, reason
