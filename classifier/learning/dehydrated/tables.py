"""The tables of labels in `corpus/`: their columns, and how they are read and written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from classifier.learning.labelled.row import CorpusError

RELEASES = "releases.csv"
SENTENCES = "sentences.csv"
POOL = "pool_releases.csv"
STATEMENTS = "nac_statements.csv"
CONSULTATIONS = "article4_consultations.csv"
INCIDENTS = "incidents_without_article4.csv"

RELEASE_COLUMNS = (
    *("id", "date", "url", "path", "label", "score", "annotator_a", "annotator_b", "evidence_a", "evidence_b"),
    *("raw_sha256", "text_sha256"),
)
SENTENCE_COLUMNS = (
    *("id", "release", "date", "position", "of", "label", "annotator_a", "annotator_b", "evidence_a", "evidence_b"),
    *("spans_paragraphs", "start", "end", "text_sha256_head"),
)
STATEMENT_COLUMNS = (
    *("id", "date", "kind", "description", "url", "source", "label", "annotators", "annotator_a", "annotator_b"),
    *("evidence_a", "evidence_b", "confidence_a", "confidence_b", "summary", "phrase_kinds"),
)
HEAD = 16
"""Hexadecimal digits of a sentence's hash: its release's hash vouches for the text, this for the offsets."""


def write_table(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """The bytes of a table: UTF-8, lines end with a line feed, null is an empty cell."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(columns), lineterminator="\n", extrasaction="raise", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a table.

    Raises:
        CorpusError: it is not there.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))
    except FileNotFoundError as error:
        raise CorpusError(f"{path} is missing", hint="name the folder that holds the labels", exit_code=1) from error
