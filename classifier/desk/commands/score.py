"""`nac score`: what can be asked of it, and with which options."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated, BinaryIO

import typer

from classifier.desk.commands.endings import USAGE, end
from classifier.desk.commands.settings import make_app
from classifier.desk.entry import INTERRUPTED
from classifier.desk.output import OutputError, tell
from classifier.desk.run import Fetching, Format, Run, score_sources
from classifier.desk.sources import STDIN, Wishes
from classifier.desk.startup import end_loading
from classifier.scoring.artefact import load_model
from classifier.scoring.errors import ModelError

LONGEST_PACE = 3600.0

_EPILOG = """
Examples:

\b
  nac score statement.txt
  nac score https://www.nato.int/cps/en/natohq/official_texts_1234.htm
  nac score page.html notes.md --format html > report.html
  nac score --text "Allies will respond to any further incursion."
  cat statement.txt | nac score - --format json
  nac score releases.jsonl --text-field body --format csv > scores.csv

\b
Exit codes:
  0    everything was scored
  1    failures of several kinds, or of any other kind (no such file)
  2    usage
  3    an address was refused, blocked or not reached
  4    the model cannot be used
  5    no usable text: empty, binary, too large, malformed, not English
  130  interrupted

A text may have 20 MB. NAC_HOME names the folder of your own models, NAC_CONTACT the contact that is sent to
web servers, NO_COLOR turns colours off.
"""

app = make_app()


@app.command("score", epilog=_EPILOG)
def score_command(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE",
            help="Addresses (http, https), files (.txt .md .html), tables of rows (.jsonl .csv .tsv), - for standard "
            "input (a text, or rows of JSON).",
            show_default=False,
        ),
    ] = None,
    text: Annotated[str | None, typer.Option("--text", metavar="TEXT", help="A text to score, before any sources.")] = None,
    output_format: Annotated[Format, typer.Option("--format", "-f", help="How results are written.")] = Format.table,
    model: Annotated[str | None, typer.Option("--model", metavar="NAME|DIR", help="A model other than the one in use.")] = None,
    text_field: Annotated[
        str | None, typer.Option(metavar="NAME", help="Field of rows that holds the text (else text, body, content).")
    ] = None,
    id_field: Annotated[str | None, typer.Option(metavar="NAME", help="Field of rows that holds the id.")] = None,
    pace: Annotated[float, typer.Option(metavar="S", help="Least seconds between two requests to a host.")] = 1.0,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Also call this machine and private networks.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="Write without colours.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing of progress; errors are still said.")] = False,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="End at the first source or row that fails.")] = False,
) -> None:
    """Score the language of statements.

    Results go to standard output, everything else to standard error. A source that fails is named there with
    the reason and what to do, and the run goes on.
    """
    named = sources or []
    _check_usage(named, text, pace)
    if STDIN in named and not quiet and sys.stdin is not None and sys.stdin.isatty():
        tell("reading a text from the terminal; end it with Ctrl-D on a line of its own.")
    fetching = Fetching(pace=pace, allow_private=allow_private)
    wishes = Wishes(get=fetching.get, stdin=_stdin(), text_field=text_field, id_field=id_field)
    colour = not (no_color or os.environ.get("NO_COLOR"))
    run = Run(
        sources=named,
        text=text,
        wishes=wishes,
        format=output_format,
        colour=colour,
        quiet=quiet,
        fail_fast=fail_fast,
    )
    try:
        loaded = load_model(model)
        end_loading()
        code = score_sources(run, loaded)
    except ModelError as error:
        end(error.message, error.hint, error.exit_code)
    except OutputError as error:
        end(f"standard output: {error}", error.hint, 1)
    except KeyboardInterrupt:
        tell("interrupted.")
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(code)


def _check_usage(sources: list[str], text: str | None, pace: float) -> None:
    if not sources and text is None:
        end("no source given", "give addresses, files, - or --text; see nac score --help", USAGE)
    if sources.count(STDIN) > 1:
        end("-: standard input can be read only once", "name it once", USAGE)
    if not 0 <= pace <= LONGEST_PACE:
        end(f"--pace: {pace:g} is not between 0 and {LONGEST_PACE:g} seconds", "1 is polite", USAGE)


def _stdin() -> BinaryIO:
    """Standard input without its buffer, so that rows are read as they come."""
    if sys.stdin is None:
        return io.BytesIO()
    stream: BinaryIO = getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)
    return stream
