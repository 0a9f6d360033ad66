"""Options of every command that reads a labelled corpus: which fields hold what."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from classifier.desk.commands.endings import USAGE, end
from classifier.desk.commands.options import Command, takes
from classifier.learning.labelled.row import Fields

CorpusFile = Annotated[Path, typer.Argument(metavar="FILE", help="A labelled corpus.", show_default=False)]


def _names(field: str, help: str) -> Any:  # noqa: ANN401 - an annotation for Typer
    return Annotated[str | None, typer.Option(f"--{field}-field", metavar="NAME", help=help)]


_OPTIONS: Mapping[str, Any] = {
    "text": _names("text", "Field of the text (else text, sentence, body ...)."),
    "label": _names("label", "Field of the label (else label, class, stance ...)."),
    "id": _names("id", "Field of the id (else id, uid ...)."),
    "group": _names("group", "Field of what may not be parted, such as an author (else group, release ...)."),
    "date": _names("date", "Field of the day (else date, published, year ...)."),
    "split": _names("split", "Field of the split (else split, partition ...)."),
    "annotators": Annotated[
        list[str] | None,
        typer.Option("--annotators", "--annotator-field", metavar="A,B", help="Fields of each annotator's label (else annotator_...)."),
    ],
    "encoding": Annotated[str | None, typer.Option("--encoding", metavar="NAME", help="Encoding of CSV and JSON that is not UTF-8.")],
}


def takes_fields(*names: str) -> Callable[[Command], Command]:
    """Gives a command the options that name fields, all or some of them; their `Fields` are its parameter `fields`."""
    return takes("fields", {f"{name}_field": _OPTIONS[name] for name in names or _OPTIONS}, _build_fields)  # evaluate has a `split` too


def _build_fields(**said: Any) -> Fields:  # noqa: ANN401 - what the options say
    named = {name.removesuffix("_field"): value for name, value in said.items()}
    encoding = named.get("encoding")
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError:
        end(f"--encoding: {encoding} is none that Python knows", "common ones are utf-8, latin-1, cp1252, utf-16", USAGE)
    return Fields(**named | {"annotators": split_names(named.get("annotators") or ())})


def split_names(given: Sequence[str]) -> tuple[str, ...]:
    """The names in options that may be given several times, each with several names parted by commas."""
    return tuple(name.strip() for words in given for name in words.split(",") if name.strip())


class ReportFormat(StrEnum):
    """How a report is printed."""

    table = "table"
    json = "json"


READ_FORMS = """
Read are JSON Lines, JSON, CSV, TSV, Parquet and XLSX, and exports of doccano, Label Studio and Prodigy (text
classification), known by their shape. Fields are found by their usual names, or named with options.
"""
