"""Where models lie: the user's own under the data folder (`NAC_HOME`), then the shipped ones."""

from __future__ import annotations

import os
from pathlib import Path

import models
from classifier.scoring.errors import ModelError

SHIPPED = Path(models.__file__).parent


def home() -> Path:
    """The folder for what a user trains or collects: `NAC_HOME`, or the platform's data folder."""
    if chosen := os.environ.get("NAC_HOME"):
        return Path(chosen).expanduser()
    from platformdirs import user_data_path

    return user_data_path("nac-stance")


def model_folders() -> list[Path]:
    """Folders that hold models, the user's before the shipped."""
    return [home() / "models", SHIPPED]


def find_model(model: str | Path | None) -> Path:
    """The folder of a model given by folder or name; without either, the one that `CURRENT` names.

    Raises:
        ModelError: there is none; the message names those there are.
    """
    if model is None:
        for folder in model_folders():
            if (folder / "CURRENT").is_file():
                return find_model((folder / "CURRENT").read_text(encoding="utf-8").strip())
        raise ModelError("no model is installed", hint="reinstall nac-stance, or train one")
    given = Path(model)
    if given.is_dir() and (given / "manifest.json").exists() or len(given.parts) > 1 or str(model) in (".", ".."):
        if given.is_dir():
            return given
        raise ModelError(f"there is no model folder {given}", hint="name a folder that holds a manifest.json")
    for folder in model_folders():
        if (folder / given / "manifest.json").is_file():
            return folder / given
    raise ModelError(f"there is no model {str(model)!r}", hint=f"there are: {', '.join(list_models()) or 'none'}")


def list_models() -> list[str]:
    """Names of all models there are, the user's first, each once."""
    names: dict[str, None] = {}
    for folder in model_folders():
        if folder.is_dir():
            names.update(dict.fromkeys(p.name for p in sorted(folder.iterdir()) if (p / "manifest.json").is_file()))
    return list(names)
