"""Files that a command writes: seen to be writable before a long run."""

from __future__ import annotations

import os
from pathlib import Path

from scraper.errors import ScraperError


class Unwritable(ScraperError):
    """A file that was named for the results cannot be written."""

    code = "unwritable"
    exit_code = 2


def check_writable(path: Path) -> None:
    """Sees before a long run that a file can be written at its end.

    Raises:
        Unwritable: its folder is not there or cannot be written.
    """
    if not os.access(path.parent, os.W_OK | os.X_OK) or path.is_dir():
        raise Unwritable(f"{path}: cannot be written", hint="name a file in a folder of yours", source=str(path))
