"""A model as a folder of plain files; nothing in it can run code.

    manifest.json   format, name, classes, poles, thresholds, versions, SHA-256 of every file, golden predictions
    weights.npz     arrays, read without pickle
    ngrams.txt  features.txt  known.txt  pieces.txt    what the columns stand for
    lexicon/        the cue rows that it was trained with
    metrics.json  README.md                 figures and card

`FORMAT` is raised when a reader of the old number would misread the new folder; a reader refuses
any other number than its own and names both.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from classifier.scoring.aggregate import AGGREGATES, Floats
from classifier.scoring.errors import ModelError
from classifier.scoring.pieces import PieceTable
from classifier.scoring.vocabulary import Vocabulary

FORMAT = 1
LARGEST_FILE = 512 * 2**20
"""Bytes of one file of a model at most; a larger one is refused unread."""


@dataclass(frozen=True)
class Model:
    """A loaded model. Arrays are float64; F columns, K classes, A aggregates.

    `weights` (F, K) and `bias` (K,) make sentence logits; `scale` (F,) is the weight of a column
    before the row is brought to length 1 (n-grams: inverse document frequency); `pieces` add the words
    by their letters. `head` (A * K, O) and
    `head_bias` (O,) with `document` (F, O), scaled by `document_scale` (F,), make the log-odds of the
    first pole (O = 1) or of each class, already calibrated; `presence` (A * K,),
    `presence_document` (F,) and `presence_bias` those of any stance at all, with `least_presence` the log-odds below which the outcome is
    `no stance`. `background` (B, K + 1) are sentences of the training texts, which widen the interval
    of a short text: their probabilities, and what they add to the document's log-odds.
    """

    name: str
    version: str
    folder: Path
    classes: tuple[str, ...]
    poles: tuple[str, str] | None
    neutral: str | None
    vocabulary: Vocabulary
    pieces: PieceTable
    lexicon: Path
    lexicon_sha256: str
    weights: Floats
    bias: Floats
    scale: Floats
    head: Floats
    head_bias: Floats
    document: Floats
    document_scale: Floats
    presence: Floats
    presence_document: Floats
    presence_bias: float
    least_presence: float
    background: Floats
    manifest: Mapping[str, Any]


ARRAYS = (
    "piece_weights",
    "piece_scale",
    "weights",
    "bias",
    "scale",
    "head",
    "head_bias",
    "document",
    "document_scale",
    "presence",
    "presence_document",
    "background",
)


@cache
def load_model(model: str | Path | None = None) -> Model:
    """Loads a model by name or folder, checks every file's hash, and proves it on its golden texts.

    Args:
        model: a folder, the name of a model, or null for the one in use (`CURRENT`).

    Raises:
        ModelError: no such model, a file missing or changed, another format, or golden predictions that differ.
    """
    from classifier.scoring.places import find_model
    from classifier.scoring.statement import check_golden

    loaded = read_model(find_model(model))
    check_golden(loaded)
    return loaded


def read_model(folder: Path) -> Model:
    """Reads and checks a model folder without scoring anything.

    Raises:
        ModelError: as `load_model`, golden predictions apart.
    """
    manifest = _read_manifest(folder)
    _check_files(folder, manifest)
    arrays = _read_arrays(folder / "weights.npz", manifest["name"])
    ngrams, features, known = (_lines(folder / f"{name}.txt") for name in ("ngrams", "features", "known"))
    vocabulary = Vocabulary(ngrams, features, known)
    pieces = _lines(folder / "pieces.txt")
    classes = tuple(manifest["classes"])
    outputs = 1 if manifest.get("poles") else len(classes)
    expected = {
        "weights": (len(vocabulary), len(classes)),
        "bias": (len(classes),),
        "scale": (len(vocabulary),),
        "head": (len(AGGREGATES) * len(classes), outputs),
        "head_bias": (outputs,),
        "document": (len(vocabulary), outputs),
        "document_scale": (len(vocabulary),),
        "presence": (len(AGGREGATES) * len(classes),),
        "presence_document": (len(vocabulary),),
        "piece_weights": (len(pieces), len(classes)),
        "piece_scale": (len(pieces),),
        "background": (len(arrays["background"]), len(classes) + 1),
    }
    for key, shape in expected.items():
        if arrays[key].shape != shape:
            raise ModelError(f"model {manifest['name']}: array {key} has shape {arrays[key].shape}, expected {shape}")
    return Model(
        name=manifest["name"],
        version=manifest["version"],
        folder=folder,
        classes=classes,
        poles=tuple(manifest["poles"]) if manifest.get("poles") else None,
        neutral=manifest.get("neutral"),
        vocabulary=vocabulary,
        pieces=PieceTable(pieces, arrays.pop("piece_weights"), arrays.pop("piece_scale")),
        lexicon=folder / "lexicon",
        lexicon_sha256=manifest["lexicon_sha256"],
        presence_bias=float(manifest["presence_bias"]),
        least_presence=float(manifest["least_presence"]),
        manifest=manifest,
        **arrays,
    )


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        number = manifest["format"]
        for key in ("name", "version", "classes", "files", "golden", "lexicon_sha256", "presence_bias", "least_presence"):
            manifest[key]
    except FileNotFoundError as error:
        raise ModelError(f"{folder} is no model: it has no manifest.json", hint="name a model folder") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder}/manifest.json cannot be read: {error}", hint="restore the model folder") from error
    if number != FORMAT:
        raise ModelError(
            f"model {manifest['name']} has format {number}; this version reads format {FORMAT}",
            hint="install the version of nac-stance named in its manifest, or train it again",
        )
    return dict(manifest)


def _check_files(folder: Path, manifest: Mapping[str, Any]) -> None:
    files: Mapping[str, str] = manifest["files"]
    for needed in ("weights.npz", "ngrams.txt", "features.txt", "known.txt", "pieces.txt", "lexicon/cues.jsonl"):
        if needed not in files:
            raise ModelError(f"model {manifest['name']}: its manifest does not list {needed}", hint="restore the folder")
    root = folder.resolve()
    for name, expected in files.items():
        path = (folder / name).resolve()
        if not path.is_relative_to(root):
            raise ModelError(f"model {manifest['name']}: {name!r} lies outside its folder", hint="do not use this model")
        try:
            size = path.stat().st_size
            if size > LARGEST_FILE:
                raise ModelError(f"model {manifest['name']}: {name} has {size} bytes, more than a model file may")
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise ModelError(f"model {manifest['name']}: {name} is missing", hint="restore the model folder") from error
        if found != expected:
            raise ModelError(
                f"model {manifest['name']}: {name} was changed since the model was made",
                hint="restore the folder, or train again: a model is never edited by hand",
            )


def _read_arrays(path: Path, model: str) -> dict[str, Floats]:
    """Reads the arrays of an NPZ file; headers are checked against the bytes there are before anything is allocated."""
    arrays: dict[str, Floats] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                name = info.filename.removesuffix(".npy")
                if name not in ARRAYS or info.file_size > LARGEST_FILE:
                    raise ModelError(f"model {model}: weights.npz holds an unexpected array {info.filename!r}")
                with archive.open(info) as member:
                    version = npy.read_magic(member)
                    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
                    shape, fortran, dtype = read(member)
                    count = int(np.prod(shape, dtype=object))
                    if dtype != np.float64 or fortran or count * 8 > info.file_size:
                        raise ModelError(f"model {model}: array {name} is not what its header says, or no plain float64")
                    arrays[name] = np.frombuffer(member.read(count * 8), dtype=np.float64).reshape(shape)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise ModelError(f"model {model}: weights.npz cannot be read: {error}", hint="restore the folder") from error
    if missing := set(ARRAYS) - set(arrays):
        raise ModelError(f"model {model}: weights.npz lacks {', '.join(sorted(missing))}")
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise ModelError(f"model {model}: weights.npz holds numbers that are not finite", hint="do not use this model")
    return arrays


def _lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return text.split("\n")[:-1] if text else []
