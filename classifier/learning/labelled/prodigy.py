"""Prodigy's JSON Lines of text classification: one label and an answer, or options of which some were accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.learning.labelled.row import LabelledText

ANSWERS = ("accept", "reject", "ignore")
_ANNOTATORS = "annotators"


def recognise(record: Mapping[str, Any]) -> bool:
    """A text with an answer."""
    return isinstance(record.get("text"), str) and record.get("answer") in ANSWERS


def flatten(record: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, str]]:
    """The record with its accepted label; a rejected or ignored one has none. What is under `meta` is lifted beside it."""
    if record.get("answer") not in ANSWERS:
        raise ValueError("has no answer, as rows of Prodigy have", "export the data set again with db-out")
    if record.get("spans"):
        raise ValueError("labels parts of its text", "export a data set of text classification")
    label = _accepted(record)
    meta = record["meta"] if isinstance(record.get("meta"), dict) else {}
    given = meta.get(_ANNOTATORS)
    annotators = {str(name): str(value) for name, value in given.items()} if isinstance(given, dict) else {}
    session = record.get("_annotator_id") or record.get("_session_id")
    if not annotators and session and label:
        annotators = {str(session): label}
    taken = {"meta", "label", "options", "accept", "answer", "text"}
    rest = {name: value for name, value in record.items() if name not in taken and not name.startswith("_")}
    lifted = {name: value for name, value in meta.items() if name != _ANNOTATORS}
    flat = {**rest, **lifted, "text": record.get("text"), "label": label}
    if "id" not in flat and "_input_hash" in record:
        flat["id"] = record["_input_hash"]
    return flat, annotators


def _accepted(record: Mapping[str, Any]) -> str | None:
    if record["answer"] != "accept":
        return None
    if "accept" not in record:
        label = record.get("label")
        return None if label is None else str(label)
    accepted = record["accept"] if isinstance(record["accept"], list) else [record["accept"]]
    if len(accepted) > 1:
        raise ValueError(f"has {len(accepted)} accepted options", "one label a text is learnt: use --choice-style single")
    return str(accepted[0]) if accepted else None


def build(row: LabelledText, rest: Mapping[str, Any]) -> dict[str, Any]:
    """A row for `db-in`: an accepted label, or an ignored text; all else under `meta`."""
    meta: dict[str, Any] = {"id": row.id}
    meta |= {name: value for name in ("group", "date", "split") if (value := getattr(row, name)) is not None}
    if row.annotators:
        meta[_ANNOTATORS] = dict(row.annotators)
    meta |= {name: value for name, value in rest.items() if name not in meta}
    if row.label:
        return {"text": row.text, "label": row.label, "answer": "accept", "meta": meta}
    return {"text": row.text, "answer": "ignore", "meta": meta}
