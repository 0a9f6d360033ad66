"""A model folder appears whole or not at all: written beside its place, brought to disk, and exchanged in one step."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from scraper.durable import sync_folder, sync_tree

SCRATCH = ".saving-"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def replace_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """Writes a folder and puts it in its place; an older one of that name stands until the new one is whole.

    What an earlier process, killed while it saved, left behind is taken away.

    Args:
        folder: where it goes.
        write: fills an empty folder that bears the same name.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    _clear_left_overs(folder.parent)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f"{SCRATCH}{os.getpid()}-") as scratch:
        made = Path(scratch) / folder.name
        made.mkdir()
        write(made)
        sync_tree(made)
        if folder.exists():
            _exchange(made, folder, Path(scratch) / "old")
        else:
            os.replace(made, folder)
        sync_folder(folder.parent)


def _exchange(made: Path, folder: Path, aside: Path) -> None:
    """Exchanges two folders in one step where the system can (Linux); elsewhere in two renames."""
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        rename = getattr(library, "renameat2", None)
        if rename is not None:
            if rename(_AT_FDCWD, os.fsencode(made), _AT_FDCWD, os.fsencode(folder), _RENAME_EXCHANGE) == 0:
                return
            number = ctypes.get_errno()
            if number not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
                raise OSError(number, os.strerror(number), str(folder))
    os.replace(folder, aside)
    os.replace(made, folder)


def _clear_left_overs(parent: Path) -> None:
    for path in parent.glob(f"{SCRATCH}*"):
        owner = path.name.removeprefix(SCRATCH).partition("-")[0]
        if not (owner.isdigit() and _runs(int(owner))):
            shutil.rmtree(path, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def write_arrays(path: Path, arrays: Mapping[str, Any]) -> None:
    """An NPZ whose bytes depend on the numbers alone: members in order, without a time."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(arrays):
            buffer = BytesIO()
            np.save(buffer, np.ascontiguousarray(arrays[name], dtype=np.float64), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue(), zipfile.ZIP_DEFLATED)


def write_lines(path: Path, lines: Any) -> None:  # noqa: ANN401 - any iterable of texts without line breaks
    """One text a line."""
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def write_json(path: Path, value: object) -> None:
    """JSON that people can read."""
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def hash_files(folder: Path) -> dict[str, str]:
    """SHA-256 of every file but the manifest, by its path in the folder."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json")
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
