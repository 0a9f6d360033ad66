"""Why a batch cannot begin or go on: each error says so in one line and what to do next."""

from __future__ import annotations


class BatchError(Exception):
    """The run ends here; what it has done so far is kept where it has an output file.

    Args:
        message: one line, what failed.
        hint: one line, what to do next.
        exit_code: what the command answers with.
    """

    def __init__(self, message: str, *, hint: str = "", exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
