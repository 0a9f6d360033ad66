"""The manifest of a model folder: read with limits, checked field by field, and every file that it lists against its hash.

A model may come from a stranger. So nothing is believed before it is checked: sizes before reading, types before
use, paths before opening. Nothing here runs or unpickles anything.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from classifier.scoring.errors import ModelError

FORMAT = 1
LARGEST_FILE = 512 * 2**20
"""Bytes of one file of a model at most; a larger one is refused unread."""

LARGEST_MANIFEST = 8 * 2**20
MOST_FILES = 200
MOST_CLASSES = 1000
LONGEST_NAME = 200
NEEDED = ("weights.npz", "ngrams.txt", "features.txt", "known.txt", "pieces.txt")
LEXICON = ("lexicon/cues.jsonl", "lexicon/classes.jsonl", "lexicon/qualifiers.jsonl", "lexicon/actors.jsonl")
"""Files without which no model is read; all are listed in the manifest, so that none is read unchecked."""

RESTORE = "restore the model folder"
SHUN = "do not use this model"


def read_manifest(folder: Path) -> dict[str, Any]:
    """Reads `manifest.json` of a model folder.

    Raises:
        ModelError: it is missing, too large, no JSON, of another format, or a field is missing or of the wrong kind.
    """
    path = folder / "manifest.json"
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST_MANIFEST:
            raise ModelError(f"{path} cannot be read: {status.st_size} bytes, more than a manifest may have, or no plain file", hint=SHUN)
        manifest = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once, parse_constant=_refuse_constant)
        number, name = manifest["format"], manifest["name"]
    except FileNotFoundError as error:
        raise ModelError(f"{folder} is no model: it has no manifest.json", hint="name a model folder") from error
    except KeyError as error:
        raise ModelError(f"{path} cannot be read: it has no field {error}", hint=RESTORE) from error
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise ModelError(f"{path} cannot be read: {str(error)[:200]}", hint=RESTORE) from error
    if number != FORMAT:
        raise ModelError(
            f"model {str(name)[:LONGEST_NAME]} has format {str(number)[:20]}; this version reads format {FORMAT}",
            hint="install the version of nac-stance named in its manifest, or train it again",
        )
    for field, (fits, wanted) in _FIELDS.items():
        if not fits(manifest.get(field), manifest):
            raise ModelError(f"{path} cannot be read: its field {field!r} is not {wanted}", hint=RESTORE)
    return dict(manifest)


def check_files(folder: Path, manifest: Mapping[str, Any], *, needed: Sequence[str] = NEEDED) -> None:
    """Compares every file that the manifest lists with its SHA-256.

    Raises:
        ModelError: a file is missing, changed, too large, no plain file, or lies outside the folder.
    """
    files: Mapping[str, str] = manifest["files"]
    who = f"model {manifest['name']}"
    for name in (*needed, *LEXICON):
        if name not in files:
            raise ModelError(f"{who}: its manifest does not list {name}", hint=RESTORE)
    root = folder.resolve()
    for name, expected in files.items():
        try:
            path = (folder / name).resolve()
            if not path.is_relative_to(root):
                raise ModelError(f"{who}: {name!r} lies outside its folder", hint=SHUN)
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise ModelError(f"{who}: {name!r} is no plain file", hint=SHUN)
            if status.st_size > LARGEST_FILE:
                raise ModelError(f"{who}: {name} has {status.st_size} bytes, more than a model file may", hint=SHUN)
            with path.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(f"{who}: {name} is missing or cannot be read", hint=RESTORE) from error
        if found != expected:
            raise ModelError(
                f"{who}: {name} was changed since the model was made",
                hint="restore the folder, or train again: a model is never edited by hand",
            )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field stands twice")
    return found


def _refuse_constant(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _is_name(value: object, _: Mapping[str, Any]) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and value.isprintable() and not set(value) & set("/\\")


def _is_number(value: object, _: Mapping[str, Any]) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _are_classes(value: object, _: Mapping[str, Any]) -> bool:
    if not isinstance(value, list) or not 2 <= len(value) <= MOST_CLASSES:
        return False
    return all(isinstance(name, str) and name for name in value) and len(set(value)) == len(value)


def _is_evidence(value: object, manifest: Mapping[str, Any]) -> bool:
    if value is None:
        return True
    if not isinstance(value, list) or not len(manifest["classes"]) <= len(value) <= MOST_CLASSES:
        return False
    if not all(isinstance(pair, list) and len(pair) == 2 and all(isinstance(name, str) and name for name in pair) for pair in value):
        return False
    return len({kind for kind, _ in value}) == len(value) and {name for _, name in value} == set(manifest["classes"])


def _are_poles(value: object, manifest: Mapping[str, Any]) -> bool:
    if value is None:
        return True
    return isinstance(value, list) and len(value) == 2 and value[0] != value[1] and all(pole in manifest["classes"] for pole in value)


def _are_files(value: object, _: Mapping[str, Any]) -> bool:
    if not isinstance(value, dict) or len(value) > MOST_FILES:
        return False
    return all(isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest) for digest in value.values())


def _is_golden(value: object, manifest: Mapping[str, Any]) -> bool:
    def fits(row: object) -> bool:
        if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not isinstance(row.get("probabilities"), dict):
            return False
        return all(name in manifest["classes"] and _is_number(p, manifest) for name, p in row["probabilities"].items())

    return isinstance(value, list) and all(fits(row) for row in value)


def _is_sha256(value: object, _: Mapping[str, Any]) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def _are_versions(value: object, _: Mapping[str, Any]) -> bool:
    return value is None or isinstance(value, dict) and all(isinstance(v, str) for v in value.values())


_FIELDS: dict[str, tuple[Callable[[object, Mapping[str, Any]], bool], str]] = {
    "name": (_is_name, "a name of one line without slashes"),
    "version": (_is_name, "a version of one line"),
    "classes": (_are_classes, "a list of two or more different names"),
    "evidence": (_is_evidence, "null or pairs of a kind of evidence and its class, which all classes have"),
    "poles": (_are_poles, "null or two of the classes"),
    "neutral": (lambda value, manifest: value is None or value in manifest["classes"], "null or one of the classes"),
    "files": (_are_files, f"a table of at most {MOST_FILES} files with a SHA-256 each"),
    "golden": (_is_golden, "a list of texts with probabilities of the classes"),
    "lexicon_sha256": (_is_sha256, "a SHA-256"),
    "presence_bias": (_is_number, "a finite number"),
    "least_presence": (_is_number, "a finite number"),
    "versions": (_are_versions, "a table of versions"),
}
