"""Errors of models: the message says which model failed and how, the hint what to do next."""

from __future__ import annotations

from typing import ClassVar


class ModelError(Exception):
    """A model folder is missing, damaged, or not one this version can use."""

    code: ClassVar[str] = "model"
    exit_code: ClassVar[int] = 4

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
