"""What tells one model from another, whatever its name."""

from __future__ import annotations

import hashlib

from classifier.scoring.artefact import AnyModel


def model_hash(model: AnyModel) -> str:
    """SHA-256 of the model's manifest, in hexadecimal: the manifest lists the hash of every file of the model."""
    return hashlib.sha256((model.folder / "manifest.json").read_bytes()).hexdigest()
