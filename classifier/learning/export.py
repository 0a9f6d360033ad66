"""Hands a model on: as a folder, as one zip file, or as a scikit-learn object in a joblib file."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from classifier.learning.folder import replace_folder
from classifier.scoring.artefact import load_model
from classifier.scoring.errors import ModelError
from classifier.scoring.manifest import read_manifest
from classifier.scoring.statement import score
from scraper.durable import open_whole

_DAY = (1980, 1, 1, 0, 0, 0)


class ExportedModel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A trained model as a scikit-learn classifier of texts: the model's own files and what reads them.

    It needs nac-stance to be installed where it is loaded. `predict` never abstains. Its files are checked against their
    hashes, and proved on the golden texts, when it first predicts.

    Attributes:
        classes_: names of the outcomes: the poles of a two-pole model, otherwise the classes.
        files_: name in the model folder -> bytes.
    """

    def __init__(self, name: str = "") -> None:
        self.name = name

    def fit(self, X: object = None, y: object = None) -> ExportedModel:
        """Nothing is fitted: `nac train` makes models."""
        return self

    def predict_proba(self, X: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """(n, K) probabilities in the order of `classes_`, those of `score` for each text."""
        found = [score(text, model=self._loaded).probabilities for text in X]
        return np.array([[row[name] for name in self.classes_] for row in found]).reshape(len(found), len(self.classes_))

    def predict(self, X: Sequence[str]) -> np.ndarray[Any, Any]:
        """(n,) names of the likeliest outcomes."""
        chosen = self.predict_proba(X).argmax(axis=1)
        return np.array([self.classes_[number] for number in chosen])

    @cached_property
    def _loaded(self) -> Any:  # noqa: ANN401 - a loaded model of any kind
        self._folder = tempfile.TemporaryDirectory(prefix="nac-model-")
        folder = Path(self._folder.name) / "model"
        for name, data in self.files_.items():
            path = folder / name
            if not path.resolve().is_relative_to(folder.resolve()):
                raise ModelError(f"{name!r} lies outside the model's folder", hint="do not use this model")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return load_model(folder)

    def __getstate__(self) -> dict[str, Any]:
        return {"name": self.name, "classes_": self.classes_, "files_": self.files_}

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "files_")


def as_estimator(folder: Path) -> ExportedModel:
    """The scikit-learn object of a model folder.

    Raises:
        ModelError: the model cannot be used.
    """
    model = load_model(folder)
    found = ExportedModel(model.name)
    found.classes_ = list(model.poles or model.classes)
    found.files_ = {name: (folder / name).read_bytes() for name in _names(folder)}
    return found


def export_folder(folder: Path, target: Path) -> None:
    """Copies a model's files, those that its manifest lists and no others.

    Raises:
        ModelError: something of that name is there, or it cannot be written; so for every export.
    """

    def fill(made: Path) -> None:
        for name in _names(folder):
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, made / name)

    with _new(target):
        replace_folder(target, fill)


def export_zip(folder: Path, target: Path) -> None:
    """Packs a model's files into one zip file, whose bytes depend on them alone; they lie in a folder of the model's name."""
    with _new(target), open_whole(target) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in _names(folder):
            info = zipfile.ZipInfo(f"{folder.name}/{name}", _DAY)
            archive.writestr(info, (folder / name).read_bytes(), zipfile.ZIP_DEFLATED)


def export_joblib(folder: Path, target: Path) -> None:
    """Writes the scikit-learn object of a model."""
    import joblib

    estimator = as_estimator(folder)
    with _new(target), open_whole(target) as stream:
        joblib.dump(estimator, stream, compress=3)


def _names(folder: Path) -> list[str]:
    return ["manifest.json", *sorted(read_manifest(folder)["files"])]


@contextmanager
def _new(target: Path) -> Iterator[None]:
    """A place in which nothing is yet; what cannot be written there is told."""
    if target.exists():
        raise ModelError(f"{target} is there already", hint="name another place, or delete it")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise ModelError(f"{target} cannot be written ({error.strerror})", hint="name a place that you may write to") from error
