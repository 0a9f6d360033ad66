"""Standard output: data only, in UTF-8, and an error of its own when nobody takes it."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

from classifier.desk.guard import guard_terminal


class OutputError(Exception):
    """Standard output could not be written; the message says why, the hint what to do."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Output:
    """Writes data to standard output, each piece at once.

    Args:
        stream: where it goes.
        exact: the data has a format of its own, so its bytes are UTF-8 on every machine.
    """

    def __init__(self, stream: TextIO, *, exact: bool) -> None:
        self._stream = stream
        if isinstance(stream, io.TextIOWrapper):
            if exact:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
            else:
                stream.reconfigure(errors="replace")

    def write(self, text: str) -> None:
        """Writes a piece of data.

        Raises:
            OutputError: the reader of a pipe has gone, or the disk is full.
        """
        try:
            self._stream.write(text)
            self._stream.flush()
        except BrokenPipeError as error:
            self._abandon()
            raise OutputError("closed by its reader before all was written") from error
        except OSError as error:
            self._abandon()
            hint = "free some space, or write elsewhere"
            raise OutputError(f"cannot be written ({error.strerror})", hint=hint) from error

    @property
    def encoding(self) -> str:
        """How its text becomes bytes."""
        return self._stream.encoding or "utf-8"

    def is_terminal(self) -> bool:
        """Whether a person reads it as it comes."""
        return self._stream.isatty()

    def _abandon(self) -> None:
        """Points standard output to nowhere, so that the interpreter's last flush does not fail again."""
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
        except (OSError, ValueError):
            return


def tell(message: str) -> None:
    """Says something on standard error, on one line that no terminal obeys."""
    sys.stderr.write(f"nac: {guard_terminal(message)}\n")
    sys.stderr.flush()
