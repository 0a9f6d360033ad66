"""The card of any model, made from its manifest and figures alone: no weights are loaded, nothing is typed by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from classifier.learning.card import write_card
from classifier.learning.figures.measures import TOP
from classifier.learning.figures.names import MEASURES

Figures = Mapping[str, Any]

_KNOWN = frozenset({"time_split", "council_register"})
_HOW = ("choice", "settings")
_MOST = 400


def build_card(manifest: Figures, metrics: Figures) -> str:
    """Markdown text of a card.

    Args:
        manifest: of the model's folder.
        metrics: its figures: `evaluations`, title -> record of `nac evaluate`, or those of the project's own test sets.
    """
    if metrics.keys() >= _KNOWN and "trained_on" in manifest:
        return write_card(manifest["name"], manifest["version"], manifest, metrics) + "\n" + _versions(manifest) + "\n"
    classes = ", ".join(f"`{_word(name)}`" for name in manifest["classes"])
    evaluations = {title: record for title, record in (metrics.get("evaluations") or {}).items() if isinstance(record, Mapping)}
    parts = [
        f"# {_word(manifest['name'])} {_word(manifest['version'])}",
        f"Says which of {len(manifest['classes'])} classes a text is of: {classes}. Every figure below is read from `metrics.json`.",
        "## Intended use\n\nTexts of the kind that it was trained on, in the same language, labelled in the same way.\n\n"
        "## Not for\n\nOther kinds of text, other languages, or any decision about a person. It measures wording; it reads no minds.",
        "\n".join(_data(manifest)),
        "\n".join(_procedure(manifest)),
        *(write_evaluation(title, record) for title, record in evaluations.items()),
    ]
    if not evaluations:
        parts.append("## Figures\n\nNone were measured. `nac evaluate` measures it on a labelled corpus.")
    parts += [
        "## Limits\n\nThe figures hold for texts drawn as the measured ones were; other sources, times or labels may give others.",
        _versions(manifest),
        "## Citation\n\nnac-stance contributors, nac-stance (see `CITATION.cff`).",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def write_evaluation(title: str, record: Figures) -> str:
    """Figures with intervals, classes, baselines, calibration and slices of one record; what it does not hold is left out."""
    lines = [f"## Figures: {_word(title)}", "", f"n = {record.get('n', 0)}; 90 % intervals by bootstrap over groups.", ""]
    intervals = record.get("intervals") or {}
    measured = [name for name in TOP if record.get(name) is not None]
    if not measured:
        return "\n".join([*lines, "Too few rows to measure."])
    lines += ["| measure | value | interval |", "|---|---|---|"]
    lines += [f"| {MEASURES[name]} | {_number(record[name])} | {_interval(intervals.get(name))} |" for name in measured]
    lines += _classes(record.get("per_class") or {})
    lines += _ladder(record, measured)
    facts = record.get("model") or {}
    if ceiling := facts.get("annotators"):
        lines += ["", f"Annotators agree on {ceiling['percent']:.1%} of {ceiling['pairs']} pairs of labels: that is the ceiling."]
    if bins := facts.get("reliability"):
        lines += ["", "Calibration, in bins of equal count:", "", "| said | came so | n |", "|---|---|---|"]
        lines += [f"| {_number(b['probability'])} | {_number(b['frequency'])} | {b['n']} |" for b in bins]
    for field, parts in (facts.get("slices") or {}).items():
        lines += ["", f"By {_word(field)}:", "", "| part | n | accuracy | interval |", "|---|---|---|---|"]
        for part in parts:
            interval = _interval((part.get("intervals") or {}).get("accuracy"))
            lines.append(f"| {_word(part['value'])} | {part['n']} | {_number(part['accuracy'])} | {interval} |")
    return "\n".join(lines)


def _data(manifest: Figures) -> Iterator[str]:
    yield "## Data and labels"
    yield ""
    corpus = manifest.get("corpus")
    if isinstance(corpus, Mapping):
        yield f"`{_word(corpus.get('file', 'unknown'))}`: {corpus.get('rows', 'unknown')} labelled rows, {corpus.get('kept', 'all')} kept."
        counts = corpus.get("classes") or {}
        yield "Rows of each class: " + ", ".join(f"{_word(name)} {count}" for name, count in counts.items()) + "."
    for origin, units in (manifest.get("trained_on") or {}).items():
        for unit, counts in units.items():
            yield f"{_word(origin)} {_word(unit)}: " + ", ".join(f"{_word(name)} {count}" for name, count in counts.items()) + "."
    yield "The labels are those that the corpus gave; how they were made is told where the corpus is."
    yield f"Corpus SHA-256 `{_word(manifest.get('corpus_sha256') or 'unknown')}`."


def _procedure(manifest: Figures) -> Iterator[str]:
    yield "## Procedure"
    yield ""
    yield "Made by `nac train`" + (f"; the rows were parted {_word(manifest['split'])}." if manifest.get("split") else ".")
    for key in _HOW:
        if isinstance(manifest.get(key), Mapping):
            told = ", ".join(f"{name} {value}" for name, value in manifest[key].items() if value not in (None, "", [], {}))
            yield f"{key.capitalize()}: {_word(told)}."
    yield f"Seed {manifest.get('seed', 'unknown')}."


def _classes(classes: Figures) -> list[str]:
    if not classes:
        return []
    rows = ["", "| class | n | precision | recall | F1 |", "|---|---|---|---|---|"]
    return rows + [
        f"| {_word(name)} | {row['n']} | {_number(row['precision'])} | {_number(row['recall'])} | {_number(row['f1'])} |"
        for name, row in classes.items()
    ]


def _ladder(record: Figures, measured: Sequence[str]) -> list[str]:
    rungs = record.get("baselines") or {}
    if not rungs:
        return []
    shown = [name for name in ("accuracy", "macro_f1", "weighted_f1", "roc_auc", "brier") if name in measured]
    lines = ["", "| | " + " | ".join(MEASURES[name] for name in shown) + " |", "|---" * (len(shown) + 1) + "|"]
    for rung, row in {**rungs, "this model": record}.items():
        lines.append(f"| {_word(rung)} | " + " | ".join(_number(row.get(name)) for name in shown) + " |")
    return lines


def _versions(manifest: Figures) -> str:
    told = ", ".join(f"{_word(name)} {_word(number)}" for name, number in sorted((manifest.get("versions") or {}).items()))
    return f"## Versions\n\nFormat {manifest['format']}; made with {told or 'unknown versions'}."


def _number(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, int | float) else "-"


def _interval(pair: object) -> str:
    return f"{pair[0]:.3f} to {pair[1]:.3f}" if isinstance(pair, list | tuple) and len(pair) == 2 else ""


def _word(value: object) -> str:
    """A stranger's word inside a line or a cell of Markdown."""
    words = " ".join(str(value).split())[:_MOST]
    for mark in ("\\", "|", "`", "<", "[", "]"):
        words = words.replace(mark, f"\\{mark}" if mark != "<" else "&lt;")
    return words
