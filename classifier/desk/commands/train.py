"""`nac train`: a model from any labelled corpus, or the shipped one from its recipe."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from classifier.desk.commands.corpus_fields import takes_fields
from classifier.desk.commands.endings import USAGE, end
from classifier.desk.commands.settings import make_app
from classifier.desk.entry import INTERRUPTED
from classifier.desk.output import tell
from classifier.learning.labelled.row import CorpusError, Fields
from classifier.scoring.errors import ModelError

if TYPE_CHECKING:
    from classifier.learning.texts.train_text import TextTraining

_EPILOG = """
Examples:

\b
  nac train reviews.csv --name reviews
  nac train rows.jsonl --out models/mine --text-field body --label-field verdict --group-field author
  nac train rows.jsonl --name mine --date-field day --test-since 2024-01-01
  nac train statements.jsonl --sentences sentences.jsonl --poles hawkish,cautious --neutral neutral --name mine
  nac train rows.jsonl --name mine --strong --budget 60
  nac train --recipe models/stance-1/recipe.toml --data ../shared/data --out /tmp/stance-1

\b
Exit codes:
  0    the model was trained and saved; its folder is written to standard output
  1    a file is missing or cannot be written
  2    usage
  4    the encoder cannot be used
  5    the corpus cannot be learned from: a bad row, one class, too few rows
  130  interrupted; nothing was saved

Where no split is given, a fifth of the groups is held out for the figures, and the saved weights are then fitted to all rows.
"""

app = make_app()


@app.command("train", epilog=_EPILOG)
@takes_fields("text", "label", "id", "group", "date", "split", "encoding")
def train_command(
    corpus: Annotated[
        Path | None, typer.Argument(metavar="CORPUS", help="Labelled rows: JSONL, JSON, CSV, TSV, Parquet, XLSX.", show_default=False)
    ] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="Save it under this name in your data folder.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Save it as this folder.")] = None,
    sentences: Annotated[Path | None, typer.Option("--sentences", metavar="FILE", help="Labelled sentences beside labelled texts.")] = None,
    poles: Annotated[str | None, typer.Option("--poles", metavar="A,B", help="Two classes that are the ends of one scale.")] = None,
    neutral: Annotated[str | None, typer.Option("--neutral", metavar="CLASS", help="With --poles: the class of no stance.")] = None,
    test_since: Annotated[str | None, typer.Option(metavar="DATE", help="Test on rows of this day and later; never fit them.")] = None,
    drop_label: Annotated[list[str] | None, typer.Option(metavar="LABEL", help="Leave out rows of this label; may be given again.")] = None,
    budget: Annotated[int, typer.Option(metavar="N", help="Choices that are tried, each by cross-validation.")] = 24,
    folds: Annotated[int, typer.Option(metavar="N", help="Folds of cross-validation.")] = 5,
    seed: Annotated[int, typer.Option(metavar="N", help="Same corpus, options and seed: same weights.")] = 0,
    strong: Annotated[
        bool, typer.Option("--strong", help="Also learn by likeness to training texts; explanations are approximate.")
    ] = False,
    encoder: Annotated[Path | None, typer.Option(metavar="DIR", help="With --strong: folder with model.onnx and tokenizer.json.")] = None,
    no_lexicon: Annotated[bool, typer.Option("--no-lexicon", help="Try neither the lexicon's cues nor masked names.")] = False,
    version: Annotated[str, typer.Option("--version", metavar="V", help="Version of the model.")] = "1.0.0",
    recipe: Annotated[Path | None, typer.Option(metavar="FILE", help="Make a model again as its recipe says.")] = None,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="With --recipe: folder of the labelled texts.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing of progress; errors are still said.")] = False,
    *,
    fields: Fields,
) -> None:
    """Train a model on labelled texts of two or more classes of any names.

    What is counted and how strongly it is held back is chosen by cross-validation on the training part; figures come from
    the test part. The folder appears when all is done.
    """
    from classifier.learning.texts.train_text import TextTraining

    if recipe is not None and (corpus or name):
        end("--recipe says all by itself", "give it with --data and --out alone", USAGE)
    folder = _choose_folder(name, out, required=recipe is None)
    say = (lambda line: None) if quiet else tell
    try:
        if recipe is not None:
            _follow(recipe, data, folder if out else None, say)
        if corpus is None:
            end("no corpus given", "name a file of labelled rows; see nac train --help", USAGE)
        _check_numbers(budget, folds, seed, encoder, strong=strong)
        settings = TextTraining(
            poles=_read_poles(poles),
            neutral=neutral,
            budget=budget,
            folds=folds,
            seed=seed,
            lexicon=not no_lexicon,
            strong=strong,
            encoder=encoder,
            by_column=test_since is None,
            test_since=test_since,
            version=version,
        )
        _train(corpus, sentences, fields, tuple(drop_label or ()), settings, folder, say)
    except (CorpusError, ModelError) as error:
        end(error.message, error.hint, error.exit_code)
    except OSError as error:
        end(f"{error.filename or folder}: {error.strerror or error}", "free some space, or save elsewhere", 1)
    except KeyboardInterrupt:
        tell("interrupted; nothing was saved.")
        raise typer.Exit(INTERRUPTED) from None


def _train(
    corpus: Path, sentences: Path | None, fields: Fields, drop: tuple[str, ...], settings: TextTraining, folder: Path, say: object
) -> None:
    from classifier.desk.progress import Progress
    from classifier.learning.lessons import gather_lessons
    from classifier.learning.texts.train_text import train_text_model

    assert callable(say)
    progress = Progress(sys.stderr, shown=say is tell and sys.stderr.isatty())
    lessons = gather_lessons(corpus, fields, drop=drop, tick=progress.count)
    single = None if sentences is None else gather_lessons(sentences, fields, drop=drop, tick=progress.count)
    progress.clear()
    if len(lessons.rows) < lessons.read:
        say(f"{lessons.source}: {lessons.read:,} rows, of which {len(lessons.rows):,} are kept: more do not fit in memory")
    named = {key: value for key, value in asdict(fields).items() if value}
    trained = train_text_model(lessons, settings, folder, sentences=single, source={"fields": named, "drop": list(drop)}, tell=say)
    for title, record in trained.metrics["evaluations"].items():
        if "weighted_f1" in record:
            say(f"{title}: n {record['n']}, accuracy {record['accuracy']:.3f}, weighted F1 {record['weighted_f1']:.3f}")
    typer.echo(str(folder))


def _follow(recipe: Path, data: Path | None, folder: Path | None, say: object) -> NoReturn:
    from classifier.learning.recipe import follow_recipe

    assert callable(say)
    typer.echo(str(follow_recipe(recipe, data, folder, tell=say)))
    raise typer.Exit


def _choose_folder(name: str | None, out: Path | None, *, required: bool) -> Path:
    from classifier.scoring.places import home, is_model_name

    if name is not None and out is not None:
        end("--name and --out both say where the model goes", "give one of them", USAGE)
    if name is not None and not is_model_name(name):
        end(f"--name {name}: is no name of a model", "use letters, digits, dots, hyphens", USAGE)
    folder = out if out is not None else home() / "models" / name if name else None
    if folder is None:
        if required:
            end("no place for the model is given", "give --name NAME or --out DIR", USAGE)
        return Path()
    folder = folder.absolute()
    if folder.exists() and not (folder / "manifest.json").is_file() and (not folder.is_dir() or any(folder.iterdir())):
        end(f"{folder}: is there and is no model", "name another folder; nothing was changed", USAGE)
    return folder


def _read_poles(poles: str | None) -> tuple[str, str] | None:
    if poles is None:
        return None
    names = [name.strip() for name in poles.split(",")]
    if len(names) != 2 or not all(names):
        end(f"--poles {poles}: names {len([n for n in names if n])} classes, not two", "write --poles FIRST,SECOND", USAGE)
    return names[0], names[1]


def _check_numbers(budget: int, folds: int, seed: int, encoder: Path | None, *, strong: bool) -> None:
    for option, value, low, high in (("--budget", budget, 1, 10_000), ("--folds", folds, 2, 20), ("--seed", seed, 0, 2**32 - 1)):
        if not low <= value <= high:
            end(f"{option}: {value} is not between {low} and {high}", "see nac train --help", USAGE)
    if encoder is not None and not strong:
        end("--encoder says nothing without --strong", "give both", USAGE)
