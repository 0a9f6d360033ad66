"""Files that are there whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_LONGEST = 100  # letters of a name that its temporary name repeats; a file's name may have some 255 bytes


@contextmanager
def open_whole(path: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file when all are on the disk: temporary name, fsync, rename, fsync of the folder.

    Raises:
        OSError: the disk is full, or the folder may not be written; nothing is left then, and a file that was there stays.
    """
    temporary = path.with_name(f".{path.name[:_LONGEST]}.{os.getpid()}.{secrets.token_hex(4)}.part")
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file so that a reader finds the old one or the new one, never a part; as `open_whole`."""
    with open_whole(path) as stream:
        stream.write(content)


def sync_file(path: Path) -> None:
    """Brings a file to the disk that was written without `open_whole`: by a library that wants a path, or in a folder to be exchanged."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def sync_tree(folder: Path) -> None:
    """Brings a folder with all its files and folders to the disk."""
    for path in [*folder.rglob("*"), folder]:
        (sync_folder if path.is_dir() else sync_file)(path)


def sync_folder(folder: Path) -> None:
    """Makes names in a folder last through a loss of power; where folders cannot be opened (Windows) the system sees to it itself."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path, name: str = "") -> None:
    """Takes away what killed runs left half-written in a folder, of one file or of all; not while another run writes there."""
    for partial in folder.glob(f".{name[:_LONGEST]}*.part"):
        with suppress(FileNotFoundError):
            partial.unlink()
