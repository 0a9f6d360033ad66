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

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from classifier.pipeline.lexicon import load_lexicon
from classifier.pipeline.size import check_size
from classifier.scoring.aggregate import AGGREGATES, Floats
from classifier.scoring.arrays import Shape, read_arrays
from classifier.scoring.errors import ModelError
from classifier.scoring.interval import Resampler
from classifier.scoring.manifest import RESTORE, check_files, read_manifest
from classifier.scoring.pieces import PieceTable
from classifier.scoring.places import SHIPPED, find_model
from classifier.scoring.terms import TermReader
from classifier.scoring.vocabulary import Vocabulary

if TYPE_CHECKING:
    from classifier.scoring.texts.text_model import TextModel

TEXT_KIND = "text"
"""What the manifest of a model of texts as wholes says under `kind`; see `classifier.scoring.texts.text_model`."""

TEXT_FILES = ("weights.npz", "text-terms.txt", "text-known.txt")
TEXTS = ("ngrams.txt", "features.txt", "known.txt", "pieces.txt")
LOADED = 8
"""Models that one process keeps loaded."""


@dataclass(frozen=True)
class Model:
    """A loaded model. Arrays are float64; F columns, K kinds of evidence, A aggregates.

    Sentences are told apart by kinds of `evidence`, finer than `classes`: `evidence_class` (K,) is the number of each one's class,
    and a class has the probability of its kinds together. A model without such kinds has one for each class.
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
    evidence: tuple[str, ...]
    evidence_class: tuple[int, ...]
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

    @cached_property
    def terms(self) -> TermReader:
        """What the model makes of terms."""
        return TermReader(self.vocabulary, self.pieces)

    @cached_property
    def resampler(self) -> Resampler:
        """Draws the intervals of a model of two poles."""
        return Resampler(self.head[:, 0], float(self.head_bias[0]), self.background)


AnyModel: TypeAlias = "Model | TextModel"
"""What `load_model` gives: a model of sentences and releases, or one of texts as wholes."""


def load_model(model: str | Path | None = None) -> AnyModel:
    """Loads a model by name or folder, checks every file's hash, and proves it on its golden texts.

    A process keeps what it has loaded; a model that was replaced, another `CURRENT` or another `NAC_HOME` is seen at
    the next call.

    Args:
        model: a folder, the name of a model, or null for the one in use (`CURRENT`).

    Raises:
        ModelError: no such model, a file missing or changed, another format, or golden predictions that differ.
    """
    folder = find_model(model).absolute()
    try:
        status = (folder / "manifest.json").stat()
    except OSError:
        return read_model(folder)  # says what is wrong
    return _load(folder, (status.st_mtime_ns, status.st_size, status.st_ino))


@lru_cache(maxsize=LOADED)
def _load(folder: Path, _stamp: tuple[int, ...]) -> AnyModel:
    from classifier.scoring.golden import check_golden

    loaded = read_model(folder)
    if folder.parent != SHIPPED:
        _check_lexicon(loaded)
    check_golden(loaded)
    return loaded


def _check_lexicon(model: AnyModel) -> None:
    try:
        lexicon = load_lexicon(model.lexicon)
        check_size(lexicon)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(f"model {model.name}: its lexicon cannot be used: {str(error)[:200]}", hint=RESTORE) from error
    if lexicon.sha256 != model.lexicon_sha256:
        raise ModelError(f"model {model.name}: its lexicon is not the one that its manifest names", hint=RESTORE)


def read_model(folder: Path) -> AnyModel:
    """Reads and checks a model folder without scoring anything.

    Raises:
        ModelError: as `load_model`, golden predictions apart.
    """
    manifest = read_manifest(folder)
    if manifest.get("kind") == TEXT_KIND:
        from classifier.scoring.texts.text_model import assemble_text_model

        check_files(folder, manifest, needed=TEXT_FILES)
        return assemble_text_model(folder, manifest)
    check_files(folder, manifest)
    return _assemble(folder, manifest)


def _assemble(folder: Path, manifest: Mapping[str, Any]) -> Model:
    ngrams, *others = (_text(folder / name, manifest["name"]) for name in TEXTS)
    features, known, pieces = (text.split("\n")[:-1] for text in others)
    try:
        vocabulary = Vocabulary(ngrams, features, known)
    except ValueError as error:
        raise ModelError(f"model {manifest['name']}: ngrams.txt: {str(error)[:200]}", hint=RESTORE) from error
    classes = tuple(manifest["classes"])
    evidence = manifest.get("evidence") or [[name, name] for name in classes]
    outputs = 1 if manifest.get("poles") else len(classes)
    shapes = _shapes(len(vocabulary), len(pieces), len(evidence), outputs)
    arrays = read_arrays(folder / "weights.npz", manifest["name"], shapes)
    if manifest.get("poles") and not len(arrays["background"]):
        raise ModelError(f"model {manifest['name']}: array background is empty", hint=RESTORE)
    return Model(
        name=manifest["name"],
        version=manifest["version"],
        folder=folder,
        classes=classes,
        poles=tuple(manifest["poles"]) if manifest.get("poles") else None,
        neutral=manifest.get("neutral"),
        evidence=tuple(kind for kind, _ in evidence),
        evidence_class=tuple(classes.index(name) for _, name in evidence),
        vocabulary=vocabulary,
        pieces=PieceTable(pieces, arrays.pop("piece_weights"), arrays.pop("piece_scale")),
        lexicon=folder / "lexicon",
        lexicon_sha256=manifest["lexicon_sha256"],
        presence_bias=float(manifest["presence_bias"]),
        least_presence=float(manifest["least_presence"]),
        manifest=manifest,
        **arrays,
    )


def _shapes(columns: int, pieces: int, kinds: int, outputs: int) -> dict[str, Shape]:
    """The shape of every array; see `Model`."""
    return {
        "weights": (columns, kinds),
        "bias": (kinds,),
        "scale": (columns,),
        "head": (len(AGGREGATES) * kinds, outputs),
        "head_bias": (outputs,),
        "document": (columns, outputs),
        "document_scale": (columns,),
        "presence": (len(AGGREGATES) * kinds,),
        "presence_document": (columns,),
        "piece_weights": (pieces, kinds),
        "piece_scale": (pieces,),
        "background": (None, kinds + 1),
    }


ARRAYS = tuple(_shapes(0, 0, 0, 0))
"""Names of the arrays in `weights.npz`."""


def _text(path: Path, model: str) -> str:
    """The closed lines of a file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ModelError(f"model {model}: {path.name} cannot be read: {str(error)[:200]}", hint=RESTORE) from error
    return text[: text.rfind("\n") + 1]
