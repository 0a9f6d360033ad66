"""`nac batch`: what can be asked of it, and with which options."""

from __future__ import annotations

import io
import sys
from contextlib import ExitStack
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from classifier.desk.commands.endings import end
from classifier.desk.commands.settings import make_app
from classifier.desk.entry import INTERRUPTED
from classifier.desk.output import OutputError, tell

if TYPE_CHECKING:
    from classifier.desk.batch.run import Plan

STDIN = "-"

_EPILOG = """
Examples:

\b
  nac batch releases.jsonl --out scores.jsonl
  nac batch statements/ --out scores.csv --unit sentence
  nac batch releases.parquet --out scores.parquet --text-field body --id-field key --keep country --jobs 2
  zcat releases.jsonl.gz | nac batch - --out - | head
  nac batch releases.jsonl --out scores.jsonl --resume
  nac batch --new --out new.jsonl
  nac batch releases.jsonl --out scores.jsonl --backend dask --address tcp://scheduler:8786

\b
Exit codes:
  0    everything was scored
  1    some records failed (each has a row with its error), or the output could not be written
  2    usage, or an output that is there already
  4    the model cannot be used
  130  interrupted; go on with --resume

Rows come in the order of the input, whatever --jobs is; `nac schema batch` says what is in them. While it runs, what is
done lies in OUT.parts; after an interruption, even kill -9, the same command with --resume finishes with the
same bytes. Records that failed are written to OUT's name with .failed.jsonl, to be given to the command again.
"""

app = make_app()


class UnitName(StrEnum):
    """What a row is of."""

    release = "release"
    paragraph = "paragraph"
    sentence = "sentence"


class BackendName(StrEnum):
    """What runs the workers."""

    loky = "loky"
    dask = "dask"
    ray = "ray"


@app.command("batch", epilog=_EPILOG)
def batch_command(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INPUT",
            help="Folders, texts (.txt .md .html), tables of rows (.jsonl .csv .tsv .parquet), - for rows on standard input.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="Where rows go: .jsonl, .csv, .parquet, - (JSON lines).")] = "-",
    unit: Annotated[UnitName, typer.Option("--unit", help="What a row is of.")] = UnitName.release,
    text_field: Annotated[str | None, typer.Option(metavar="NAME", help="Field that holds the text (else text, body, content).")] = None,
    id_field: Annotated[str | None, typer.Option(metavar="NAME", help="Field that holds the id (else id).")] = None,
    date_field: Annotated[str | None, typer.Option(metavar="NAME", help="Field that holds the date (else date, published).")] = None,
    keep: Annotated[list[str] | None, typer.Option(metavar="FIELD", help="Field to hand on to the rows; may be repeated.")] = None,
    model: Annotated[str | None, typer.Option("--model", metavar="NAME|DIR", help="A model other than the one in use.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", metavar="N", help="Processes; -1 for one a core.")] = 1,
    backend: Annotated[BackendName, typer.Option("--backend", help="Processes of this machine, or a cluster.")] = BackendName.loky,
    address: Annotated[str | None, typer.Option(metavar="URL", help="The cluster's, such as tcp://host:8786.")] = None,
    chunk_mb: Annotated[float, typer.Option("--chunk-mb", metavar="MB", help="Size of what a worker is given at once.")] = 4.0,
    failed_file: Annotated[str | None, typer.Option("--failed-file", metavar="FILE", help="Where records that failed go.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted run.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Score anew what is there already.")] = False,
    new: Annotated[bool, typer.Option("--new", help="Score what the store holds and the model has not scored; keep it there.")] = False,
    store: Annotated[str | None, typer.Option("--db", metavar="FILE|ADDRESS", help="A store other than the usual one, with --new.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing of progress and results; errors are still said.")] = False,
) -> None:
    """Score many texts: the same scores as `nac score`, at any scale.

    A record that cannot be scored has a row with its error, and the run goes on.
    """
    from classifier.batch.lost import WorkersLost
    from classifier.desk.batch.ask import Wishes, make_plan
    from classifier.desk.batch.errors import BatchError
    from classifier.scoring.errors import ModelError
    from scraper.errors import ScraperError

    wishes = Wishes(
        inputs=tuple(inputs or ()),
        out=out,
        failed_file=failed_file,
        unit=unit.value,
        text_field=text_field,
        id_field=id_field,
        date_field=date_field,
        keep=tuple(keep or ()),
        model=model,
        jobs=jobs,
        backend=backend.value,
        address=address,
        chunk_mb=chunk_mb,
        resume=resume,
        overwrite=overwrite,
        quiet=quiet,
        new=new,
        store=store,
    )
    try:
        with ExitStack() as stack:
            code = _run(make_plan(wishes, _stdin(), stack))
    except ScraperError as error:
        end(error.message, error.hint, error.exit_code)
    except (ModelError, BatchError) as error:
        end(error.message, error.hint, error.exit_code)
    except WorkersLost as error:
        end(error.message, error.hint, 1)
    except OutputError as error:
        end(f"standard output: {error}", error.hint, 1)
    except KeyboardInterrupt:
        tell("interrupted; go on with --resume." if out != STDIN else "interrupted.")
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(code)


def _run(plan: Plan | None) -> int:
    from classifier.desk.batch.run import run_batch

    return 0 if plan is None else run_batch(plan)


def _stdin() -> BinaryIO:
    return io.BytesIO() if sys.stdin is None else sys.stdin.buffer
