"""Who holds a job, and whether that collector can still be alive."""

from __future__ import annotations

import os
import secrets
import socket
from functools import cache

SLACK = 5.0
"""Seconds by which clocks of two collectors may differ."""


def make_owner() -> str:
    """A name for this collector: machine, process, and a part that no other has."""
    return f"{_machine()}/{os.getpid()}/{secrets.token_hex(6)}"


def is_dead(owner: str) -> bool:
    """Whether the collector of that name surely runs no more: its machine is this one and has no such process.

    A process that has the number of a dead one makes it look alive; then the lease runs out by itself.
    """
    machine, _, rest = owner.rpartition("/")[0].rpartition("/")
    if os.name != "posix" or machine != _machine() or not rest.isdecimal():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


@cache
def _machine() -> str:
    try:
        space = os.readlink("/proc/self/ns/pid")  # containers may share a name and number their processes alone
    except OSError:
        space = ""
    return f"{socket.gethostname()}{space}"
