"""The project's two fixed test sets: real releases of the last year, and constructed statements in the Council's register."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classifier.learning.corpora import CORPUS
from classifier.learning.figures.answers import Row
from classifier.learning.figures.names import COUNCIL, SETS, TIME_SPLIT
from classifier.learning.labelled.lines import iterate_lines
from classifier.learning.labelled.row import CorpusError

TEST_YEAR = "2023"
_RELEASE = ("id", "date", "text", "label")
_SENTENCE = (*_RELEASE, "release")


def load_set(name: str, data: Path | None) -> dict[str, list[Row]]:
    """The rows of a fixed set by unit, `release` and `sentence`.

    Args:
        name: of `SETS`.
        data: folder of the labelled releases, for the time split.

    Raises:
        CorpusError: there is no such set, or the folder lacks the texts.
    """
    if name == COUNCIL:
        return _load_council(CORPUS / "constructed_test.jsonl")
    if name != TIME_SPLIT:
        raise CorpusError(f"there is no set {name!r}", hint=f"the sets are {', '.join(SETS)}", exit_code=2)
    if data is None or not (data / "releases.jsonl").is_file():
        where = f"{data} does not hold it" if data else "it is not part of the project"
        raise CorpusError(
            f"the set {TIME_SPLIT} needs the folder of labelled releases: {where}",
            hint="name the folder that holds releases.jsonl and sentences.jsonl with --data; nac corpus hydrate makes it",
            exit_code=1,
        )
    return _load_time_split(data)


def _load_time_split(data: Path) -> dict[str, list[Row]]:
    releases = [
        Row(r["id"], r["text"], r["label"], r["id"], r["date"], kind=_kind(r.get("title", "")), annotators=_sides(r))
        for r in iterate_lines(data / "releases.jsonl", *_RELEASE)
        if r["date"] >= TEST_YEAR
    ]
    sentences = [
        Row(r["id"], r["text"], r["label"], r["release"], r["date"], annotators=_annotators(r))
        for r in iterate_lines(data / "sentences.jsonl", *_SENTENCE)
        if r["date"] >= TEST_YEAR
    ]
    return {"release": releases, "sentence": sentences}


def _load_council(path: Path) -> dict[str, list[Row]]:
    releases, sentences = [], []
    for r in iterate_lines(path):
        facts = {"date": str(r.get("era", "")), "kind": r.get("kind", ""), "topic": ""}
        readers = {name: _side(r[f"score_{name}"]) for name in ("a", "b")}
        releases.append(Row(r["id"], r["text"], r["label"], r["id"], annotators=readers, **facts))
        for s in r["sentences"]:
            both = {"a": s["reader_a"], "b": s["reader_b"]}
            name = f"{r['id']}@{s['start']}"
            sentences.append(Row(name, r["text"][s["start"] : s["end"]], s["label"], r["id"], annotators=both, **facts))
    return {"release": releases, "sentence": sentences}


def _annotators(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(row[f"annotator_{name}"]) for name in ("a", "b") if row.get(f"annotator_{name}") is not None}


def _sides(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: _side(value) for name, value in _annotators(row).items()}


def _side(score: object) -> str:
    """The side of a release score from -2 to +2."""
    try:
        number = float(str(score))
    except ValueError:
        return "none"
    return "hawkish" if number > 0 else "cautious" if number < 0 else "balanced"


def _kind(title: str) -> str:
    """What a real release calls itself by the first word of its title that tells."""
    words = title.lower()
    for kind in ("readout", "remarks", "fact sheet", "joint", "background", "statement", "press release"):
        if kind in words:
            return kind
    return "other"
