"""How a command ends that cannot go on: one line on standard error, and an exit code."""

from __future__ import annotations

from typing import NoReturn

import typer

from classifier.desk.output import tell

USAGE = 2


def end(message: str, hint: str, code: int) -> NoReturn:
    """Says what failed and what to do next, and ends with `code`."""
    tell(f"{message}. {hint[:1].upper()}{hint[1:]}{'.' if hint else ''}".rstrip())
    raise typer.Exit(code)
