"""Label Studio's JSON of text classification: tasks with `data` and `annotations` of choices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from classifier.learning.labelled.row import LabelledText

FROM_NAME, TO_NAME = "label", "text"
"""Names of the control and the object in the labelling configuration that a built task is for."""


def recognise(record: Mapping[str, Any]) -> bool:
    """A task: an object under `data`, a list under `annotations` (`completions` in old exports)."""
    return isinstance(record.get("data"), dict) and isinstance(record.get("annotations", record.get("completions")), list)


def flatten(record: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, str]]:
    """The task's data with its label: the ground truth where one is marked, else what most annotators chose; none on a tie."""
    if not recognise(record):
        raise ValueError("has no data and annotations, as tasks of Label Studio have", "export the project again as JSON")
    annotators: dict[str, str] = {}
    truth = None
    for number, annotation in enumerate(record.get("annotations", record.get("completions"))):
        label = None if not isinstance(annotation, dict) or annotation.get("was_cancelled") else _choice(annotation.get("result") or [])
        if label is None:
            continue
        if annotation.get("ground_truth"):
            truth = label
        if not annotation.get("ground_truth") or _name(annotation):
            annotators[_name(annotation) or f"annotation {number + 1}"] = label
    return {"id": record.get("id"), **record["data"], "label": truth or _majority(annotators.values())}, annotators


def _name(annotation: Mapping[str, Any]) -> str:
    by = annotation.get("completed_by")
    if isinstance(by, dict):
        by = by.get("email") or by.get("id")
    return "" if by is None else str(by)


def _choice(results: Iterable[Mapping[str, Any]]) -> str | None:
    chosen: list[str] = []
    for result in results:
        kind = result.get("type")
        if kind == "choices":
            chosen += map(str, result["value"].get("choices", ()))
        elif kind in ("labels", "hypertextlabels", "rectanglelabels"):
            raise ValueError("labels parts of its text", "export a project with choices")
    if len(chosen) > 1:
        raise ValueError(f"has {len(chosen)} choices by one annotator", "one label a text is learnt: export a project with a single choice")
    return chosen[0] if chosen else None


def _majority(labels: Iterable[str]) -> str | None:
    ranked = Counter(labels).most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def build(row: LabelledText, rest: Mapping[str, Any]) -> dict[str, Any]:
    """A task with one annotation by each annotator, and a ground truth where the label is not what these give."""
    data: dict[str, Any] = {"id": row.id, "text": row.text}
    data |= {name: value for name in ("group", "date", "split") if (value := getattr(row, name)) is not None}
    data |= {name: value for name, value in rest.items() if name not in data}
    annotations = [_annotation(label, completed_by=_user(name)) for name, label in row.annotators.items()]
    if row.label and row.label != _majority(row.annotators.values()):
        annotations.append(_annotation(row.label, ground_truth=True))
    return {"data": data, "annotations": annotations}


def _annotation(label: str, **more: object) -> dict[str, Any]:
    result = {"type": "choices", "from_name": FROM_NAME, "to_name": TO_NAME, "value": {"choices": [label]}}
    return {**more, "result": [result]}


def _user(name: str) -> object:
    return int(name) if name.isdecimal() and name.isascii() and not (len(name) > 1 and name[0] == "0") else {"email": name}
