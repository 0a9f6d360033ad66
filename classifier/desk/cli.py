"""The command `nac`: which commands there are. Each is loaded only when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from classifier.desk.entry import INTERRUPTED
from classifier.desk.startup import end_loading

COMMANDS = {
    "score": "classifier.desk.commands.score",
    "batch": "classifier.desk.commands.batch",
    "collect": "classifier.desk.commands.collect",
    "watch": "classifier.desk.commands.watch",
    "train": "classifier.desk.commands.train",
    "releases": "classifier.desk.commands.releases",
    "find": "classifier.desk.commands.find",
    "store": "classifier.desk.commands.store",
    "corpus": "classifier.desk.commands.corpus",
    "evaluate": "classifier.desk.commands.evaluate",
    "models": "classifier.desk.commands.models",
    "schema": "classifier.desk.commands.schema",
    "doctor": "classifier.desk.commands.doctor",
}
"""Command -> module whose `app` it is."""

LOADS_MORE = ("score",)
"""Commands that say themselves when all is loaded."""


class LateGroup(TyperGroup):
    """A group whose commands are imported when they are first looked at: a score does not wait for the collector."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - click's context
        """Names of the commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - click's context and command
        """The command of that name, or null."""
        if cmd_name not in COMMANDS:
            return None
        command = get_command(import_module(COMMANDS[cmd_name]).app)
        command.name = cmd_name
        if cmd_name not in LOADS_MORE:
            end_loading()
        return command

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - click's context, and what the command gives
        """Runs the command; an interrupt that it does not tell of itself, as while it loads, is told here."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            from classifier.desk.output import tell

            tell("interrupted.")
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    name="nac",
    cls=LateGroup,
    help="Reads statements and says whether their language is hawkish or cautious, how sure that is, and why.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def run_command_line() -> None:
    """Reads the arguments and runs the command."""
    get_command(app)(prog_name="nac")


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"nac-stance {version('nac-stance')}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say the version and end.")] = False,
) -> None:
    """Options that stand before the command."""
