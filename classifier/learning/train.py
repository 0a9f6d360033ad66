"""Rebuilds the shipped model: `python -m classifier.learning.train --data ../shared/data`.

Figures come from a twin fitted to texts before 2023 and tested on 2023, and on the constructed
test statements; the shipped weights are then fitted on all years.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from classifier.learning.baselines import baseline_figures
from classifier.learning.card import write_card
from classifier.learning.corpora import CORPUS, Corpus, hash_corpus, load_constructed, load_given, load_pool, read_corpus
from classifier.learning.evaluate import model_figures
from classifier.learning.model import TrainingSettings, fit_model
from classifier.learning.save import prune, save_model
from classifier.scoring.artefact import Model
from classifier.scoring.places import SHIPPED

TEST_YEAR = "2023"
log = logging.getLogger(__name__)


def measure(data: Path, settings: TrainingSettings) -> dict[str, Any]:
    """Figures of the twin fitted to texts before the test year: on the test year, and on the Council's register.

    Returns:
        `time_split` and `council_register`, each with the figures of the model and of every baseline.
    """
    given = load_given(data)
    past = given.where(before=TEST_YEAR)
    train = read_corpus(past + load_pool(data).where(before=TEST_YEAR) + load_constructed())
    twin = prune(fit_model(train, settings, name="twin"))
    sets = {
        "time_split": given.where(since=TEST_YEAR),
        "council_register": load_constructed(CORPUS / "constructed_test.jsonl"),
    }
    given_alone = read_corpus(past)
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


def train_shipped(data: Path, folder: Path, settings: TrainingSettings, version: str) -> Model:
    """Measures, fits on all years, and writes the model folder with its figures and card."""
    figures = measure(data, settings)
    texts = load_given(data) + load_pool(data) + load_constructed()
    log.info("fitting on all years: %d releases, %d sentences", len(texts.releases), len(texts.sentences))
    model = replace(prune(fit_model(read_corpus(texts), settings, name=folder.name)), version=version)
    facts = {"corpus_sha256": hash_corpus(texts), "settings": asdict(settings), "seed": settings.seed, "trained_on": _counts(texts)}
    return save_model(model, folder, facts=facts, metrics=figures, card=write_card(folder.name, version, facts, figures))


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


def main() -> None:
    """Command line of this module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the labelled texts")
    parser.add_argument("--out", type=Path, default=SHIPPED / "stance-1", help="model folder to write")
    parser.add_argument("--version", default="1.0.0")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    model = train_shipped(options.data, options.out, TrainingSettings(), options.version)
    log.info("wrote %s: %d columns", options.out, len(model.vocabulary))


if __name__ == "__main__":
    main()
