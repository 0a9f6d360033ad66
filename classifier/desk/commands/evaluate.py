"""`nac evaluate`: figures of models on a labelled corpus, or on the project's own test sets."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from classifier.desk.commands.corpus_fields import takes_fields
from classifier.desk.commands.endings import USAGE, end
from classifier.desk.commands.settings import make_app
from classifier.desk.entry import INTERRUPTED
from classifier.desk.output import Output, OutputError, tell
from classifier.learning.labelled.row import CorpusError, Fields
from classifier.scoring.errors import ModelError

_EPILOG = """
Examples:

\b
  nac evaluate labelled.csv
  nac evaluate test.jsonl --model mine --model stance-1 --format json
  nac evaluate test.jsonl --baseline-train train.jsonl --format html > figures.html
  nac evaluate rows.parquet --text-field body --label-field side --group-field doc --split test
  nac evaluate --set time-split --set council --data ../shared/data

What is measured: with a two-pole model, texts whose labels hold the model's neutral class are single sentences; all
others are whole texts (--unit decides otherwise). Whole texts labelled none should be answered "no stance" and are
measured apart; rows labelled disputed, balanced or unclear are set aside. Intervals are 90 % bootstraps by group.

\b
Exit codes:
  0    measured
  1    no such file, or anything else
  2    usage
  4    a model cannot be used
  5    the corpus cannot be used: empty, one class, unknown labels, broken rows
  130  interrupted
"""

app = make_app()


class EvaluationFormat(StrEnum):
    """How figures are written."""

    table = "table"
    json = "json"
    html = "html"


class Unit(StrEnum):
    """What a row is."""

    release = "release"
    sentence = "sentence"


@app.command("evaluate", epilog=_EPILOG)
@takes_fields()
def evaluate_command(
    corpus: Annotated[Path | None, typer.Argument(metavar="[CORPUS]", help="Labelled texts: JSONL, CSV, TSV, Parquet, XLSX.")] = None,
    model: Annotated[
        list[str] | None, typer.Option("--model", metavar="NAME|DIR", help="A model; give several to compare them with the first.")
    ] = None,
    output_format: Annotated[EvaluationFormat, typer.Option("--format", "-f", help="How figures are written.")] = EvaluationFormat.table,
    sets: Annotated[list[str] | None, typer.Option("--set", metavar="NAME", help="A test set of the project: time-split, council.")] = None,
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Folder of labelled releases, for the time split.")] = None,
    split: Annotated[str | None, typer.Option(metavar="PART", help="Measure only this part, such as test.")] = None,
    unit: Annotated[Unit | None, typer.Option("--unit", help="What a row is, if the labels do not tell.")] = None,
    ignore_label: Annotated[list[str] | None, typer.Option(metavar="LABEL", help="Set rows of this label aside.")] = None,
    baseline_train: Annotated[Path | None, typer.Option(metavar="FILE", help="Labelled texts to fit the baselines to.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing of progress and of rows set aside.")] = False,
    *,
    fields: Fields,
) -> None:
    """Measure models on labelled texts."""
    if (corpus is None) == (not sets):
        end("give a corpus or --set, not both" if corpus else "no corpus given", "see nac evaluate --help", USAGE)
    from classifier.desk.evaluation.run import Wish, evaluate_all
    from classifier.desk.evaluation.show import show_records
    from classifier.desk.progress import Progress
    from classifier.scoring.artefact import load_model

    progress = Progress(sys.stderr, shown=not quiet and sys.stderr.isatty())
    try:
        wish = Wish(
            models=[load_model(name) for name in model] if model else [load_model()],
            corpus=corpus,
            fields=fields,
            split=split,
            unit=unit,
            ignored=ignore_label or (),
            sets=list(dict.fromkeys(sets or ())),
            data=data,
            baseline_train=baseline_train,
            tell=(lambda message: None) if quiet else tell,
            tick=progress.count,
        )
        records = evaluate_all(wish)
        progress.clear()
        single = len(records) == 1
        show_records(records, output_format, Output(sys.stdout, exact=output_format is not EvaluationFormat.table), single=single)
    except (CorpusError, ModelError) as error:
        progress.clear()
        end(error.message, error.hint, error.exit_code)
    except OutputError as error:
        end(f"standard output: {error}", error.hint, 1)
    except KeyboardInterrupt:
        tell("interrupted.")
        raise typer.Exit(INTERRUPTED) from None
