"""`nac store`: a second copy of the store, and whether it is whole."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from classifier.desk.commands.options import Database
from classifier.desk.commands.settings import make_app
from classifier.desk.guard import guard_terminal
from classifier.desk.kept import reading_store
from classifier.desk.output import Output, tell

_EPILOG = """
Examples:

\b
  nac store check
  nac store backup /backup/nac.db
  nac store backup /backup/nac.db --replace
  nac store check --db /backup/nac.db

\b
Exit codes:
  0    done; the store is whole
  1    something is damaged or missing (each named on standard output), no store, or it cannot be written
  2    usage
  130  interrupted

The store lies in NAC_HOME, or in the platform's data folder, unless --db names another.
"""

app = make_app(help="Keep the store safe: back it up, check it.", epilog=_EPILOG, no_args_is_help=True)


@app.command("backup", epilog=_EPILOG)
def back_up_store(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="The copy: a SQLite file; raw bytes go beside it.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace an earlier copy.")] = False,
    db: Database = None,
) -> None:
    """Copy the store, in use or not; the copy can be named with --db."""
    with reading_store(db) as store:
        from scraper.store.upkeep import back_up

        copied = back_up(store, target, replace=replace)
        tell(f"{store.library.count():,} releases and {copied.raw_files:,} raw files are in {target} and {target.with_suffix('.raw')}.")
        for line in copied.damaged:
            tell(f"not copied: {line}.")
        if copied.damaged:
            raise typer.Exit(1)


@app.command("check", epilog=_EPILOG)
def check_store(db: Database = None) -> None:
    """Check the database, each text against its hashes, and every raw file."""
    with reading_store(db) as store:
        from scraper.store.upkeep import find_damage

        output, number = Output(sys.stdout, exact=False), 0
        for number, line in enumerate(find_damage(store), 1):  # noqa: B007 - the count is what is left of it
            output.write(f"{guard_terminal(line)}\n")
        if number:
            tell(f"{number} thing{'s' * (number > 1)} wrong. Go back to a backup, or fetch the pages named again.")
            raise typer.Exit(1)
        tell(f"the store is whole: {store.library.count():,} releases.")
