"""The lexicon is data and is tested like code."""

import json
import shutil
from collections import Counter

import pytest
import spacy

from classifier.pipeline.cues import CueFinder
from classifier.pipeline.evidence import CATEGORIES
from classifier.pipeline.lexicon import DATA, LexiconError, lint_lexicon, load_lexicon
from classifier.pipeline.passages import read_passages
from classifier.pipeline.sentences import bounds_of
from classifier.pipeline.wordings import compile_phrases
from classifier.pipeline.words import word_table

LEXICON = load_lexicon()


def test_no_faults_of_form():
    assert lint_lexicon(LEXICON) == []


def test_size_and_coverage():
    counts = Counter(row.category for row in LEXICON.cues)
    assert len(LEXICON.cues) >= 300
    assert set(counts) == set(CATEGORIES)
    assert min(counts.values()) >= 6


@pytest.fixture(scope="module")
def met():
    """Ids of the rows that a text meets, before a longer cue takes in a shorter one of its category."""
    nlp = spacy.blank("en")
    finder = CueFinder(LEXICON, compile_phrases(nlp.tokenizer, LEXICON))

    def meet(text):
        passages, _ = read_passages(word_table(), [text])
        return {LEXICON.cues[row].id for row in finder.meet(passages, bounds_of(passages)).cues.rows}

    return meet


@pytest.mark.parametrize("row", LEXICON.cues, ids=lambda row: row.id)
def test_examples_and_counterexamples(row, met):
    for text in row.examples:
        assert row.id in met(text), f"example not met: {text}"
    for text in row.counterexamples:
        assert row.id not in met(text), f"counter-example met: {text}"


GOOD = {
    "id": "posture_action.test",
    "category": "posture_action",
    "stance": "hawkish",
    "strength": 2,
    "phrases": ["send ships"],
    "examples": ["We send ships."],
    "counterexamples": ["Ships."],
    "source": "codebook H1",
    "added": "2026-11-22",
}


@pytest.mark.parametrize(
    ("change", "fault", "reason"),
    [
        ({"stance": "cautious"}, "clashes with its category", "polarity clash"),
        ({"category": "bravado"}, "not in the vocabulary", "closed vocabulary"),
        ({"source": ""}, "needs a source", "no row without a source"),
        ({"examples": []}, "needs an example", "no row without an example"),
        ({"counterexamples": []}, "counter-example", "no row without a counter-example"),
        ({"strength": 9}, "strength", "strengths are 1 to 3"),
        ({"phrases": ["{no_such_class}"]}, "classes.jsonl lacks", "unknown word class"),
        ({"phrases": ["Send Ships"]}, "not lower case", "matching is on lower case"),
        ({"phrases": ["cost-(sharing|splitting)"]}, "brackets stand apart", "a bracket glued to letters would part the word"),
        ({"phrases": []}, "needs either phrases", "a row that can match nothing"),
        ({"first": ["send"], "second": ["ships"]}, "needs either phrases", "phrases and a pair at once"),
    ],
)
def test_lint_finds(tmp_path, change, fault, reason):
    folder = tmp_path / "lexicon"
    shutil.copytree(DATA, folder)
    (folder / "cues.jsonl").write_text(json.dumps(GOOD | change) + "\n", encoding="utf-8")
    assert any(fault in found for found in lint_lexicon(load_lexicon(folder))), reason


@pytest.mark.parametrize(
    ("line", "words", "reason"),
    [
        ('{"id": "x", "colour": "red"}', "unknown field colour", "unknown keys are named"),
        ("{broken", "line 1", "broken JSON names its line"),
        ('{"id": "x"}', "line 1", "missing fields name their line"),
    ],
)
def test_broken_files_are_refused(tmp_path, line, words, reason):
    folder = tmp_path / "lexicon"
    shutil.copytree(DATA, folder)
    (folder / "cues.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=words):
        load_lexicon(folder)
