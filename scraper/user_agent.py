"""How we introduce ourselves to servers."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version

PRODUCT = "nac-stance"


def build_user_agent() -> str:
    """Our name and version, and whom to write to if the environment variable NAC_CONTACT says so."""
    try:
        number = version(PRODUCT)
    except PackageNotFoundError:
        number = "0"
    contact = os.environ.get("NAC_CONTACT", "").strip()
    return f"{PRODUCT}/{number} (+{contact})" if contact else f"{PRODUCT}/{number}"
