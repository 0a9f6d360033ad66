"""`nac models`: which models there are, which is in use, and how that changes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from classifier.desk.commands.endings import USAGE, end
from classifier.desk.commands.settings import make_app
from classifier.desk.guard import guard_json, guard_terminal
from classifier.desk.output import Output, OutputError, tell
from classifier.scoring.errors import ModelError

_EPILOG = """
Your models lie under NAC_HOME and come before the shipped ones; nothing is written into the installation.

\b
Exit codes:
  0    done
  1    refused by the gate, or anything else
  2    usage
  4    a model cannot be used
  130  interrupted
"""

app = make_app(help="List, show, verify, promote, roll back and export models.", no_args_is_help=True, epilog=_EPILOG)

Name = Annotated[str, typer.Argument(metavar="NAME|DIR", help="A model.")]


class Shape(StrEnum):
    """How it is written."""

    table = "table"
    json = "json"


Form = Annotated[Shape, typer.Option("--format", "-f", help="How it is written.")]


@app.command("list", epilog="Example:  nac models list --format json")
def list_command(output_format: Form = Shape.table) -> None:
    """List all models and say which is in use."""
    from classifier.desk.models_view import list_facts, tell_list

    rows = list_facts()
    _write([_dump(rows)] if output_format is Shape.json else tell_list(rows))


@app.command("show", epilog="Example:  nac models show stance-1")
def show_command(model: Name, output_format: Form = Shape.table) -> None:
    """Show a model's facts and its card, without loading its weights."""
    from classifier.desk.models_view import facts_of, read_card, tell_facts
    from classifier.learning.figures.recorded import read_metrics
    from classifier.scoring.places import find_model

    try:
        folder = find_model(model)
        facts, card = facts_of(folder), read_card(folder)
    except ModelError as error:
        end(error.message, error.hint, error.exit_code)
    if output_format is Shape.json:
        _write([_dump({**facts, "metrics": read_metrics(folder), "card": card})])
    else:
        _write(tell_facts(facts, card))


@app.command("card", epilog="Example:  nac models card mine > README.md")
def card_command(model: Name) -> None:
    """Make a model's card anew from its manifest and figures, without loading its weights."""
    from classifier.learning.any_card import build_card
    from classifier.learning.figures.recorded import read_metrics
    from classifier.scoring.manifest import read_manifest
    from classifier.scoring.places import find_model

    try:
        folder = find_model(model)
        manifest = read_manifest(folder)
    except ModelError as error:
        end(error.message, error.hint, error.exit_code)
    try:
        text = build_card(manifest, read_metrics(folder))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        end(f"model {manifest['name']}: its figures cannot be read ({str(error)[:100]})", "restore the model folder", ModelError.exit_code)
    _write(guard_terminal(line) for line in text.splitlines())


@app.command("verify", epilog="Examples:  nac models verify        nac models verify mine ./out/other")
def verify_command(
    models: Annotated[list[str] | None, typer.Argument(metavar="[NAME|DIR]...", help="Models; all of them where none is named.")] = None,
) -> None:
    """Check files against their hashes, and predictions of the golden texts; exit with 0 or 4."""
    from classifier.scoring.artefact import load_model
    from classifier.scoring.golden import check_golden, here
    from classifier.scoring.places import list_models

    failed = False
    lines = []
    for name in models or list_models():
        try:
            model = load_model(name)
            made = {key: value for key, value in (model.manifest.get("versions") or {}).items() if key in here()}
            versions = ", ".join(f"{key} {value}" for key, value in sorted(made.items()))
            now = "the same here" if made == here() else "here " + ", ".join(f"{key} {value}" for key, value in sorted(here().items()))
            lines.append(
                f"ok   {name}: {len(model.manifest['files'])} files unchanged; {len(model.manifest['golden'])} golden texts as when made "
                f"(off by {check_golden(model):.1g} at most); made with {versions}, {now}"
            )
        except ModelError as error:
            failed = True
            lines.append(f"fail {name}: {error.message}{f': {error.hint}' if error.hint else ''}")
    _write(guard_terminal(line) for line in lines)
    raise typer.Exit(ModelError.exit_code if failed else 0)


@app.command(
    "promote",
    epilog="Examples:  nac models promote mine --data texts        nac models promote mine --force --why 'another corpus'. "
    "--data is the folder that nac corpus hydrate makes.",
)
def promote_command(
    model: Name,
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Folder of labelled releases, for the time split.")] = None,
    gate: Annotated[Path | None, typer.Option("--gate", metavar="FILE", help="A gate of your own (TOML).")] = None,
    force: Annotated[bool, typer.Option("--force", help="Promote whatever the gate says; it is recorded.")] = False,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for the record.")] = "",
    output_format: Form = Shape.table,
) -> None:
    """Put a model in use, if it is not worse than the one that is."""
    from classifier.desk.promoting import promote
    from classifier.learning.labelled.row import CorpusError

    try:
        done = promote(model, data=data, gate=gate, force=force, reason=why)
    except (ModelError, CorpusError) as error:
        end(error.message, error.hint, error.exit_code)
    except KeyboardInterrupt:
        tell("interrupted; nothing was changed.")
        raise typer.Exit(130) from None
    _write([_dump(done.record)] if output_format is Shape.json else done.lines)
    if not done.promoted:
        end(f"{done.name} is not promoted: the gate does not hold", "see the lines that fail; --force passes over it and is recorded", 1)


@app.command("rollback", epilog="Example:  nac models rollback --why 'wrong on readouts'")
def rollback_command(
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for the record.")] = "",
) -> None:
    """Put the model back in use that was before."""
    from classifier.learning.promotion.ledger import go_back
    from classifier.scoring.places import find_model

    try:
        entry = go_back(why)
        now = find_model(None)
    except ModelError as error:
        end(error.message, error.hint, error.exit_code)
    shipped = " (the shipped one)" if entry["to"] is None else ""
    _write([guard_terminal(f"back from {entry['from']} to {now.name}{shipped}")])


@app.command("export", epilog="Example:  nac models export stance-1 --joblib stance.joblib")
def export_command(
    model: Name,
    joblib: Annotated[Path | None, typer.Option("--joblib", metavar="FILE", help="A scikit-learn classifier of texts.")] = None,
    directory: Annotated[Path | None, typer.Option("--dir", metavar="DIR", help="A copy of the folder.")] = None,
    archive: Annotated[Path | None, typer.Option("--zip", metavar="FILE", help="The folder in one file.")] = None,
) -> None:
    """Hand a model on, after checking it."""
    if sum(target is not None for target in (joblib, directory, archive)) != 1:
        end("name one place", "--joblib FILE, --dir DIR or --zip FILE", USAGE)
    from classifier.learning.export import export_folder, export_joblib, export_zip
    from classifier.scoring.artefact import load_model

    try:
        folder = load_model(model).folder
        if joblib:
            export_joblib(folder, joblib)
            tell("a joblib file runs code when it is loaded: load only your own.")
        elif directory:
            export_folder(folder, directory)
        elif archive:
            export_zip(folder, archive)
    except ModelError as error:
        end(error.message, error.hint, error.exit_code)
    _write([guard_terminal(str(joblib or directory or archive))])


def _write(lines: Iterable[str]) -> None:
    output = Output(sys.stdout, exact=False)
    try:
        for line in lines:
            output.write(line + "\n")
    except OutputError as error:
        end(f"standard output: {error}", error.hint, 1)


def _dump(value: object) -> str:
    return guard_json(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1))
