"""Writes a text model as the folder that `classifier.scoring.texts.text_model` reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from classifier.learning.folder import replace_folder, write_arrays, write_lines
from classifier.learning.save import finish_folder
from classifier.scoring.artefact import TEXT_KIND, read_model
from classifier.scoring.texts.kernel import DenseKernel, SparseKernel
from classifier.scoring.texts.part import Part, describe_blocks
from classifier.scoring.texts.text_model import TextModel


def save_text_model(
    model: TextModel,
    folder: Path,
    *,
    facts: Mapping[str, Any],
    metrics: Mapping[str, Any],
    card: str,
    encoder: Mapping[str, bytes] | None = None,
    extra: Mapping[str, str] | None = None,
) -> TextModel:
    """Writes a model folder and loads it back; an older one of that name stands until the new one is whole.

    Args:
        model: as fitted.
        folder: where it goes; its last part is the model's name.
        facts: what the manifest records beside the model itself (corpus hash, settings, seed).
        metrics: figures, written as `metrics.json`.
        card: text of `README.md`.
        encoder: the files of its encoder, where it has one.
        extra: further files by name.
    """
    parts = {"text": model.text} | ({} if model.sentence is model.text else {"sentence": model.sentence})

    def write(made: Path) -> None:
        arrays: dict[str, Any] = {}
        for name, part in parts.items():
            arrays |= {f"{name}.{key}": value for key, value in _arrays(part).items()}
            write_lines(made / f"{name}-terms.txt", part.names)
            write_lines(made / f"{name}-known.txt", sorted(part.known.known))
        write_arrays(made / "weights.npz", arrays)
        if encoder:
            (made / "encoder").mkdir()
            for name, content in encoder.items():
                (made / "encoder" / name).write_bytes(content)
        head = {
            "kind": TEXT_KIND,
            "classes": list(model.classes),
            "poles": list(model.poles) if model.poles else None,
            "neutral": model.neutral,
            "presence_bias": 0.0,
            "least_presence": 0.0,
            "explanation": model.explanation,
            "parts": {name: _describe(part) for name, part in parts.items()},
        }
        finish_folder(made, model, head, facts=facts, metrics=metrics, card=card, extra=extra or {})

    replace_folder(folder, write)
    saved = read_model(folder)
    assert isinstance(saved, TextModel)
    return saved


def _arrays(part: Part) -> dict[str, Any]:
    arrays: dict[str, Any] = {"weights": part.weights, "bias": part.bias, "scale": part.scale}
    if isinstance(part.kernel, DenseKernel):
        arrays |= {"landmarks": part.kernel.landmarks, "kernel_weights": part.kernel.weights}
    elif isinstance(part.kernel, SparseKernel):
        entries = np.stack([part.kernel.rows, part.kernel.columns, part.kernel.values])
        arrays |= {"entries": entries, "kernel_weights": part.kernel.weights}
    return arrays


def _describe(part: Part) -> dict[str, Any]:
    kernel: dict[str, Any] | None = None
    if isinstance(part.kernel, DenseKernel):
        count, width = part.kernel.landmarks.shape
        kernel = {"kind": "dense", "gamma": part.kernel.gamma, "landmarks": count, "width": width}
    elif isinstance(part.kernel, SparseKernel):
        count, entries = len(part.kernel.weights), len(part.kernel.values)
        kernel = {"kind": "sparse", "gamma": part.kernel.gamma, "landmarks": count, "entries": entries}
    return {"classes": list(part.classes), "view": part.view, "blocks": describe_blocks(part), "kernel": kernel}
