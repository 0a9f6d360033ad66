"""`nac collect`: what can be collected, and with which options."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from classifier.desk.commands.endings import USAGE, end
from classifier.desk.commands.options import Database
from classifier.desk.commands.settings import make_app
from classifier.desk.entry import INTERRUPTED
from classifier.desk.interrupts import end_on_sigterm
from classifier.desk.output import tell

if TYPE_CHECKING:
    from scraper.discover.candidate import Window

LONGEST_PACE = 3600.0
_EPILOG = """
Sources:

\b
  nato           the site of today: official texts, with --kind all also speeches, news
  nato-archive   its older shapes, as the Internet Archive kept them
  feed TARGET    an RSS or Atom feed
  urls TARGET    a file of addresses, one a line (such as --failed-file writes)
  mirror TARGET  a folder of saved pages

\b
Examples:
  nac collect nato --since 2022-01-01
  nac collect nato --since 2024-01-01 --kind all --dry-run
  nac collect nato-archive --until 2009-12-31 --max-requests 500
  nac collect feed https://www.act.nato.int/feed/
  nac collect urls failed.txt --failed-file failed-again.txt

\b
Exit codes:
  0    all that was found is in the store or was refused for what it is
  1    failures of several kinds, the disk is full, or something is left for later
  2    usage
  3    pages were refused, blocked or not reached
  5    no such file or folder, or pages were had but none holds a text
  6    nothing was found, or the site's layout has changed
  130  interrupted; the same command goes on where it ended

What was kept stays, whatever happens; giving the command again is always safe. NAC_HOME names the folder of the
store, NAC_CONTACT the contact that is sent to web servers. NAC_NATO_URL and NAC_ARCHIVE_URL name servers that
stand in for the site and the archive (for tests and mirrors; private ones need --allow-private).
"""

app = make_app()


class Kind(StrEnum):
    """Which texts."""

    nac = "nac"
    all = "all"


class SummaryFormat(StrEnum):
    """How the summary is written."""

    text = "text"
    json = "json"


@app.command("collect", epilog=_EPILOG)
def collect_command(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Where from; see below.", show_default=False)],
    target: Annotated[str | None, typer.Argument(metavar="TARGET", help="Feed, file or folder.", show_default=False)] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="First day, as 2022-01-31.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Last day, included.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Texts of the Council, or all. [default: the source's]", show_default=False)] = None,
    db: Database = None,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="At most so many pages.")] = None,
    pace: Annotated[float | None, typer.Option(metavar="S", help="Least seconds between two requests to a host. [default: 1]")] = None,
    max_requests: Annotated[int | None, typer.Option(metavar="N", min=1, help="End after so many requests; run again to go on.")] = None,
    patience: Annotated[float, typer.Option(metavar="S", help="Pause before a failed page is tried again; later ones are longer.")] = 5.0,
    failed_file: Annotated[Path | None, typer.Option(metavar="FILE", help="Write what could not be had, to be given to `urls`.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be asked for, and keep nothing.")] = False,
    output_format: Annotated[SummaryFormat, typer.Option("--format", "-f", help="How the summary is written.")] = SummaryFormat.text,
    option: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A setting of the source, as languages=en,fr or captures=each.")
    ] = None,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Also call this machine and private networks.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary; errors are still said.")] = False,
) -> None:
    """Bring the releases of a source into the store.

    What is there already is asked for again only if it changed; an edit becomes a new version beside the old one.
    A summary goes to standard output, everything else to standard error.
    """
    from classifier.desk.collecting import CollectWish, describe, describe_as_json, print_plan, run_collection
    from classifier.desk.files import check_writable
    from scraper.collect.patience import Patience
    from scraper.errors import ScraperError

    check_numbers(pace, patience)
    try:
        window = make_window(source, target, since=since, until=until, kind=kind, limit=limit)
        if failed_file:
            check_writable(failed_file)
        wish = CollectWish(
            source=source,
            target=target,
            window=window,
            db=db,
            pace=pace,
            max_requests=max_requests,
            failed_file=failed_file,
            allow_private=allow_private,
            quiet=quiet,
            patience=Patience(first=patience),
            options=read_options(option or []),
        )
        with end_on_sigterm():
            if dry_run:
                print_plan(wish)
                raise typer.Exit(0)
            summary = run_collection(wish)
    except ScraperError as error:
        end(error.message, error.hint, error.exit_code)
    except OSError as error:
        end(f"{error.filename or 'a file'}: cannot be written ({error.strerror})", "what was collected is kept", 1)
    except KeyboardInterrupt:
        _end_interrupted()
    if not quiet:
        typer.echo(describe_as_json(summary) if output_format is SummaryFormat.json else describe(summary))
    raise typer.Exit(summary.exit_code)


def make_window(source: str, target: str | None, *, since: str | None, until: str | None, kind: Kind | None, limit: int | None) -> Window:
    """The window asked for; ends with 2 where it is none.

    Raises:
        ScraperError: there is no such source, or it refuses its target.
    """
    from scraper.discover.candidate import Window
    from scraper.discover.source import Settings
    from scraper.registry import open_source

    usual = open_source(source, Settings(target=target)).usual_kind
    try:
        return Window(since=since, until=until, kind=kind.value if kind else usual, limit=limit)
    except ValueError as error:
        end(f"--since, --until: {error}", "write days as 2024-05-31", USAGE)


def read_options(options: list[str]) -> tuple[tuple[str, str], ...]:
    """Names and values; ends with 2 where one is none."""
    pairs = [option.partition("=") for option in options]
    for name, sign, _ in pairs:
        if not (name and sign):
            end(f"--option: {name!r} has no value", "write NAME=VALUE, such as languages=en,fr", USAGE)
    return tuple((name, value) for name, _, value in pairs)


def check_numbers(pace: float | None, patience: float) -> None:
    """Ends with 2 where a number of seconds makes no sense."""
    if pace is not None and not 0 <= pace <= LONGEST_PACE:
        end(f"--pace: {pace:g} is not between 0 and {LONGEST_PACE:g} seconds", "1 is polite", USAGE)
    if not 0 <= patience <= LONGEST_PACE:
        end(f"--patience: {patience:g} is not between 0 and {LONGEST_PACE:g} seconds", "5 is usual", USAGE)


def _end_interrupted() -> NoReturn:
    tell("interrupted; the same command goes on where it ended.")
    raise typer.Exit(INTERRUPTED)
