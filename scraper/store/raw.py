"""Raw bytes as received, each once, in files named by their SHA-256."""

from __future__ import annotations

import errno
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from scraper.durable import sync_folder, write_whole
from scraper.errors import StoreError

_NAME = re.compile(r"[0-9a-f]{64}\.gz")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LEVEL = 6


class RawBytes:
    """A folder of compressed files `ab/ab12….gz`; a file that is there is whole.

    Args:
        folder: made when the first bytes are kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keeps bytes, on disk when this returns; the same bytes again change nothing.

        Returns:
            their SHA-256 in hexadecimal.

        Raises:
            StoreError: the folder cannot be written, or the disk is full; nothing half-written stays under a name.
        """
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        try:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                write_whole(path, gzip.compress(content, _LEVEL, mtime=0))
                sync_folder(path.parent.parent)  # the folder of the first two letters may be new
        except OSError as error:
            raise _unwritten(path, error) from error
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes with that SHA-256.

        Raises:
            StoreError: they are not there, or the file is damaged.
        """
        if not _DIGEST.fullmatch(digest):
            raise StoreError(f"{digest[:80]!r} is no SHA-256", hint="give 64 hexadecimal digits", source=digest[:80])
        path = self._path(digest)
        try:
            content = gzip.decompress(path.read_bytes())
        except FileNotFoundError as error:
            raise StoreError(f"{path} is missing", hint="go back to a backup, or fetch the page again", source=str(path)) from error
        except (OSError, EOFError, zlib.error) as error:
            raise StoreError(f"{path} cannot be read ({error})", hint="go back to a backup", source=str(path)) from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise StoreError(f"{path} does not hold the bytes it is named by", hint="go back to a backup", source=str(path))
        return content

    def holds(self, digest: str) -> bool:
        """Whether bytes of that SHA-256 are kept; they are not read."""
        return self._path(digest).exists()

    def digests(self) -> Iterator[str]:
        """The SHA-256 of all that is kept, in order."""
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(path.stem for path in folder.iterdir() if _NAME.fullmatch(path.name))

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / f"{digest}.gz"


def _unwritten(path: Path, error: OSError) -> StoreError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreError(f"{path} cannot be written: the disk is full", hint="free some space and run the command again", source=str(path))
    hint = "check the permissions of the folder, or name another store with --db"
    return StoreError(f"{path} cannot be written ({error.strerror})", hint=hint, source=str(path))
