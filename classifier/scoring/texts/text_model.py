"""A text model as a folder: as `classifier.scoring.artefact` has it, with these files of its own.

    manifest.json      "kind": "text"; under "parts" what each part counts and how
    weights.npz        arrays of the parts, each named PART.ARRAY, read without pickle
    PART-terms.txt     what the columns stand for
    PART-known.txt     words that occur in lower case
    encoder/           model.onnx, tokenizer.json (where there is one)

The part `text` says what a text is, the part `sentence` what a sentence is; without the second, the first says both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifier.scoring.aggregate import Floats
from classifier.scoring.arrays import Shape, read_arrays
from classifier.scoring.errors import ModelError
from classifier.scoring.manifest import MOST_CLASSES, RESTORE, SHUN
from classifier.scoring.texts.columns import KINDS, Block
from classifier.scoring.texts.encoder import FILES, OnnxEncoder
from classifier.scoring.texts.grams import GIVEN, MASKED
from classifier.scoring.texts.kernel import DenseKernel, Encoder, Kernel, SparseKernel
from classifier.scoring.texts.part import Part
from classifier.scoring.vocabulary import Vocabulary

PARTS = ("text", "sentence")
EXACT, APPROXIMATE = "exact", "approximate"
MOST_COLUMNS = 5_000_000
MOST_LANDMARKS = 6_000
MOST_ENTRIES = 5_000_000
WIDEST = 2_048


@dataclass(frozen=True, eq=False)
class TextModel:
    """A loaded model of texts as wholes; the fields that `Model` has too mean the same.

    `text` decides what a text is, `sentence` what each of its sentences is; they may be one.
    """

    name: str
    version: str
    folder: Path
    classes: tuple[str, ...]
    poles: tuple[str, str] | None
    neutral: str | None
    lexicon: Path
    lexicon_sha256: str
    text: Part
    sentence: Part
    manifest: Mapping[str, Any]
    encoder: Encoder | None = None

    @property
    def explanation(self) -> str:
        """`exact` where all is linear, else `approximate`."""
        return EXACT if self.text.kernel is None else APPROXIMATE


def assemble_text_model(folder: Path, manifest: Mapping[str, Any]) -> TextModel:
    """Reads the rest of a model folder whose manifest and files were checked.

    Raises:
        ModelError: an array is missing or of another shape, or a description does not fit.
    """
    who = f"model {manifest['name']}"
    described = manifest.get("parts")
    if not isinstance(described, dict) or "text" not in described or not set(described) <= set(PARTS):
        raise ModelError(f"{who}: its manifest does not tell its parts", hint=RESTORE)
    for name, part in described.items():
        if (problem := _misfit(part)) is not None:
            raise ModelError(f"{who}: part {name}: {problem}", hint=SHUN)
        for file in (f"{name}-terms.txt", f"{name}-known.txt"):
            if file not in manifest["files"]:
                raise ModelError(f"{who}: its manifest does not list {file}", hint=RESTORE)
    terms = {name: _lines(folder / f"{name}-terms.txt", who) for name in described}
    arrays = read_arrays(folder / "weights.npz", manifest["name"], _shapes(described, terms))
    known = {name: Vocabulary((), (), _lines(folder / f"{name}-known.txt", who)) for name in described}
    encoder = None
    if any((part.get("kernel") or {}).get("kind") == "dense" for part in described.values()):
        if missing := [name for name in FILES if f"encoder/{name}" not in manifest["files"]]:
            raise ModelError(f"{who}: its manifest does not list encoder/{missing[0]}", hint=RESTORE)
        graph, words = ((folder / "encoder" / name).read_bytes() for name in FILES)
        encoder = OnnxEncoder(graph, words, who)
    parts = {name: _build(name, part, terms[name], arrays, known[name], encoder, who) for name, part in described.items()}
    if parts["text"].classes != tuple(manifest["classes"]):
        raise ModelError(f"{who}: its parts and its manifest name other classes", hint=RESTORE)
    return TextModel(
        name=manifest["name"],
        version=manifest["version"],
        folder=folder,
        classes=tuple(manifest["classes"]),
        poles=tuple(manifest["poles"]) if manifest.get("poles") else None,
        neutral=manifest.get("neutral"),
        lexicon=folder / "lexicon",
        lexicon_sha256=manifest["lexicon_sha256"],
        text=parts["text"],
        sentence=parts.get("sentence", parts["text"]),
        manifest=manifest,
        encoder=encoder,
    )


def _misfit(part: Any) -> str | None:  # noqa: ANN401 - whatever a stranger wrote
    """What is wrong with the description of a part, or null."""
    if not isinstance(part, dict) or part.get("view") not in (GIVEN, MASKED):
        return "its view is not told"
    classes, blocks, kernel = part.get("classes"), part.get("blocks"), part.get("kernel")
    if not isinstance(classes, list) or not 2 <= len(classes) <= MOST_CLASSES or not all(isinstance(c, str) for c in classes):
        return "its classes are not told"
    if not isinstance(blocks, list) or not 1 <= len(blocks) <= len(KINDS):
        return "its blocks are not told"
    for block in blocks:
        fits = isinstance(block, dict) and block.get("kind") in KINDS and block.get("longest") in (1, 2, 3)
        if not fits or not _is_size(block.get("size"), MOST_COLUMNS) or not isinstance(block.get("weight"), int | float):
            return "a block is not what a block may be"
    if kernel is not None:
        fits = isinstance(kernel, dict) and kernel.get("kind") in ("dense", "sparse") and isinstance(kernel.get("gamma"), int | float)
        sized = fits and all(_is_size(kernel.get(key), most) for key, most in _sizes(kernel))
        if not sized:
            return "its kernel is not what a kernel may be"
    return None


def _sizes(kernel: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    return (("landmarks", MOST_LANDMARKS), ("width", WIDEST) if kernel["kind"] == "dense" else ("entries", MOST_ENTRIES))


def _is_size(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _shapes(described: Mapping[str, Any], terms: Mapping[str, list[str]]) -> dict[str, Shape]:
    shapes: dict[str, Shape] = {}
    for name, part in described.items():
        columns, classes, kernel = len(terms[name]), len(part["classes"]), part.get("kernel")
        shapes |= {f"{name}.weights": (columns, classes), f"{name}.bias": (classes,), f"{name}.scale": (columns,)}
        if kernel:
            count = kernel["landmarks"]
            shapes[f"{name}.kernel_weights"] = (count, classes)
            if kernel["kind"] == "dense":
                shapes[f"{name}.landmarks"] = (count, kernel["width"])
            else:
                shapes[f"{name}.entries"] = (3, kernel["entries"])
    return shapes


def _build(
    name: str,
    part: Mapping[str, Any],
    terms: list[str],
    arrays: Mapping[str, Floats],
    known: Vocabulary,
    encoder: OnnxEncoder | None,
    who: str,
) -> Part:
    blocks, first = [], 0
    for block in part["blocks"]:
        own = terms[first : first + block["size"]]
        blocks.append(Block(block["kind"], own, longest=block["longest"]))
        first += block["size"]
        if len(blocks[-1]) != block["size"]:
            raise ModelError(f"{who}: {name}-terms.txt names a column twice, or too few", hint=RESTORE)
    if first != len(terms):
        raise ModelError(f"{who}: {name}-terms.txt has {len(terms)} lines, expected {first}", hint=RESTORE)
    return Part(
        classes=tuple(part["classes"]),
        view=part["view"],
        blocks=tuple(blocks),
        weigh=tuple(float(block["weight"]) for block in part["blocks"]),
        known=known,
        scale=arrays[f"{name}.scale"],
        weights=arrays[f"{name}.weights"],
        bias=arrays[f"{name}.bias"],
        kernel=_kernel(name, part.get("kernel"), arrays, len(terms), encoder, who),
    )


def _kernel(
    name: str, kernel: Mapping[str, Any] | None, arrays: Mapping[str, Floats], columns: int, encoder: OnnxEncoder | None, who: str
) -> Kernel | None:
    if kernel is None:
        return None
    gamma, weights = float(kernel["gamma"]), arrays[f"{name}.kernel_weights"]
    if encoder is not None and kernel["kind"] == "dense":
        return DenseKernel(gamma, arrays[f"{name}.landmarks"], weights, encoder)
    rows, places, values = arrays[f"{name}.entries"]
    for index, most in ((rows, len(weights)), (places, columns)):
        if len(index) and not (index.min() >= 0 and index.max() < most and np.array_equal(index, np.floor(index))):
            raise ModelError(f"{who}: its landmarks point outside the model", hint=SHUN)
    return SparseKernel(gamma, rows, places, values, weights, columns)


def _lines(path: Path, who: str) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ModelError(f"{who}: {path.name} cannot be read", hint=RESTORE) from error
    return text.split("\n")[:-1] if text else []
