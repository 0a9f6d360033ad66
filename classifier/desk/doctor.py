"""Examines an installation: everything that scoring needs, each with what to do where it fails."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, entry_points, requires, version
from pathlib import Path

from classifier.desk.guard import guard_terminal

PRODUCT = "nac-stance"
OLDEST_PYTHON = (3, 11)
COMPONENTS = ("nac_sentences", "nac_cues", "nac_context")
"""Those that scoring needs."""

DESK_FILES = (
    *("templates/report.html", "templates/report.css", "templates/evaluation.html", "templates/evaluation.css"),
    *("schemas/score.json", "schemas/batch.json", "schemas/evaluate.json"),
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: whether all is well with it, what was found, and what to do if not."""

    well: bool
    found: str
    advice: str = ""

    @property
    def line(self) -> str:
        """What the terminal shows."""
        advice = "" if self.well or not self.advice else f": {self.advice}"
        return guard_terminal(f"{'ok  ' if self.well else 'fail'} {self.found}{advice}")


def examine(model: str | None = None) -> list[Check]:
    """Looks at everything, whatever fails on the way.

    Args:
        model: name or folder of a model; null for the one in use.
    """
    packages = list(_check_packages())
    return [_check_python(), *packages, _check_components(), _check_files(), *_check_model(model), _check_home()]


def _check_python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    oldest = ".".join(map(str, OLDEST_PYTHON))
    return Check(sys.version_info >= OLDEST_PYTHON, f"Python {found}", f"install Python {oldest} or newer")


def _check_packages() -> Iterator[Check]:
    """The distribution itself and what it requires, extras left out."""
    from packaging.requirements import Requirement  # spaCy requires it, so it is there

    try:
        yield Check(True, f"{PRODUCT} {version(PRODUCT)}")
        needed = [Requirement(line) for line in requires(PRODUCT) or ()]
    except PackageNotFoundError:
        yield Check(False, f"{PRODUCT} is not installed as a package", "pip install it, in its folder with pip install -e .")
        return
    for requirement in needed:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        advice = f"pip install '{requirement}'"
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            yield Check(False, f"{requirement.name} is missing", advice)
            continue
        well = requirement.specifier.contains(found, prereleases=True)
        yield Check(well, f"{requirement.name} {found}" + ("" if well else f" (needs {requirement.specifier})"), advice)


def _check_components() -> Check:
    """Whether spaCy can find and load the pipeline's components."""
    found = [entry for entry in entry_points(group="spacy_factories") if entry.name.startswith("nac_")]
    again = f"install {PRODUCT} again"
    if missing := set(COMPONENTS) - {entry.name for entry in found}:
        return Check(False, f"spaCy does not find {', '.join(sorted(missing))}", again)
    for entry in found:
        try:
            entry.load()
        except (ImportError, AttributeError) as error:
            return Check(False, f"spaCy cannot load {entry.name} ({error})", again)
    return Check(True, f"spaCy finds {', '.join(sorted(entry.name for entry in found))}")


def _check_files() -> Check:
    missing = [name for name in DESK_FILES if not (Path(__file__).parent / name).is_file()]
    if missing:
        return Check(False, f"files of the report are missing: {', '.join(missing)}", f"install {PRODUCT} again")
    return Check(True, "files of the report are there")


def _check_model(model: str | None) -> Iterator[Check]:
    """The model's files by their hashes, then its predictions of the golden texts."""
    from classifier.scoring.artefact import read_model
    from classifier.scoring.errors import ModelError
    from classifier.scoring.golden import check_golden
    from classifier.scoring.places import find_model

    try:
        loaded = read_model(find_model(model))
        files = len(loaded.manifest["files"])
        yield Check(True, f"model {loaded.name} {loaded.version} in {loaded.folder}: {files} files unchanged")
        check_golden(loaded)
        yield Check(True, f"model {loaded.name} predicts its {len(loaded.manifest['golden'])} golden texts as when made")
    except ModelError as error:
        yield Check(False, error.message, error.hint)


def _check_home() -> Check:
    """Whether the user's own models and data can be written; nothing is left behind."""
    from classifier.scoring.places import home

    folder = home()
    advice = "set NAC_HOME to a folder that you may write to"
    try:
        if folder.exists():
            with tempfile.TemporaryFile(dir=folder):
                return Check(True, f"data folder {folder} can be written")
        above = next(parent for parent in folder.absolute().parents if parent.exists())
        well = above.is_dir() and os.access(above, os.W_OK | os.X_OK)
        return Check(well, f"data folder {folder} {'can be made when needed' if well else 'cannot be made'}", advice)
    except OSError as error:
        return Check(False, f"data folder {folder} cannot be written ({error.strerror})", advice)
