"""Options that several commands share: declared once, and handed to each command as what they say."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer

Command = Callable[..., None]

Database = Annotated[
    str | None, typer.Option("--db", metavar="FILE|ADDRESS", help="The store: a SQLite file or postgresql://user@host/name.")
]


def takes(name: str, options: Mapping[str, Any], build: Callable[..., object]) -> Callable[[Command], Command]:
    """A decorator: the command gets the options in place of its parameter `name`, and what they say is given as that.

    Args:
        name: parameter of the command, by keyword.
        options: parameter -> its annotation for Typer; each is null where it is not given.
        build: makes the value of `name` from the options.
    """

    def decorate(command: Command) -> Command:
        command.__annotations__.pop(name)  # for readers and mypy alone: its type may not be imported when a command starts
        hints = get_type_hints(command, include_extras=True)
        own = [p.replace(annotation=hints[p.name]) for p in inspect.signature(command).parameters.values() if p.name != name]
        shared = [inspect.Parameter(p, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind) for p, kind in options.items()]

        @wraps(command)
        def call(**given: object) -> None:
            said = {option: given.pop(option) for option in options}
            command(**given, **{name: build(**said)})

        call.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]  # Typer reads the options from it
        call.__annotations__ = {p.name: p.annotation for p in (*own, *shared)}
        return call

    return decorate
