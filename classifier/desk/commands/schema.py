"""`nac schema`: the JSON Schemas of what comes out."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from classifier.desk.commands.settings import make_app

app = make_app()


class SchemaName(StrEnum):
    """Records whose JSON Schema can be asked for."""

    score = "score"
    evaluate = "evaluate"
    batch = "batch"


@app.command("schema")
def print_schema(name: Annotated[SchemaName, typer.Argument(help="Which record.")]) -> None:
    """Print the JSON Schema of a record (draft 2020-12)."""
    from classifier.desk.record import SCHEMAS

    typer.echo((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"), nl=False)
