"""Takes the texts away from the labelled data: what is left is labels, addresses, offsets and hashes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from classifier.learning.dehydrated import tables
from classifier.learning.dehydrated.recipe import hash_text
from classifier.learning.labelled.lines import iterate_lines
from classifier.learning.labelled.row import CorpusError

_GIVEN = tuple(name for name in tables.SENTENCE_COLUMNS if name not in ("spans_paragraphs", "text_sha256_head"))
"""Columns of a sentence that its row must hold; the others are worked out."""


def strip_labels(data: Path) -> dict[str, bytes]:
    """The tables that a folder of labelled texts gives, by name of file.

    Args:
        data: holds `releases.jsonl`, `sentences.jsonl`, `nac_statements.csv` and the two tables of the Article 4 register.

    Raises:
        CorpusError: a file is missing, or a hash or an offset does not fit its text.
    """
    texts: dict[str, str] = {}
    releases, sentences = [], []
    for row in iterate_lines(data / "releases.jsonl", "text", *tables.RELEASE_COLUMNS):
        if hash_text(row["text"]) != row["text_sha256"]:
            raise CorpusError(f"{data / 'releases.jsonl'}: the text of {row['id']} does not have its hash", hint="take the data anew")
        texts[row["id"]] = row["text"]
        releases.append({name: row[name] for name in tables.RELEASE_COLUMNS})
    for row in iterate_lines(data / "sentences.jsonl", "text", *_GIVEN):
        if texts[row["release"]][row["start"] : row["end"]] != row["text"]:
            raise CorpusError(f"{data / 'sentences.jsonl'}: {row['id']} is not where its offsets say", hint="take the data anew")
        marks = {
            "spans_paragraphs": "true" if row.get("spans_paragraphs") else "",
            "text_sha256_head": hash_text(row["text"])[: tables.HEAD],
        }
        sentences.append({name: (row | marks)[name] for name in tables.SENTENCE_COLUMNS})
    return {
        tables.RELEASES: tables.write_table(tables.RELEASE_COLUMNS, releases),
        tables.SENTENCES: tables.write_table(tables.SENTENCE_COLUMNS, sentences),
        tables.STATEMENTS: tables.write_table(tables.STATEMENT_COLUMNS, _statements(data / tables.STATEMENTS)),
        tables.CONSULTATIONS: _as_given(data / tables.CONSULTATIONS),
        tables.INCIDENTS: _as_given(data / tables.INCIDENTS),
    }


def _statements(path: Path) -> Iterator[dict[str, str]]:
    """The index of NATO's own statements; of the phrases met in them only the kinds are kept."""
    for row in tables.read_table(path):
        phrases = row.pop("phrases")
        kinds = dict.fromkeys(part.partition(":")[0].strip() for part in phrases.split(";") if ":" in part)
        yield row | {"phrase_kinds": " ".join(kinds)}


def _as_given(path: Path) -> bytes:
    rows = tables.read_table(path)
    return tables.write_table(rows[0], rows)
