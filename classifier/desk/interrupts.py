"""SIGTERM ends a long command like Ctrl-C does: what is under way is undone, what was kept stays."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Terminated(KeyboardInterrupt):
    """A service manager asked the process to end (SIGTERM)."""


@contextmanager
def end_on_sigterm() -> Iterator[None]:
    """Raises `Terminated` in the main thread at SIGTERM while the block runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one must not break off the tidying up
    raise Terminated
