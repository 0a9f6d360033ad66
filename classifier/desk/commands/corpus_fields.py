"""Options of every command that reads a labelled corpus: which fields hold what."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

CorpusFile = Annotated[Path, typer.Argument(metavar="FILE", help="A labelled corpus.", show_default=False)]
TextField = Annotated[str | None, typer.Option("--text-field", metavar="NAME", help="Field of the text (else text, sentence, body ...).")]
LabelField = Annotated[
    str | None, typer.Option("--label-field", metavar="NAME", help="Field of the label (else label, class, stance ...).")
]
IdField = Annotated[str | None, typer.Option("--id-field", metavar="NAME", help="Field of the id (else id, uid ...).")]
GroupField = Annotated[
    str | None, typer.Option("--group-field", metavar="NAME", help="Field of what may not be parted (else group, release ...).")
]
DateField = Annotated[str | None, typer.Option("--date-field", metavar="NAME", help="Field of the day (else date, published, year ...).")]
SplitField = Annotated[str | None, typer.Option("--split-field", metavar="NAME", help="Field of the split (else split, partition ...).")]
AnnotatorFields = Annotated[str, typer.Option("--annotators", metavar="A,B", help="Fields of each annotator's label (else annotator_...).")]
Encoding = Annotated[str | None, typer.Option("--encoding", metavar="NAME", help="Encoding of CSV and JSON that is not UTF-8.")]


class ReportFormat(StrEnum):
    """How a report is printed."""

    table = "table"
    json = "json"


READ_FORMS = """
Read are JSON Lines, JSON, CSV, TSV, Parquet and XLSX, and exports of doccano, Label Studio and Prodigy (text
classification), known by their shape. Fields are found by their usual names, or named with options.
"""
