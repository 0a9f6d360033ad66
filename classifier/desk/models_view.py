"""What `nac models` tells of models: facts from their manifests, figures and cards; weights are not loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from classifier.desk.guard import guard_terminal
from classifier.scoring.errors import ModelError
from classifier.scoring.manifest import read_manifest
from classifier.scoring.places import SHIPPED, find_model, find_named, list_models

Facts = dict[str, Any]
LONGEST_CARD = 200_000
"""Characters of a card that are shown."""


def list_facts() -> list[Facts]:
    """Facts of every model, the user's first; one that cannot be read says so in `problem`."""
    current = _in_use()
    rows = []
    for name in list_models():
        folder = find_named(name)
        if folder is None:
            continue
        try:
            rows.append(facts_of(folder, current))
        except ModelError as error:
            rows.append({"name": name, "in_use": folder == current, "folder": str(folder), "problem": error.message})
    return rows


def facts_of(folder: Path, current: Path | None = None) -> Facts:
    """What a manifest says of a model.

    Raises:
        ModelError: the manifest cannot be read.
    """
    manifest = read_manifest(folder)
    return {
        "name": folder.absolute().name,
        "made_as": manifest["name"],
        "version": manifest["version"],
        "in_use": folder.absolute() == (current or _in_use()),
        "shipped": folder.absolute().parent == SHIPPED,
        "folder": str(folder),
        "classes": manifest["classes"],
        "poles": manifest.get("poles"),
        "neutral": manifest.get("neutral"),
        "format": manifest["format"],
        "versions": manifest.get("versions") or {},
        "corpus_sha256": manifest.get("corpus_sha256"),
        "lexicon_sha256": manifest.get("lexicon_sha256"),
        "seed": manifest.get("seed"),
        "settings": manifest.get("settings") or {},
        "trained_on": manifest.get("trained_on") or {},
        "files": len(manifest["files"]),
        "problem": None,
    }


def read_card(folder: Path) -> str:
    """The card of a model; empty where it has none."""
    try:
        with (folder / "README.md").open(encoding="utf-8", errors="replace") as stream:
            return stream.read(LONGEST_CARD)
    except OSError:
        return ""


def tell_list(rows: list[Facts]) -> Iterator[str]:
    """A line for each model."""
    yield "  name                 version   whose     classes"
    for row in rows:
        mark = "*" if row["in_use"] else " "
        if row["problem"]:
            yield f"{mark} {guard_terminal(row['name'])[:20]:20} cannot be used: {guard_terminal(row['problem'])}"
            continue
        classes = ", ".join(row["poles"] or row["classes"]) + (" (poles)" if row["poles"] else "")
        whose = "shipped" if row["shipped"] else "yours"
        name, number = guard_terminal(row["name"])[:20], guard_terminal(row["version"])[:9]
        yield f"{mark} {name:20} {number:9} {whose:9} {guard_terminal(classes)[:80]}"
    yield "* in use"


def tell_facts(facts: Facts, card: str) -> Iterator[str]:
    """Facts, a line each, then the card."""
    for name, value in facts.items():
        if value not in (None, {}, []):
            yield f"{name:16} {guard_terminal(_plain(value))}"
    yield ""
    yield from (guard_terminal(line) for line in card.splitlines())


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _in_use() -> Path | None:
    try:
        return find_model(None)
    except ModelError:
        return None
