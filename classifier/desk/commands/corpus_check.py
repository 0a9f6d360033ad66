"""`nac corpus check`, `audit` and `convert`: what is wrong with a corpus, which labels are doubted, and the way to other tools."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from classifier.desk.commands.corpus_fields import READ_FORMS, CorpusFile, ReportFormat, split_names, takes_fields
from classifier.desk.commands.endings import end
from classifier.desk.entry import INTERRUPTED
from classifier.desk.output import OutputError, tell
from classifier.learning.labelled.row import CorpusError, Fields

CHECK_EPILOG = f"""
Examples:

\b
  nac corpus check labels.jsonl
  nac corpus check export.json --format json > report.json
  nac corpus check table.xlsx --text-field Satz --label-field Klasse --annotators Anna,Ben --level ordinal

{READ_FORMS}
Refused is what would make figures false: rows that cannot be read, without text or label, with an id that another row
has; one class alone; groups parted by a split; more than 1 % of a split that is measured on (nearly) equal to rows of
another; classes that are measured and never learnt. Warned of: duplicates and near-duplicates (three-word runs, estimated
resemblance of 0.8 or more), contradictions, small or uneven classes, slips in labels, dates leaking, mojibake, languages.
Agreement: percent, Cohen's kappa, Krippendorff's alpha, each with a 95 % bootstrap interval over groups.

\b
Exit codes:
  0    nothing, or warnings alone
  1    no such file
  2    usage
  5    refused, or no corpus
  130  interrupted
"""
AUDIT_EPILOG = f"""
Examples:

\b
  nac corpus audit sentences.jsonl --leave-out disputed
  nac corpus audit labels.csv --format json --limit 50 > doubts.jsonl

{READ_FORMS}
A model (TF-IDF of words and letters, logistic regression) is fitted on all parts of the corpus but one and asked about that
one, groups never parted. A label is doubted when another class is confidently likelier (confident learning, Northcutt,
Jiang and Chuang 2021). Nothing is changed: read the texts, and decide. JSON is one row a line.

\b
Exit codes:
  0    audited
  1    no such file
  2    usage
  5    a row cannot be used, or there are too few texts
  130  interrupted
"""
CONVERT_EPILOG = f"""
Examples:

\b
  nac corpus convert export.json --to csv --out labels.csv
  nac corpus convert labels.csv --to label-studio --out tasks.json

{READ_FORMS}
Written back to the shape that it came in, every row is what it was. In another shape it keeps text, label, id, group, date,
split and annotators, and its further fields as columns or metadata. Cells of CSV are written as they are, also where
a spreadsheet would take them for formulas; those of XLSX are words.

\b
Exit codes:
  0    written
  1    no such file, or it cannot be written
  2    usage
  5    a row cannot be read, or does not fit into the shape
  130  interrupted
"""


class Level(StrEnum):
    """How annotators' labels are measured."""

    nominal = "nominal"
    ordinal = "ordinal"
    interval = "interval"


class Shape(StrEnum):
    """Shapes that can be written."""

    jsonl = "jsonl"
    csv = "csv"
    tsv = "tsv"
    parquet = "parquet"
    xlsx = "xlsx"
    doccano = "doccano"
    label_studio = "label-studio"
    prodigy = "prodigy"


@takes_fields()
def check_command(
    file: CorpusFile,
    output_format: Annotated[ReportFormat, typer.Option("--format", "-f", help="How the report is printed.")] = ReportFormat.table,
    level: Annotated[Level, typer.Option(help="Of measurement, for Krippendorff's alpha.")] = Level.nominal,
    *,
    fields: Fields,
) -> None:
    """Look for what is wrong with a labelled corpus before anything is learnt from it."""
    from classifier.desk.corpus_report import print_report
    from classifier.learning.checking.check import check_corpus

    with _Ending():
        report = check_corpus(file, fields, level=level.value)
        print_report(report, as_json=output_format is ReportFormat.json)
    if report.refused:
        refused = [finding for finding in report.findings if finding.level == "refused"]
        end(f"{file}: refused: {refused[0].message}", f"{refused[0].hint}; {len(refused)} such in all", 5)


@takes_fields("text", "label", "id", "group", "encoding")
def audit_command(
    file: CorpusFile,
    output_format: Annotated[ReportFormat, typer.Option("--format", "-f", help="How rows are printed.")] = ReportFormat.table,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="At most so many rows, the most doubted first.")] = 20,
    leave_out: Annotated[str, typer.Option(metavar="A,B", help="Labels that are no classes, such as disputed.")] = "",
    *,
    fields: Fields,
) -> None:
    """Show the rows whose label a model that never saw them doubts most."""
    from classifier.desk.corpus_report import print_audit
    from classifier.learning.auditing.audit import audit_corpus

    with _Ending():
        audit = audit_corpus(file, fields, leave_out=set(split_names([leave_out])))
        print_audit(audit, limit, as_json=output_format is ReportFormat.json)


@takes_fields()
def convert_command(
    file: CorpusFile,
    to: Annotated[Shape, typer.Option("--to", help="The shape to write.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The file to write.", dir_okay=False)],
    *,
    fields: Fields,
) -> None:
    """Write a labelled corpus in another shape, or back in its own, without loss."""
    from classifier.learning.labelled.read import iterate_rows
    from classifier.learning.labelled.write import raise_bad, write_labelled

    with _Ending():
        count = write_labelled(lambda: raise_bad(iterate_rows(file, fields, keep=True), file), out, to.value)
    tell(f"{out}: {count:,} rows written.")


class _Ending:
    """Turns what may go wrong while a corpus is read into a line and an exit code."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, CorpusError):
            end(error.message, error.hint, error.exit_code)
        if isinstance(error, OutputError):
            end(f"standard output: {error}", error.hint, 1)
        if isinstance(error, OSError):
            end(f"{error.filename or 'the file'}: cannot be read or written ({error.strerror})", "check its name and permissions", 1)
        if isinstance(error, KeyboardInterrupt):
            sys.stderr.write("\r")
            tell("interrupted.")
            raise typer.Exit(INTERRUPTED) from None
