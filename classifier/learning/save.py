"""Writes a fitted model as the folder that `classifier.scoring.artefact` reads; whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import sklearn

from classifier.pipeline.lexicon import FILES
from classifier.scoring.artefact import ARRAYS, FORMAT, Model, read_model
from classifier.scoring.pieces import PieceTable
from classifier.scoring.statement import here, score

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


def save_model(model: Model, folder: Path, *, facts: Mapping[str, Any], metrics: Mapping[str, Any], card: str) -> Model:
    """Writes a model folder and loads it back.

    The folder appears under its name only when complete; an older one of that name is replaced.

    Args:
        model: as fitted.
        folder: where it goes; its last part is the model's name.
        facts: what the manifest records beside the model itself (corpus hash, settings, seed).
        metrics: figures, written as `metrics.json`.
        card: text of `README.md`.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".saving-") as scratch:
        made = Path(scratch) / folder.name
        made.mkdir()
        _write(model, made, metrics, card)
        manifest = _manifest(model, made, facts)
        _dump(made / "manifest.json", manifest)
        manifest["golden"] = _golden(read_model(made))
        _dump(made / "manifest.json", manifest)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(made, folder)
    return read_model(folder)


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


def _write(model: Model, folder: Path, metrics: Mapping[str, Any], card: str) -> None:
    pieces = {"piece_weights": model.pieces.weights, "piece_scale": model.pieces.scale}
    _write_arrays(folder / "weights.npz", pieces | {name: getattr(model, name) for name in ARRAYS if name not in pieces})
    vocabulary = model.vocabulary
    for name, lines in (
        ("ngrams.txt", vocabulary.ngrams),
        ("features.txt", vocabulary.features),
        ("known.txt", sorted(vocabulary.known)),
        ("pieces.txt", model.pieces.pieces),
    ):
        (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (folder / "lexicon").mkdir()
    for name in FILES:
        shutil.copyfile(model.lexicon / name, folder / "lexicon" / name)
    _dump(folder / "metrics.json", metrics)
    (folder / "README.md").write_text(card, encoding="utf-8")


def _write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """An NPZ whose bytes depend on the numbers alone: members in order, without a time."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(arrays):
            buffer = BytesIO()
            np.save(buffer, np.ascontiguousarray(arrays[name], dtype=np.float64), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue(), zipfile.ZIP_DEFLATED)


def _manifest(model: Model, folder: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json")
    return {
        "format": FORMAT,
        "name": folder.name,
        "version": model.version,
        "classes": list(model.classes),
        "poles": list(model.poles) if model.poles else None,
        "neutral": model.neutral,
        "presence_bias": model.presence_bias,
        "least_presence": model.least_presence,
        "lexicon_sha256": model.lexicon_sha256,
        "versions": {"python": platform.python_version(), "scikit-learn": sklearn.__version__, **here()},
        **facts,
        "files": {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files},
        "golden": [],
    }


def _golden(model: Model) -> Sequence[Mapping[str, Any]]:
    return [{"text": text, "probabilities": dict(score(text, model=model).probabilities)} for text in GOLDEN_TEXTS]


def _dump(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
