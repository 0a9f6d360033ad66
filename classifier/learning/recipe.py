"""Recipes: how a model was made, so that anyone with the texts makes it again.

A recipe is TOML: `kind` (`stance`: sentences and releases of two poles; `text`: any classes), name, version, seed, SHA-256 of
the corpus and the lexicon, versions of the libraries, and all settings.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from classifier.learning.labelled.row import CorpusError, Fields
from classifier.pipeline.lexicon import DATA, load_lexicon
from classifier.scoring.places import SHIPPED, home

NAME = "recipe.toml"
STANCE, TEXT = "stance", "text"
Tell = Callable[[str], None]


def read_recipe(path: Path) -> dict[str, Any]:
    """Reads a recipe.

    Raises:
        CorpusError: it is missing, or no recipe.
    """
    try:
        recipe = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CorpusError(f"{path}: {error.strerror}", hint="name the recipe.toml of a model", exit_code=1) from error
    except ValueError as error:
        raise CorpusError(f"{path}: is no recipe: {str(error)[:200]}", hint="name the recipe.toml of a model") from error
    for key in ("kind", "name", "version", "corpus_sha256"):
        if not isinstance(recipe.get(key), str):
            raise CorpusError(f"{path}: is no recipe: it has no {key}", hint="name the recipe.toml of a model")
    if recipe["kind"] not in (STANCE, TEXT) or not isinstance(recipe.get("settings"), dict):
        raise CorpusError(f"{path}: is no recipe that this version knows", hint="use the version of nac-stance that it was made with")
    return recipe


def write_recipe(recipe: Mapping[str, Any]) -> str:
    """A recipe as TOML: plain values first, then tables."""
    lines: list[str] = []
    _write_table(recipe, (), lines)
    return "\n".join(lines).strip() + "\n"


def _write_table(table: Mapping[str, Any], path: tuple[str, ...], lines: list[str]) -> None:
    if path:
        lines += ["", f"[{'.'.join(path)}]"]
    for key, value in table.items():
        if value is not None and not isinstance(value, Mapping):
            lines.append(f"{_key(key)} = {_dump(value)}")
    for key, value in table.items():
        if isinstance(value, Mapping):
            _write_table(value, (*path, _key(key)), lines)


def _key(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else _dump(name)


def _dump(value: object) -> str:
    """A plain value: JSON is TOML, but for one control character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def follow_recipe(path: Path, data: Path | None, folder: Path | None, *, tell: Tell) -> Path:
    """Makes a model again.

    Args:
        path: the recipe.
        data: folder of the labelled texts.
        folder: where the model goes; null for its own name among the user's models, or for the shipped one its place.
        tell: takes lines on how far it has come.

    Returns:
        The folder of the model.

    Raises:
        CorpusError: the recipe is none, or the texts are not those that it names.
    """
    recipe = read_recipe(path)
    if data is None:
        raise CorpusError(f"{path}: needs the labelled texts", hint="name their folder with --data", exit_code=2)
    for name, found in _versions_here().items():
        if (made := recipe.get("versions", {}).get(name)) not in (None, found):
            tell(f"{name} is {found} here and was {made}: predictions may differ in their last digits")
    if recipe["kind"] == STANCE:
        return _follow_stance(recipe, path, data, folder, tell)
    return _follow_text(recipe, path, data, folder or home() / "models" / recipe["name"], tell)


def _follow_stance(recipe: Mapping[str, Any], path: Path, data: Path, folder: Path | None, tell: Tell) -> Path:
    from classifier.learning.train import load_shipped_corpus, settings_from, train_shipped

    check_stance_corpus(recipe, path, load_shipped_corpus(data))
    target = folder or SHIPPED / recipe["name"]
    train_shipped(data, target, settings_from(recipe["settings"]), recipe["version"], tell=tell)
    return target


def check_stance_corpus(recipe: Mapping[str, Any], path: Path, texts: Any) -> None:  # noqa: ANN401 - a `Corpus`
    """Refuses other texts, or another lexicon, than those of the recipe.

    Raises:
        CorpusError: what differs.
    """
    from classifier.learning.corpora import hash_corpus

    found = hash_corpus(texts)
    if found != recipe["corpus_sha256"]:
        raise CorpusError(
            f"{path}: the texts are not those of the recipe (SHA-256 {found[:12]}, expected {recipe['corpus_sha256'][:12]})",
            hint="fetch them again with nac corpus hydrate",
        )
    if recipe.get("lexicon_sha256") not in (None, load_lexicon(DATA).sha256):
        raise CorpusError(f"{path}: the lexicon is not that of the recipe", hint="use the version of nac-stance that it was made with")


def _follow_text(recipe: Mapping[str, Any], path: Path, data: Path, folder: Path, tell: Tell) -> Path:
    from classifier.learning.lessons import Lessons, gather_lessons
    from classifier.learning.texts.train_text import TextTraining, train_text_model

    source = recipe.get("source", {})
    named: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in source.get("fields", {}).items()}
    fields = Fields(**named)

    def gather(name: str, expected: str) -> Lessons:
        lessons = gather_lessons(data / name, fields, drop=tuple(source.get("drop", ())))
        if lessons.digest() != expected:
            raise CorpusError(f"{path}: {data / name} is not the corpus of the recipe", hint="give the very file it was trained on")
        return lessons

    try:
        lessons = gather(source["corpus"], recipe["corpus_sha256"])
        single = gather(source["sentences"], recipe["sentence_corpus_sha256"]) if source.get("sentences") else None
        values = dict(recipe["settings"])
        values["poles"] = tuple(values["poles"]) if values.get("poles") else None
        values["encoder"] = Path(values["encoder"]) if values.get("encoder") else None
        settings = TextTraining(**values)
    except (KeyError, TypeError) as error:
        raise CorpusError(
            f"{path}: is no recipe that this version knows: {error}", hint="use the version of nac-stance that it was made with"
        ) from error
    train_text_model(lessons, settings, folder, sentences=single, source=source, tell=tell)
    return folder


def _versions_here() -> dict[str, str]:
    import sklearn

    from classifier.scoring.golden import here

    return {"scikit-learn": sklearn.__version__, **here()}
