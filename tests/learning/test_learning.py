"""Learning on a small constructed corpus: figures are not the subject, behaviour is."""

from dataclasses import replace

import numpy as np
import pytest

from classifier.learning.corpora import Corpus, CorpusError, load_constructed, load_given, load_pool, read_corpus
from classifier.learning.evaluate import expected_calibration_error, model_figures
from classifier.learning.model import fit_model, group_folds
from classifier.learning.save import prune, save_model
from classifier.learning.sentence_part import merge_sentences
from classifier.learning.settings import CLASSES, TrainingSettings
from classifier.learning.train import load_shipped_corpus, load_twin_corpus
from classifier.scoring.artefact import load_model
from classifier.scoring.statement import score


@pytest.fixture(scope="module")
def small():
    """Every tenth constructed statement: small, of many hands."""
    whole = load_constructed()
    chosen = whole.releases[::10]
    ids = {release.id for release in chosen}
    return read_corpus(Corpus(chosen, tuple(s for s in whole.sentences if s.id.split("@")[0] in ids)))


@pytest.fixture(scope="module")
def fitted(small):
    return fit_model(small, TrainingSettings(folds=3), name="small")


def test_same_texts_give_the_same_weights(small, fitted):
    again = fit_model(small, TrainingSettings(folds=3), name="small")
    for name in ("weights", "bias", "head", "document", "presence", "background"):
        assert np.array_equal(getattr(again, name), getattr(fitted, name)), name


def test_saved_and_loaded_it_predicts_the_same(fitted, tmp_path):
    kept = prune(replace(fitted, version="0.1"))
    save_model(kept, tmp_path / "small", facts={}, metrics={}, card="# small\n")
    loaded = load_model(tmp_path / "small")
    text = "Allies agreed to send ships.\n\nThe matter was referred to experts."
    assert score(text, model=loaded).probability == pytest.approx(score(text, model=kept).probability, abs=1e-12)


def test_saving_replaces_the_folder_whole(fitted, tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "left-over.txt").write_text("old")
    save_model(prune(fitted), folder, facts={}, metrics={}, card="")
    assert not (folder / "left-over.txt").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["small"]


def test_what_is_learned_is_better_than_chance(small, fitted):
    figures = model_figures(small, fitted)
    assert figures["release"]["accuracy"] > 0.8
    assert figures["sentence"]["macro_f1"] > 0.6


def test_folds_keep_hands_together(small):
    folds = group_folds(small, 4)
    assert {s.group for s in small.corpus.sentences} <= set(folds)
    assert all(len({folds[r.group] for r in small.corpus.releases if r.origin == hand}) == 1 for hand in folds)


def test_merging_keeps_terms_and_cues():
    from classifier.pipeline.extract import read_text

    reading = read_text("Allies sent ships. They remain in close contact.")
    merged = merge_sentences(reading)
    assert len(merged.sentences) == 1
    assert merged.sentences[0].terms == reading.sentences[0].terms + reading.sentences[1].terms
    assert {cue.sentence for cue in merged.cues} == {0}


@pytest.mark.parametrize(
    ("positive", "probability", "expected", "reason"),
    [
        ([True] * 10, [1.0] * 10, 0.0, "sure and right"),
        ([False] * 10, [1.0] * 10, 1.0, "sure and wrong"),
        ([True, False] * 10, [0.5] * 20, 0.0, "half and half"),
    ],
)
def test_calibration_error(positive, probability, expected, reason):
    found = expected_calibration_error(np.array(positive), np.array(probability), bins=1)
    assert found == pytest.approx(expected), reason


def test_a_missing_data_folder_is_named(tmp_path):
    with pytest.raises(CorpusError, match=r"releases\.jsonl is missing"):
        load_given(tmp_path)


def test_labels_of_ours_fit_the_texts(given_data):
    pool = load_pool(given_data)
    assert len(pool.releases) > 150
    assert {s.label for s in pool.sentences} <= {*CLASSES, "disputed"}
    assert {s.group for s in pool.sentences} >= {r.id for r in pool.releases if r.label in ("hawkish", "cautious")}


def test_the_twin_sees_no_real_text_of_the_test_year(given_data):
    """Texts of that year are in the corpus that is shipped; were one of them in the twin's, figures would flatter."""
    twin, shipped = load_twin_corpus(given_data), load_shipped_corpus(given_data)
    later = {row.id for row in (*shipped.releases, *shipped.sentences) if row.origin == "real" and row.date >= "2023"}
    assert len(later) > 5000
    assert later.isdisjoint(row.id for row in (*twin.releases, *twin.sentences))
    texts = {release.text for release in shipped.releases if release.id in later}
    assert texts.isdisjoint(release.text for release in twin.releases)


@pytest.mark.parametrize(
    ("content", "told", "why"),
    [
        (b"{broken\n", r"releases\.jsonl, line 1: is no JSON", "a line that was cut"),
        (b'{"id": "a", "date": "2022-01-01", "text": "T", "label": "x"}\n[1]\n', "line 2: is no JSON object", "a list"),
        (b'{"id": "a", "date": "2022-01-01", "text": "T"}\n', "line 1: has no field 'label'", "a row without a label"),
        (b"\xff\xfe\n", "is not UTF-8", "another encoding"),
    ],
)
def test_a_broken_data_folder_is_told_with_file_and_line(tmp_path, content, told, why):
    (tmp_path / "releases.jsonl").write_bytes(content)
    with pytest.raises(CorpusError, match=told):
        load_given(tmp_path)
