"""Reads a labelled corpus, one row at a time: a million rows need no more memory than one, unless they are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from classifier.learning.labelled.columns import take_text
from classifier.learning.labelled.row import BadRow, CorpusError, Fields, LabelledText
from classifier.learning.labelled.shapes import PLAIN, Shape, find_shape
from classifier.learning.labelled.tables import iterate_records

Unlabelled = Literal["usual", "skip", "keep"]
BY_USUAL_NAMES = Fields()


def iterate_rows(path: Path, fields: Fields = BY_USUAL_NAMES, *, keep: bool = False) -> Iterator[LabelledText | BadRow]:
    """Every row of a corpus, labelled or not, or what is wrong with it in its place.

    Args:
        path: JSON Lines, JSON, CSV, TSV, Parquet or XLSX; exports of doccano, Label Studio and Prodigy by their shape.
        fields: which fields hold what; those not named are found by their usual names.
        keep: hold each row's whole record with it, so that it can be written back without loss.

    Raises:
        CorpusError: the file is not there, of no known kind, or broken as a whole.
    """
    shape: Shape | None = None
    for line, record in iterate_records(path, fields.encoding):
        if isinstance(record, BadRow):
            yield record
            continue
        shape = shape or find_shape(record)
        yield _take(record, shape, fields, line, keep)


def read_labelled(
    path: Path, fields: Fields = BY_USUAL_NAMES, *, unlabelled: Unlabelled = "usual", keep: bool = False
) -> Iterator[LabelledText]:
    """The rows of a corpus to learn from or to measure on.

    Args:
        path: as for `iterate_rows`.
        fields: as for `iterate_rows`.
        unlabelled: rows without a label: `skip` passes them over, `keep` gives them with the label "", `usual` skips them in the
            exports of labelling tools, where they are texts still to be labelled, and refuses them elsewhere.
        keep: as for `iterate_rows`.

    Raises:
        CorpusError: a row cannot be used (the message names file and line), or the file holds no rows.
    """
    any_row = False
    shape: Shape | None = None
    for line, record in iterate_records(path, fields.encoding):
        any_row = True
        if isinstance(record, BadRow):
            raise record.as_error(path)
        shape = shape or find_shape(record)
        row = _take(record, shape, fields, line, keep)
        if isinstance(row, BadRow):
            raise row.as_error(path)
        if not row.label and unlabelled != "keep":
            if unlabelled == "usual" and not shape.exported:
                raise BadRow(line, "has no label", "label it, delete it, or name the field that holds the label").as_error(path)
            continue
        if not row.text.strip():
            raise BadRow(line, "has no text", "delete the row, or name the field that holds the text").as_error(path)
        yield row
    if not any_row:
        raise CorpusError(f"{path}: holds no rows", hint="give a corpus with at least one row")


def read_shape(path: Path, fields: Fields = BY_USUAL_NAMES) -> Shape:
    """The shape of a file: the first record that can be read tells."""
    return next((find_shape(record) for _, record in iterate_records(path, fields.encoding) if not isinstance(record, BadRow)), PLAIN)


def _take(record: Mapping[str, Any], shape: Shape, fields: Fields, line: int, keep: bool) -> LabelledText | BadRow:
    try:
        flat, annotators = shape.flatten(record)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        told = [str(part) for part in error.args] if type(error) is ValueError else []
        return BadRow(line, *(told or [f"is no row of {shape.name}", "export it again"]))
    # Annotators of an export stand beside its columns, unless a round trip has brought columns along.
    return take_text(flat, fields, line, annotators or None, (shape.name, record) if keep else None)
