"""`nac doctor`: is everything in its place?"""

from __future__ import annotations

from typing import Annotated

import typer

from classifier.desk.commands.settings import make_app
from classifier.scoring.errors import ModelError

app = make_app()


@app.command("doctor")
def check_installation(
    model: Annotated[str | None, typer.Option("--model", metavar="NAME|DIR", help="A model other than the one in use.")] = None,
) -> None:
    """Check the installation, the model and the data folder; exit with 0 or 4."""
    from classifier.desk.doctor import examine

    findings = examine(model)
    for finding in findings:
        typer.echo(finding.line)
    raise typer.Exit(0 if all(finding.well for finding in findings) else ModelError.exit_code)
