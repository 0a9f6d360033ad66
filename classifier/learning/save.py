"""Writes a fitted model as the folder that `classifier.scoring.artefact` reads; whole or not at all."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import sklearn

from classifier.learning.folder import hash_files, replace_folder, write_arrays, write_json, write_lines
from classifier.pipeline.extract import PHRASES
from classifier.pipeline.lexicon import FILES, load_lexicon
from classifier.pipeline.wordings import compile_phrases
from classifier.pipeline.words import word_table
from classifier.scoring.artefact import ARRAYS, Model, read_model
from classifier.scoring.golden import here
from classifier.scoring.manifest import FORMAT
from classifier.scoring.pieces import PieceTable
from classifier.scoring.statement import score
from classifier.scoring.texts.text_model import TextModel

LEAST_WEIGHT = 1e-3
"""N-grams none of whose weights is larger in log-odds are left out, unless a longer n-gram needs them as its prefix."""

# Constructed for these checks; nobody's official words.
GOLDEN_TEXTS = (
    "The Council decided to send two further air defence batteries, and commanders may engage intruding drones at once.",
    "Allies took note of the report and agreed to remain in close contact while the facts are being established.",
    "The Secretary General opened the new library of the Staff College on Thursday.",
    "1. Ministers condemned the incident.\n\n2. No change in posture was decided; experts will report in the spring.\n\n"
    "3. Should such an act recur, it will be met with a swift and united response.",
)


def save_model(
    model: Model, folder: Path, *, facts: Mapping[str, Any], metrics: Mapping[str, Any], card: str, extra: Mapping[str, str] | None = None
) -> Model:
    """Writes a model folder and loads it back.

    The folder appears under its name only when complete; an older one of that name is replaced.

    Args:
        model: as fitted.
        folder: where it goes; its last part is the model's name.
        facts: what the manifest records beside the model itself (corpus hash, settings, seed).
        metrics: figures, written as `metrics.json`.
        card: text of `README.md`.
        extra: further files by name, such as `tested.jsonl`.
    """

    def write(made: Path) -> None:
        _write(model, made)
        head = {
            "classes": list(model.classes),
            "poles": list(model.poles) if model.poles else None,
            "neutral": model.neutral,
            "evidence": [[kind, model.classes[number]] for kind, number in zip(model.evidence, model.evidence_class, strict=True)],
            "presence_bias": model.presence_bias,
            "least_presence": model.least_presence,
        }
        finish_folder(made, model, head, facts=facts, metrics=metrics, card=card, extra=extra or {})

    replace_folder(folder, write)
    saved = read_model(folder)
    assert isinstance(saved, Model)
    return saved


def finish_folder(
    made: Path,
    model: Model | TextModel,
    head: Mapping[str, Any],
    *,
    facts: Mapping[str, Any],
    metrics: Mapping[str, Any],
    card: str,
    extra: Mapping[str, str],
) -> None:
    """Writes what every model folder has beside its weights: lexicon, figures, card, and last the manifest with golden predictions.

    Args:
        made: the folder, with the weights in it.
        model: as fitted.
        head: fields of the manifest that depend on the kind of model.
        facts: what the manifest records beside (corpus hash, settings, seed).
        metrics: figures.
        card: text of `README.md`.
        extra: further files by name.
    """
    (made / "lexicon").mkdir()
    for name in FILES:
        shutil.copyfile(model.lexicon / name, made / "lexicon" / name)
    compile_phrases(word_table().tokenizer, load_lexicon(made / "lexicon")).save(made / "lexicon" / PHRASES, model.lexicon_sha256)
    write_json(made / "metrics.json", metrics)
    (made / "README.md").write_text(card, encoding="utf-8")
    for name, text in extra.items():
        (made / name).write_text(text, encoding="utf-8")
    manifest = {
        "format": FORMAT,
        "name": made.name,
        "version": model.version,
        **head,
        "lexicon_sha256": model.lexicon_sha256,
        "versions": {"python": platform.python_version(), "scikit-learn": sklearn.__version__, **here()},
        **facts,
        "files": hash_files(made),
        "golden": [],
    }
    write_json(made / "manifest.json", manifest)
    manifest["golden"] = _golden(read_model(made))
    write_json(made / "manifest.json", manifest)


def prune(model: Model) -> Model:
    """The model without the n-grams that weigh next to nothing; prefixes of kept ones stay."""
    vocabulary = model.vocabulary
    weight = np.abs(model.weights * model.scale[:, None]).max(axis=1)
    weight = np.maximum(weight, np.abs(model.document[:, 0] * model.document_scale))
    weight = np.maximum(weight, np.abs(model.presence_document * model.document_scale))
    needed: set[str] = set()
    for column, ngram in enumerate(vocabulary.ngrams):
        if weight[column] > LEAST_WEIGHT:
            words = ngram.split(" ")
            needed.update(" ".join(words[:n]) for n in range(1, len(words) + 1))
    kept = [i for i, ngram in enumerate(vocabulary.ngrams) if ngram in needed]
    columns = kept + list(range(len(vocabulary.ngrams), len(vocabulary)))
    heavy = np.flatnonzero(np.abs(model.pieces.weights).max(axis=1) > LEAST_WEIGHT)
    pieces = PieceTable([model.pieces.pieces[i] for i in heavy], model.pieces.weights[heavy], model.pieces.scale[heavy])
    smaller = type(vocabulary)([vocabulary.ngrams[i] for i in kept], vocabulary.features, vocabulary.known)
    arrays = {name: getattr(model, name)[columns] for name in ("weights", "scale", "document", "document_scale", "presence_document")}
    return replace(model, vocabulary=smaller, pieces=pieces, **arrays)


def _write(model: Model, folder: Path) -> None:
    pieces = {"piece_weights": model.pieces.weights, "piece_scale": model.pieces.scale}
    write_arrays(folder / "weights.npz", pieces | {name: getattr(model, name) for name in ARRAYS if name not in pieces})
    vocabulary = model.vocabulary
    write_lines(folder / "ngrams.txt", vocabulary.ngrams)
    write_lines(folder / "features.txt", vocabulary.features)
    write_lines(folder / "known.txt", sorted(vocabulary.known))
    write_lines(folder / "pieces.txt", model.pieces.pieces)


def _golden(model: Model | TextModel) -> Sequence[Mapping[str, Any]]:
    return [{"text": text, "probabilities": dict(score(text, model=model).probabilities)} for text in GOLDEN_TEXTS]
