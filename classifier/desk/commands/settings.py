"""What every command's parser is made with."""

from __future__ import annotations

import typer


def make_app(**settings: object) -> typer.Typer:
    """A Typer in the house's manner: plain help that keeps its examples, no tracebacks dressed up."""
    return typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        **settings,  # type: ignore[arg-type]
    )
