"""The arrays of a model: an NPZ file read without pickle, each header checked before anything is allocated."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy

from classifier.scoring.aggregate import Floats
from classifier.scoring.errors import ModelError

MOST_ROWS = 100_000
"""Rows at most of an array whose length nothing else in the model fixes."""

Shape = tuple[int | None, ...]
_ENCRYPTED = 0x1
_BYTES = 8
_SPARE = 64 * 2**10


def read_arrays(path: Path, model: str, shapes: Mapping[str, Shape]) -> dict[str, Floats]:
    """Reads the arrays of an NPZ file, float64 and of the given shapes, no others.

    No more memory is used than these shapes need, whatever the file claims.

    Args:
        path: the file.
        model: name of the model, for messages.
        shapes: array -> its shape; null where any length up to `MOST_ROWS` is right.

    Raises:
        ModelError: an array is missing, unexpected, there twice, of another shape or kind, or not finite.
    """
    arrays: dict[str, Floats] = {}
    try:
        _check_directory(path, model, len(shapes))
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                name = info.filename.removesuffix(".npy")
                if name not in shapes or name in arrays:
                    again = "stands twice" if name in arrays else "is an unexpected array"
                    raise ModelError(f"model {model}: weights.npz: {info.filename[:80]!r} {again}", hint="do not use this model")
                if info.flag_bits & _ENCRYPTED or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise ModelError(f"model {model}: weights.npz: array {name} is encrypted, or packed in a way that no model is")
                with archive.open(info) as member:
                    arrays[name] = _read_one(member, info.file_size, f"model {model}: array {name}", shapes[name])
    except (OSError, ValueError, EOFError, RuntimeError, struct.error, zlib.error, zipfile.BadZipFile) as error:
        raise ModelError(f"model {model}: weights.npz cannot be read: {str(error)[:200]}", hint="restore the folder") from error
    if missing := set(shapes) - set(arrays):
        raise ModelError(f"model {model}: weights.npz lacks {', '.join(sorted(missing))}", hint="restore the folder")
    return arrays


def _read_one(member: IO[bytes], size: int, who: str, wanted: Shape) -> Floats:
    version = npy.read_magic(member)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, fortran, dtype = read(member)
    if dtype != np.float64 or fortran:
        raise ModelError(f"{who} is no plain float64", hint="do not use this model")
    fits = len(shape) == len(wanted) and all(
        found == number or (number is None and 0 <= found <= MOST_ROWS) for found, number in zip(shape, wanted, strict=True)
    )
    if not fits:
        expected = "(" + ", ".join("any" if number is None else str(number) for number in wanted) + ")"
        raise ModelError(f"{who} has shape {str(shape)[:80]}, expected {expected}", hint="restore the folder")
    count = int(np.prod(shape, dtype=object))
    data = member.read(count * _BYTES)
    if len(data) != count * _BYTES or size != member.tell():
        raise ModelError(f"{who} is not what its header says", hint="do not use this model")
    array = np.frombuffer(data, dtype=np.float64).reshape(shape)
    if not np.isfinite(array).all():
        raise ModelError(f"{who} holds numbers that are not finite", hint="do not use this model")
    return array


def _check_directory(path: Path, model: str, most: int) -> None:
    """Reads how many members the archive claims before its directory is taken in: each would cost memory."""
    with path.open("rb") as stream:
        end = stream.seek(0, 2)
        stream.seek(max(0, end - _SPARE - 22))
        tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise zipfile.BadZipFile("it is no zip file")
    members, size = struct.unpack("<HI", tail[at + 10 : at + 16])
    if members > most or size > _SPARE:
        raise ModelError(f"model {model}: weights.npz holds more members than a model has arrays", hint="do not use this model")
