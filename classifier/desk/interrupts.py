"""SIGTERM ends a long command like Ctrl-C does: what is under way is undone, what was kept stays; neither is lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class Terminated(KeyboardInterrupt):
    """A service manager asked the process to end (SIGTERM)."""


AGAIN = 2.0
"""Seconds after which an interrupt is raised once more: one that strikes inside a call-back of C code is swallowed there."""


@contextmanager
def end_on_sigterm() -> Iterator[None]:
    """Raises `Terminated` in the main thread at SIGTERM while the block runs, and sees to it that neither that nor Ctrl-C is lost."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handlers: dict[int, Any] = {signal.SIGTERM: _terminate}
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a job in the background is to ignore Ctrl-C
        handlers[signal.SIGINT] = _interrupt
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        _stop_raising()
        for number, handler in before.items():
            signal.signal(number, handler)


def _terminate(_number: int, _frame: FrameType | None) -> None:
    _raise_until_heard(Terminated)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    _raise_until_heard(KeyboardInterrupt)


def _raise_until_heard(kind: type[KeyboardInterrupt]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # a second one must not break off the tidying up

    def strike(_number: int, _frame: FrameType | None) -> None:
        raise kind

    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, strike)
        signal.setitimer(signal.ITIMER_REAL, AGAIN, AGAIN)
    raise kind


def _stop_raising() -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
