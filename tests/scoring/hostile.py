"""Ways to damage a model folder, each with the hashes made right again, as an attacker would."""

import hashlib
import io
import json
import os
import struct
import zipfile

import numpy as np


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def rehash(folder, **change):
    """Makes the manifest agree with the files again, then changes fields of it."""
    manifest = manifest_of(folder)
    manifest["files"] = {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in manifest["files"] if (folder / n).exists()}
    manifest.update(change)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def relist(folder, **names):
    """Adds files to the manifest's list, with any hash."""
    files = manifest_of(folder)["files"]
    rehash(folder, files=files | {name.replace("__", "/"): digest for name, digest in names.items()})


def rewrite(folder, **arrays):
    """Puts other bytes for arrays into the archive."""
    path = folder / "weights.npz"
    with zipfile.ZipFile(path) as old:
        kept = {info.filename: old.read(info) for info in old.infolist()}
    kept |= {f"{name}.npy": data for name, data in arrays.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in kept.items():
            new.writestr(name, data)
    rehash(folder)


def npy(array, **options):
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


def header(shape, descr="'<f8'"):
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def put_twice(folder):
    with zipfile.ZipFile(folder / "weights.npz", "a") as archive:
        archive._filelist = None
        info = zipfile.ZipInfo("bias.npy")
        archive.NameToInfo.pop("bias.npy")  # so that zipfile does not warn of what is meant here
        archive.writestr(info, npy(np.zeros(3)))
    rehash(folder)


def leave_out(folder, name):
    path = folder / "weights.npz"
    with zipfile.ZipFile(path) as old:
        kept = {info.filename: old.read(info) for info in old.infolist() if info.filename != f"{name}.npy"}
    with zipfile.ZipFile(path, "w") as new:
        for member, data in kept.items():
            new.writestr(member, data)
    rehash(folder)


def put_many(folder, count):
    with zipfile.ZipFile(folder / "weights.npz", "w") as archive:
        for number in range(count):
            archive.writestr(f"a{number}.npy", b"")
    rehash(folder)


def set_flag(folder, offset, value):
    """Sets a byte of the first member's entry in the archive's directory and of its own header."""
    path = folder / "weights.npz"
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8 + offset] = value
    data[6 + offset] = value
    path.write_bytes(data)
    rehash(folder)


def spoil_stream(folder):
    path = folder / "weights.npz"
    data = bytearray(path.read_bytes())
    data[60:5000] = os.urandom(4940)
    path.write_bytes(data)
    rehash(folder)


def link_out(folder, name, target):
    (folder / name).unlink()
    (folder / name).symlink_to(target)
    rehash(folder)


def make_pipe(folder, name):
    (folder / name).unlink()
    os.mkfifo(folder / name)


def write_text(folder, name, text):
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    rehash(folder)


def add_to_lexicon(folder, row):
    path = folder / "lexicon" / "cues.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    rehash(folder)
