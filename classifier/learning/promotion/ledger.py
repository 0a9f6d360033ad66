"""`CURRENT` among the user's own models, and the ledger of who changed it, when and why.

A change is first written to the ledger and to the disk, then `CURRENT` is replaced in one step. A process killed in between
leaves the old `CURRENT`, and a line in the ledger that never took effect; the next reader sees that and passes over it.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from classifier.scoring.errors import ModelError
from classifier.scoring.places import CURRENT, SHIPPED, find_named, home, is_model_name, read_current
from scraper.durable import sync_folder, write_whole

LEDGER = "promotions.jsonl"
_LOCK = ".promotions.lock"

Entry = dict[str, Any]


def own_models() -> Path:
    """The folder of the user's own models; it may not be there yet."""
    return home() / "models"


def check_own() -> None:
    """Makes sure that nothing is written into the installation.

    Raises:
        ModelError: the user's own folder is that of the shipped models.
    """
    if own_models().resolve().is_relative_to(SHIPPED.resolve()):
        raise ModelError(f"{own_models()} belongs to the installation", hint="set NAC_HOME to a folder of your own")


def name_in_use() -> str | None:
    """The name in the user's `CURRENT`; null where the shipped one counts.

    Raises:
        ModelError: `CURRENT` holds no name.
    """
    return read_current(own_models())


def read_ledger() -> list[Entry]:
    """All entries, the oldest first; a line that a kill left broken is passed over."""
    entries = []
    try:
        lines = (own_models() / LEDGER).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    for line in lines:
        with contextlib.suppress(ValueError):
            entry = json.loads(line)
            if isinstance(entry, dict) and {"action", "from", "to"} <= entry.keys():
                entries.append(entry)
    return entries


def put_in_use(name: str, *, reason: str, forced: bool, checks: Mapping[str, Any]) -> Entry:
    """Makes a model the one in use.

    Args:
        name: of a model that `find_named` finds.
        reason: why, in the user's words.
        forced: whether the gate was passed over.
        checks: what the gate found, for the ledger.

    Returns:
        The entry of the ledger.

    Raises:
        ModelError: the name cannot stand in `CURRENT`, or the folder cannot be written.
    """
    if not is_model_name(name):
        raise ModelError(f"{name!r} cannot be named in {CURRENT}", hint="letters, digits, dots, dashes and underscores, 100 at most")
    with _locked():
        entry = _entry("promote", _effective(), name, reason) | {"forced": forced, "checks": dict(checks)}
        _append(entry)
        _replace(name)
    return entry


def go_back(reason: str = "") -> Entry:
    """Undoes the last change that took effect; the model that was in use before is in use again.

    Returns:
        The entry of the ledger: `from`, and `to`, null for the shipped model.

    Raises:
        ModelError: nothing was promoted here, or the model to go back to is gone.
    """
    with _locked():
        stack = _standing(read_ledger(), _effective())
        if not stack:
            raise ModelError("there is no promotion to take back", hint="see what is in use with nac models list")
        before = stack[-1]["from"]
        if before is not None and find_named(before) is None:
            raise ModelError(f"the model before, {before!r}, is gone", hint="choose another with nac models promote NAME")
        entry = _entry("rollback", _effective(), before, reason)
        _append(entry)
        _replace(before)
    return entry


def _effective() -> str | None:
    """What `CURRENT` holds, be it a name or not; null where there is none."""
    try:
        return name_in_use()
    except ModelError:
        return ""


def _standing(entries: list[Entry], current: str | None) -> list[Entry]:
    """Promotions that stand, the last one on top; those that never took effect are passed over."""
    stack: list[Entry] = []
    for entry in entries:
        if entry["action"] == "promote":
            while stack and stack[-1]["to"] != entry.get("from"):
                stack.pop()
            stack.append(entry)
        elif stack and stack[-1]["to"] == entry.get("from"):
            stack.pop()
    while stack and stack[-1]["to"] != current and current != "":
        stack.pop()
    return stack


def _entry(action: str, before: str | None, after: str | None, reason: str) -> Entry:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"action": action, "at": now, "by": _who(), "from": before or None, "to": after, "why": reason}


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def _append(entry: Entry) -> None:
    path = own_models() / LEDGER
    with path.open("ab+") as stream:
        stream.seek(0, os.SEEK_END)
        broken = stream.tell() > 0
        if broken:
            stream.seek(-1, os.SEEK_END)
            broken = stream.read(1) != b"\n"
        stream.write((b"\n" if broken else b"") + json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def _replace(name: str | None) -> None:
    path = own_models() / CURRENT
    if name is not None:
        write_whole(path, f"{name}\n".encode())
        return
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    """One change at a time, also between processes; the lock of a process that died is free again."""
    folder = own_models()
    check_own()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / _LOCK).open("ab") as lock:
            if os.name == "posix":
                import fcntl

                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise ModelError(f"{folder} cannot be written ({error.strerror})", hint="set NAC_HOME to a folder that you may write to") from error
