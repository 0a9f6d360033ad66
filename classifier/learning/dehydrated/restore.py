"""Puts labels and texts together again: each text is checked against its hashes, each sentence against its own."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.learning.dehydrated import tables
from classifier.learning.dehydrated.recipe import NoSourceText, SourceText, hash_text, read_source
from classifier.learning.labelled.lines import iterate_lines
from classifier.learning.labelled.row import CorpusError

_NAME = re.compile(r"[A-Za-z0-9][\w.@-]{0,99}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text to be had again: where it is in the source repository and which hashes it must have; `row` are its labels."""

    id: str
    path: str
    raw_sha256: str
    text_sha256: str
    row: Mapping[str, str]
    pool: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """A text that is not as it was: the hashes that it had and those that it has now.

    `same_text`: the bytes differ, but what is made of them is what was labelled, so its labels still hold.
    """

    id: str
    path: str
    raw_sha256: str
    new_raw_sha256: str
    text_sha256: str
    new_text_sha256: str | None

    @property
    def same_text(self) -> bool:
        """Whether the text is the one that was labelled."""
        return self.new_text_sha256 == self.text_sha256


def list_wanted(folder: Path) -> list[Wanted]:
    """The releases whose labels a folder holds: those of `releases.csv`, then those that `pool_releases.csv` adds.

    Raises:
        CorpusError: `releases.csv` is missing, or a row names no file.
    """
    rows = [(row, False) for row in tables.read_table(folder / tables.RELEASES)]
    if (folder / tables.POOL).exists():
        known = {row["id"] for row, _ in rows}
        rows += [(row, True) for row in tables.read_table(folder / tables.POOL) if row["id"] not in known]
    for row, _ in rows:
        _check_names(row, folder)
    return [Wanted(row["id"], row["path"], row["raw_sha256"], row["text_sha256"], row, pool) for row, pool in rows]


def _check_names(row: Mapping[str, str], folder: Path) -> None:
    """Ids, hashes and paths become names of files: none may lead out of the folders they are meant for."""
    parts = (row.get("path") or "/").split("/")
    well = _NAME.fullmatch(row.get("id") or "") and all(_HASH.fullmatch(row.get(name) or "") for name in ("raw_sha256", "text_sha256"))
    if not well or "" in parts or ".." in parts or "\\" in row["path"]:
        raise CorpusError(f"{folder}: {row.get('id')!r} has an id, a path or a hash that is none", hint="take the labels anew")


def check_source(wanted: Wanted, raw: bytes) -> SourceText | Drift:
    """The text in the bytes of a source file, or how they differ from those that were labelled.

    Bytes that differ are given as a `Drift`, also where the text is the same.
    """
    raw_hash = hashlib.sha256(raw).hexdigest()
    try:
        source = read_source(raw)
    except NoSourceText:
        return Drift(wanted.id, wanted.path, wanted.raw_sha256, raw_hash, wanted.text_sha256, None)
    text_hash = hash_text(source.text)
    if (raw_hash, text_hash) == (wanted.raw_sha256, wanted.text_sha256):
        return source
    return Drift(wanted.id, wanted.path, wanted.raw_sha256, raw_hash, wanted.text_sha256, text_hash)


def build_release(wanted: Wanted, source: SourceText) -> dict[str, Any]:
    """The row of a release with its text, fields in the order of the labelled data."""
    row = wanted.row
    head: dict[str, Any] = {
        "id": wanted.id,
        "url": row.get("url") or source.url,
        "path": wanted.path,
        "title": source.title,
        "date": row["date"],
    }
    if not wanted.pool:
        score = row["score"]
        head |= {"label": row["label"], "score": float(score) if score else None}
        head |= {name: row[name] for name in ("annotator_a", "annotator_b", "evidence_a", "evidence_b")}
    return head | {"raw_sha256": wanted.raw_sha256, "text_sha256": wanted.text_sha256, "text": source.text}


def build_sentences(folder: Path, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """The labelled sentences of those releases whose texts are there, in the order of `sentences.csv`.

    Raises:
        CorpusError: a sentence is not where its offsets say, or the table is missing.
    """
    rows = []
    for row in tables.read_table(folder / tables.SENTENCES):
        if row["release"] not in texts:
            continue
        start, end = int(row["start"]), int(row["end"])
        text = texts[row["release"]][start:end]
        if not hash_text(text).startswith(row["text_sha256_head"]):
            raise CorpusError(f"{folder / tables.SENTENCES}: {row['id']} is not where its offsets say", hint="take the labels anew")
        built: dict[str, Any] = {name: row[name] for name in ("id", "release", "date")}
        built |= {"position": int(row["position"]), "of": int(row["of"])}
        built |= {name: row[name] for name in ("label", "annotator_a", "annotator_b", "evidence_a", "evidence_b")}
        built |= {"spans_paragraphs": True} if row["spans_paragraphs"] else {}
        rows.append(built | {"start": start, "end": end, "text": text})
    return rows


def read_copy(folder: Path) -> dict[str, SourceText]:
    """The texts of a local copy in the form of the labelled data, by id; empty where it has none.

    Args:
        folder: holds `releases.jsonl`, and perhaps `pool.jsonl`.
    """
    found: dict[str, SourceText] = {}
    for name in ("releases.jsonl", "pool.jsonl"):
        if (folder / name).exists():
            found |= {
                row["id"]: SourceText(row["title"], row["url"], row["text"])
                for row in iterate_lines(folder / name, "id", "title", "url", "text")
            }
    return found


def dump_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as JSON lines, letters as they are: the form of the labelled data."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
