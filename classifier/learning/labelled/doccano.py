"""doccano's JSON Lines of text classification: `{"id": 1, "text": "...", "label": ["class"], ...metadata}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.learning.labelled.row import LabelledText


def recognise(record: Mapping[str, Any]) -> bool:
    """A text with a list of labels."""
    return isinstance(record.get("text"), str) and isinstance(record.get(_label_field(record)), list)


def flatten(record: Mapping[str, Any]) -> tuple[dict[str, Any], None]:
    """The record with its one label in place of the list; metadata under `meta` is lifted beside it."""
    labels = record.get(_label_field(record))
    if not isinstance(labels, list):
        raise ValueError("has no list of labels, as rows of doccano have", "export the project again as JSONL")
    if any(not isinstance(label, str) for label in labels):
        raise ValueError("labels parts of its text", "export a project of text classification")
    if len(labels) > 1:
        raise ValueError(f"has {len(labels)} labels", "one label a text is learnt: export a project with a single choice")
    meta = record.get("meta")
    lifted = {k: v for k, v in meta.items() if k not in record} if isinstance(meta, dict) else {}
    own = {name: value for name, value in record.items() if name != _label_field(record) and not (lifted and name == "meta")}
    return {**own, **lifted, "label": labels[0] if labels else None}, None


def build(row: LabelledText, rest: Mapping[str, Any]) -> dict[str, Any]:
    """A row that doccano imports; what it does not know becomes metadata of the text."""
    own: dict[str, Any] = {"id": row.id, "text": row.text, "label": [row.label] if row.label else []}
    own |= {name: value for name in ("group", "date", "split") if (value := getattr(row, name)) is not None}
    own |= {f"annotator_{name}": label for name, label in row.annotators.items()}
    return own | {name: value for name, value in rest.items() if name not in own}


def _label_field(record: Mapping[str, Any]) -> str:
    return "labels" if "labels" in record and "label" not in record else "label"
