"""From a flat record to a labelled text: which of its fields is what, and whether its values will do."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from classifier.learning.labelled.row import NO_ANNOTATORS, BadRow, Fields, Kept, LabelledText, is_encodable

USUAL_NAMES = {
    "text": ("text", "sentence", "statement", "body", "content", "document"),
    "label": ("label", "labels", "class", "category", "stance", "sentiment", "target"),
    "id": ("id", "uid", "uuid", "row_id"),
    "group": ("group", "group_id", "release", "document_id", "doc_id", "cluster"),
    "date": ("date", "published", "published_at", "day", "year"),
    "split": ("split", "partition", "subset", "set"),
}
"""Names by which a field is found, the first that is there; case and blanks around do not count. No name serves two."""

ANNOTATOR = re.compile(r"(?:annotator|rater|coder|reader)(?:[_ -](?!(?:ids?|count|agreement)$)(.+)|(\d+))", re.IGNORECASE | re.DOTALL)
ONE_ANNOTATOR = frozenset({"annotator", "annotator_id", "annotator id", "rater", "rater_id", "coder", "coder_id"})
"""Fields that name who gave the row's label: a table with one row for each annotator's label."""

_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:[T ].*)?)?)?")
_SPLITS = {
    "training": "train",
    "validation": "dev",
    "valid": "dev",
    "val": "dev",
    "development": "dev",
    "testing": "test",
    "heldout": "test",
}


@lru_cache(maxsize=256)
def find_columns(names: tuple[str, ...], fields: Fields) -> Mapping[str, str]:
    """Purpose -> the name, among a record's, of the field that serves it; purposes that none serves are left out."""
    by_name = {str(name).strip().casefold(): name for name in reversed(names)}
    found: dict[str, str] = {}
    given = {purpose: name for purpose in USUAL_NAMES if (name := getattr(fields, purpose)) is not None}
    for purpose, wish in given.items():
        if (name := wish if wish in names else by_name.get(wish.strip().casefold())) is not None:
            found[purpose] = name
    for purpose in USUAL_NAMES.keys() - given.keys():
        free = (by_name[usual] for usual in USUAL_NAMES[purpose] if usual in by_name)
        if (name := next((name for name in free if name not in given.values()), None)) is not None:
            found[purpose] = name
    return found


@lru_cache(maxsize=256)
def find_annotators(names: tuple[str, ...], fields: Fields) -> Mapping[str, str]:
    """Annotator -> the field that holds its labels: those that were named, else `annotator_...` and the like."""
    if fields.annotators:
        return {name: name for name in fields.annotators if name in names}
    found: dict[str, str] = {}
    for name in names:
        matched = ANNOTATOR.fullmatch(str(name).strip())
        if matched:
            short = matched[1] or matched[2] if matched[0].lower().startswith("annotator") else matched[0]
            found.setdefault(short, name)
    return found


def take_text(
    record: Mapping[str, Any],
    fields: Fields,
    line: int,
    annotators: Mapping[str, str] | None = None,
    kept: tuple[str, Mapping[str, Any]] | None = None,
) -> LabelledText | BadRow:
    """The labelled text of a flat record.

    Args:
        record: field -> value.
        fields: those the user named.
        line: where the record stands.
        annotators: their labels where the file holds them in another way than by columns.
        kept: name of the file's shape and the record as it stood, to be kept with the text; null to keep nothing.
    """
    names = tuple(record)
    columns = find_columns(names, fields)
    problem = _missing(record, columns, fields, line)
    if problem:
        return problem
    raters = find_annotators(names, fields) if annotators is None else NO_ANNOTATORS
    try:
        labels = (
            annotators if annotators is not None else {n: v for n, c in raters.items() if (v := as_words(record[c], "annotator")).strip()}
        )
        taken = {purpose: as_words(record.get(name), purpose) for purpose, name in columns.items()}
        if not labels and annotators is None and taken.get("label", "").strip():
            labels = _single_annotator(record, taken["label"])
        text = LabelledText(
            id=taken.get("id") or f"row-{line}",
            text=taken["text"],
            label=taken.get("label", "") if taken.get("label", "").strip() else "",
            group=taken.get("group") or None,
            date=_as_date(record.get(columns.get("date", ""))),
            split=_as_split(taken.get("split", "")),
            annotators=labels or NO_ANNOTATORS,
            line=line,
            kept=kept and Kept(kept[0], kept[1], fields, _rest(record, columns, raters)),
        )
    except ValueError as error:
        return BadRow(line, str(error.args[0]), str(error.args[1]) if len(error.args) > 1 else "mend or delete the row")
    return text


def _single_annotator(record: Mapping[str, Any], label: str) -> dict[str, str]:
    who = next((value for name, value in record.items() if str(name).strip().casefold() in ONE_ANNOTATOR), None)
    return {as_words(who, "annotator"): label} if isinstance(who, str | int) and str(who).strip() else {}


def _missing(record: Mapping[str, Any], columns: Mapping[str, str], fields: Fields, line: int) -> BadRow | None:
    wanted = [name for purpose in USUAL_NAMES if (name := getattr(fields, purpose)) is not None and purpose not in columns]
    wanted += [name for name in fields.annotators if name not in record]
    if "text" not in columns and fields.text is None:
        wanted.append("text")
    if not wanted:
        return None
    present = ", ".join(str(name)[:40] for name in list(record)[:20]) or "nothing"
    return BadRow(line, f"has no field {wanted[0]!r}; it has {present}", "name the field that holds it")


def _rest(record: Mapping[str, Any], columns: Mapping[str, str], raters: Mapping[str, str]) -> dict[str, Any]:
    used = {*columns.values(), *raters.values()}
    return {name: value for name, value in record.items() if name not in used}


def as_words(value: object, purpose: str) -> str:
    """A value as words: numbers and dates written out, nothing for null.

    Raises:
        ValueError: the value is a list, an object, not a number, or a text that no file can hold.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        if not is_encodable(value):
            raise ValueError(f"has half a character (a lone surrogate) in its {purpose}", "export the row again")
        return value
    if purpose == "text":
        raise ValueError(f"holds no words as its text but {type(value).__name__}", "give the text as a string")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"has {value} as its {purpose}", "give a name, or leave it empty")
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list) and purpose == "label":
        raise ValueError(f"has {len(value)} labels", "one label a text is learnt: export a project with a single choice")
    raise ValueError(f"holds {type(value).__name__} as its {purpose}", "give a word or a number")


def _as_date(value: object) -> str | None:
    words = as_words(value, "date").strip()
    if not words:
        return None
    if not _DAY.fullmatch(words):
        raise ValueError(f"has {words[:40]!r} as its date", "write dates as 2021-05-31, 2021-05 or 2021")
    day = words[:10]
    try:
        date.fromisoformat(day + "-01-01"[: 0 if len(day) == 10 else 3 if len(day) == 7 else 6])
    except ValueError:
        raise ValueError(f"has {words[:40]!r} as its date, which no calendar has", "mend the date") from None
    return day


def _as_split(words: str) -> str | None:
    name = words.strip().casefold()
    return _SPLITS.get(name, name) or None
