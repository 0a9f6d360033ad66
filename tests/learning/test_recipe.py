"""The shipped model is made again from its recipe; recipes are written and read without loss."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.learning.labelled.row import CorpusError
from classifier.learning.recipe import NAME, check_stance_corpus, read_recipe, write_recipe
from classifier.learning.train import fit_shipped, load_shipped_corpus, settings_from, stance_recipe
from classifier.scoring.artefact import load_model
from classifier.scoring.places import SHIPPED
from classifier.scoring.statement import score_each

RECIPE = SHIPPED / "stance-1" / NAME


@pytest.mark.slow
def test_the_shipped_model_is_rebuilt_to_equal_predictions(given_data):
    recipe = read_recipe(RECIPE)
    texts = load_shipped_corpus(given_data)
    check_stance_corpus(recipe, RECIPE, texts)
    made = fit_shipped(texts, settings_from(recipe["settings"]), recipe["name"], recipe["version"])
    shipped = load_model(SHIPPED / "stance-1")
    sample = [release.text for release in texts.releases[::25]]
    for ours, theirs in zip(score_each(sample, model=made), score_each(sample, model=shipped), strict=True):
        assert ours.verdict == theirs.verdict
        assert ours.probability == pytest.approx(theirs.probability, abs=1e-9)
        assert [one.probabilities for one in ours.sentences] == [pytest.approx(one.probabilities, abs=1e-9) for one in theirs.sentences]


def test_the_shipped_recipe_is_that_of_the_shipped_manifest():
    recipe, manifest = read_recipe(RECIPE), load_model(SHIPPED / "stance-1").manifest
    for key in ("name", "version", "seed", "corpus_sha256", "lexicon_sha256", "settings"):
        assert recipe[key] == manifest[key], key


def test_a_recipe_of_other_texts_or_settings_is_refused(given_data):
    recipe = read_recipe(RECIPE)
    texts = load_shipped_corpus(given_data)
    with pytest.raises(CorpusError, match="not those of the recipe"):
        check_stance_corpus(recipe, RECIPE, texts.where(before="2022"))
    with pytest.raises(CorpusError, match="settings of another version"):
        settings_from({"no_such_setting": 1})
    assert stance_recipe(load_model(SHIPPED / "stance-1"), {**recipe})["settings"] == recipe["settings"]


PLAIN = st.one_of(
    st.text(), st.integers(-(2**60), 2**60), st.booleans(), st.floats(allow_nan=False, allow_infinity=False), st.lists(st.text())
)


@given(st.dictionaries(st.text(min_size=1), st.one_of(PLAIN, st.dictionaries(st.text(min_size=1), PLAIN)), max_size=4))
def test_what_is_written_is_read_again(tmp_path_factory, values):
    base = {"kind": "text", "name": "n", "version": "1", "corpus_sha256": "0", "settings": {}}
    path = tmp_path_factory.mktemp("recipe") / NAME
    path.write_text(write_recipe({**values, **base}), encoding="utf-8")
    assert read_recipe(path) == {**values, **base}


@pytest.mark.parametrize("text", ["", "kind = 3", "kind = 'text'", "not toml at all", "kind='x'\nname='n'\nversion='1'\ncorpus_sha256='0'"])
def test_what_is_no_recipe_is_refused(tmp_path, text):
    (tmp_path / NAME).write_text(text)
    with pytest.raises(CorpusError, match="is no recipe"):
        read_recipe(tmp_path / NAME)
