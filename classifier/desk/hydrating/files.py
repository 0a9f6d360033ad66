"""What was fetched before an interruption and is used after it."""

from __future__ import annotations

import hashlib
from pathlib import Path


def read_verified(path: Path, sha256: str) -> bytes | None:
    """The bytes of a file if they have the hash, else null."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None
