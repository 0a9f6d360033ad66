"""Fingerprints of files: what tells a changed input from the same one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from classifier.desk.batch.ledger import InputPrint
from classifier.desk.batch.walk import Walk


def print_inputs(walk: Walk) -> Iterator[InputPrint]:
    """The fingerprint of each file of a walk; a pipe can be read only once, so it has its name alone (its chunks are compared)."""
    for found in walk.files():
        if found.kind in ("pipe", "missing"):
            yield InputPrint(found.name, -1, found.kind)
            continue
        try:
            yield print_file(found.path, found.name)
        except OSError as error:
            yield InputPrint(found.name, -1, error.strerror or "unreadable")


def print_file(path: Path, name: str = "") -> InputPrint:
    """The fingerprint of a file.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return InputPrint(name or str(path), stream.tell(), digest)
