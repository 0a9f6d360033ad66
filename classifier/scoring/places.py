"""Where models lie: the user's own under the data folder (`NAC_HOME`), then the shipped ones."""

from __future__ import annotations

import os
import re
from pathlib import Path

import models
from classifier.scoring.errors import ModelError

SHIPPED = Path(models.__file__).parent
CURRENT = "CURRENT"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LONGEST_CURRENT = 1000


def home() -> Path:
    """The folder for what a user trains or collects: `NAC_HOME`, or the platform's data folder."""
    if chosen := os.environ.get("NAC_HOME"):
        return Path(chosen).expanduser()
    from platformdirs import user_data_path

    return user_data_path("nac-stance")


def model_folders() -> list[Path]:
    """Folders that hold models, the user's before the shipped."""
    return [home() / "models", SHIPPED]


def is_model_name(name: str) -> bool:
    """Whether a name can stand in `CURRENT`: letters, digits, dots, dashes, underscores; 100 at most, no path."""
    return _NAME.fullmatch(name) is not None


def read_current(folder: Path) -> str | None:
    """The name in the `CURRENT` of a folder of models; null where there is none.

    Raises:
        ModelError: it holds no name of a model.
    """
    path = folder / CURRENT
    try:
        with path.open(encoding="utf-8") as stream:
            name = stream.read(_LONGEST_CURRENT).strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}", hint="write it again with nac models promote NAME") from error
    if not is_model_name(name):
        raise ModelError(f"{path} holds {name[:80]!r}, which is no name of a model", hint="write it again with nac models promote NAME")
    return name


def find_model(model: str | Path | None) -> Path:
    """The folder of a model given by folder or name; without either, the one that `CURRENT` names.

    Raises:
        ModelError: there is none; the message names those there are.
    """
    if model is None:
        return _find_current()
    given = Path(model)
    if given.is_dir() and (given / "manifest.json").exists() or len(given.parts) > 1 or str(model) in (".", ".."):
        if given.is_dir():
            return given
        raise ModelError(f"there is no model folder {given}", hint="name a folder that holds a manifest.json")
    if found := find_named(str(model)):
        return found
    raise ModelError(f"there is no model {str(model)!r}", hint=f"there are: {', '.join(list_models()) or 'none'}")


def find_named(name: str) -> Path | None:
    """The folder of the model of that name, the user's before the shipped; null where there is none."""
    if not name.strip() or "\0" in name:
        return None
    for folder in model_folders():
        if (folder / name / "manifest.json").is_file():
            return folder / name
    return None


def _find_current() -> Path:
    for folder in model_folders():
        name = read_current(folder)
        if name is None:
            continue
        if found := find_named(name):
            return found
        raise ModelError(
            f"{folder / CURRENT} names the model {name!r}, which is not there",
            hint=f"go back with nac models rollback, or choose another with nac models promote NAME: {', '.join(list_models())}",
        )
    raise ModelError("no model is installed", hint="reinstall nac-stance, or train one")


def list_models() -> list[str]:
    """Names of all models there are, the user's first, each once."""
    names: dict[str, None] = {}
    for folder in model_folders():
        if folder.is_dir():
            names.update(dict.fromkeys(p.name for p in sorted(folder.iterdir()) if (p / "manifest.json").is_file()))
    return list(names)
