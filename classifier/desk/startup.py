"""Start-up without the garbage collector: what is made while a command loads lives as long as the command does."""

from __future__ import annotations

import gc


def begin_loading() -> None:
    """Stops the collector: passes over a hundred thousand new objects would find nothing to free."""
    gc.disable()


def end_loading() -> None:
    """Sets aside what has been loaded, for good, and starts the collector again.

    What is set aside is not looked through any more, neither during the work nor at the end of the process.
    Nothing happens where loading was not begun, as in a program of others that calls a command.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
