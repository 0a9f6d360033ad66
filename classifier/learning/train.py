"""Rebuilds the shipped model: `nac train --recipe models/stance-1/recipe.toml --data ../shared/data`.

Figures come from a twin fitted to texts before 2023 and tested on 2023, and on the constructed
test statements; the shipped weights are then fitted on all years.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import sklearn

from classifier.learning.baselines import baseline_figures
from classifier.learning.card import write_card
from classifier.learning.corpora import CORPUS, Corpus, hash_corpus, load_constructed, load_given, load_pool, read_corpus
from classifier.learning.evaluate import model_figures
from classifier.learning.features import FeatureSettings
from classifier.learning.figures.answering import answer
from classifier.learning.figures.names import SETS
from classifier.learning.figures.sets import TEST_YEAR, load_set
from classifier.learning.figures.tested import NAME as TESTED
from classifier.learning.figures.tested import write_tested
from classifier.learning.labelled.row import CorpusError
from classifier.learning.model import fit_model
from classifier.learning.recipe import NAME as RECIPE
from classifier.learning.recipe import STANCE, write_recipe
from classifier.learning.save import prune, save_model
from classifier.learning.settings import TrainingSettings
from classifier.scoring.artefact import Model
from classifier.scoring.golden import here

log = logging.getLogger(__name__)


def fit_twin(data: Path, settings: TrainingSettings) -> Model:
    """The model fitted to texts before the test year alone."""
    return prune(fit_model(read_corpus(load_twin_corpus(data)), settings, name="twin"))


def record_answers(twin: Model, data: Path) -> str:
    """Text of `tested.jsonl`: the twin's answers on the fixed test sets."""
    parts = []
    for name in SETS:
        for unit, rows in load_set(name, data).items():
            log.info("answers of the twin on %s, %s", name, unit)
            parts.append((name, unit, rows, answer(rows, twin, unit)))
    return write_tested(parts)


def measure(data: Path, settings: TrainingSettings, twin: Model | None = None) -> dict[str, Any]:
    """Figures of the twin fitted to texts before the test year: on the test year, and on the Council's register.

    Args:
        data: folder of the labelled texts.
        settings: those of the model.
        twin: where it is fitted already.

    Returns:
        `time_split` and `council_register`, each with the figures of the model and of every baseline.
    """
    given = load_given(data)
    train = read_corpus(load_twin_corpus(data))
    twin = twin or fit_twin(data, settings)
    sets = {
        "time_split": given.where(since=TEST_YEAR),
        "council_register": load_constructed(CORPUS / "constructed_test.jsonl"),
    }
    given_alone = read_corpus(given.where(before=TEST_YEAR))
    figures: dict[str, Any] = {"training": {"releases": len(train.releases), "sentences": len(train.sentences)}}
    for name, texts in sets.items():
        log.info("measuring on %s", name)
        read = read_corpus(texts)
        figures[name] = {
            "model": model_figures(read, twin),
            "baselines": baseline_figures(given_alone, read),
            "baselines_same_training": baseline_figures(train, read),
        }
    return figures


def load_twin_corpus(data: Path) -> Corpus:
    """What the figures rest on: as `load_shipped_corpus`, without the real texts of the test year."""
    return load_shipped_corpus(data).where(before=TEST_YEAR) + load_constructed()


def load_shipped_corpus(data: Path) -> Corpus:
    """All that the shipped model is fitted to: given labels, ours on further texts, and the constructed statements."""
    return load_given(data) + load_pool(data) + load_constructed()


def settings_from(values: Mapping[str, Any]) -> TrainingSettings:
    """Settings as a recipe or a manifest has them.

    Raises:
        CorpusError: there is a setting that this version does not know.
    """
    try:
        own = {key: value for key, value in values.items() if key != "features"}
        return TrainingSettings(**own, features=FeatureSettings(**values.get("features", {})))
    except TypeError as error:
        raise CorpusError(f"the recipe holds settings of another version: {error}") from error


def fit_shipped(texts: Corpus, settings: TrainingSettings, name: str, version: str) -> Model:
    """The weights that are shipped: fitted to all years."""
    return replace(prune(fit_model(read_corpus(texts), settings, name=name)), version=version)


def train_shipped(data: Path, folder: Path, settings: TrainingSettings, version: str, *, tell: Callable[[str], None] = log.info) -> Model:
    """Measures, fits on all years, and writes the model folder with its figures, card and recipe."""
    tell("fitting the twin to the years before the test year")
    twin = fit_twin(data, settings)
    tell("measuring the twin and the baselines")
    figures = measure(data, settings, twin)
    texts = load_shipped_corpus(data)
    tell(f"fitting to all years: {len(texts.releases)} releases, {len(texts.sentences)} sentences")
    model = fit_shipped(texts, settings, folder.name, version)
    facts = {"corpus_sha256": hash_corpus(texts), "settings": asdict(settings), "seed": settings.seed, "trained_on": _counts(texts)}
    card = write_card(folder.name, version, facts, figures)
    extra = {TESTED: record_answers(twin, data), RECIPE: write_recipe(stance_recipe(model, facts))}
    return save_model(model, folder, facts=facts, metrics=figures, card=card, extra=extra)


def stance_recipe(model: Model, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The recipe of a model made by `train_shipped`; `facts` as its manifest has them."""
    return {
        "kind": STANCE,
        "name": model.name,
        "version": model.version,
        "seed": facts["seed"],
        "corpus_sha256": facts["corpus_sha256"],
        "lexicon_sha256": model.lexicon_sha256,
        "versions": {"scikit-learn": sklearn.__version__, **here()},
        "settings": facts["settings"],
    }


def _counts(texts: Corpus) -> dict[str, Any]:
    def count(rows: Any) -> dict[str, int]:  # noqa: ANN401 - releases or sentences
        labels = [row.label for row in rows]
        return {label: labels.count(label) for label in sorted(set(labels))}

    real = Corpus(tuple(r for r in texts.releases if r.origin == "real"), tuple(s for s in texts.sentences if s.origin == "real"))
    made = load_constructed()
    return {
        "real": {"releases": count(real.releases), "sentences": count(real.sentences)},
        "constructed": {"releases": count(made.releases), "sentences": count(made.sentences)},
    }
