"""Results as one HTML file that needs nothing else: no script, no font, no picture from anywhere.

What strangers wrote is escaped where it is put in; the style sheet is the only one that the page's
own policy lets in, by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from classifier.desk.guard import guard_page, is_web_link
from classifier.desk.highlight import Mark, mark_spans
from classifier.desk.outcome import Failure, Outcome, Scored
from classifier.desk.output import Output
from classifier.desk.wording import (
    describe_contact,
    describe_kind,
    describe_kinds,
    describe_middle,
    describe_origin,
    find_findings,
    find_poles,
    name_category,
    paragraph_of,
    reason_words,
    show_probability,
    summarise,
)
from classifier.scoring.verdict import ReleaseScore

TEMPLATES = Path(__file__).parent / "templates"
MOST_CONTRIBUTIONS = 30
STRIP_STEP, STRIP_HEIGHT = 14, 60


class ReportWriter:
    """Gathers the texts and writes the page at the end.

    Args:
        output: standard output.
        single: there is one text at most; if it fails, nothing is written.
    """

    def __init__(self, output: Output, *, single: bool) -> None:
        self._output = output
        self._single = single
        self._outcomes: list[Outcome] = []

    def write(self, outcome: Outcome) -> None:
        """Takes one text or failure."""
        self._outcomes.append(outcome)

    def close(self) -> None:
        """Writes the page."""
        if not self._single or any(isinstance(outcome, Scored) for outcome in self._outcomes):
            for piece in build_report(self._outcomes):
                self._output.write(piece)


def build_report(outcomes: list[Outcome]) -> list[str]:
    """The page in pieces, ready to be written one after the other."""
    sections = [_section(outcome, number) for number, outcome in enumerate(outcomes, 1)]
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    return list(
        _template().generate(
            sections=sections,
            style=Markup(style),  # ours, and let in by its hash alone
            style_hash=hash_style(style),
            generator=f"nac-stance {version('nac-stance')}",
        )
    )


def hash_style(style: str) -> str:
    """The hash under which a Content Security Policy lets a style sheet in."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")


def make_environment() -> Environment:
    """Templates of the desk: everything escaped, an unknown name an error, no controls in the page."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_guarded,
    )


@cache
def _template() -> Template:
    return make_environment().get_template("report.html")


def _guarded(value: object) -> object:
    """What goes into the page: markup of ours as it is, anything else without controls."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else guard_page(value)


def _section(outcome: Outcome, number: int) -> dict[str, Any]:
    """All that the template says of one outcome."""
    if isinstance(outcome, Failure):
        return {"failure": outcome, "anchor": f"t{number}", "heading": outcome.source}
    release, result = outcome.release, outcome.result
    anchor = f"t{number}"
    return {
        "failure": None,
        "anchor": anchor,
        "heading": release.title or release.id,
        "release": release,
        "origin": describe_origin(outcome),
        "link": release.url if is_web_link(release.url) else None,
        "summary": summarise(result),
        "result": result,
        "poles": find_poles(result),
        "gauge": _gauge(result),
        "bars": _bars(result),
        "strip_width": max(len(result.paragraphs), 1) * STRIP_STEP,
        "text": mark_spans(release.text, marks_of(outcome, anchor)),
        "reasons": _reasons(outcome),
        "cues": _cues(outcome),
        "findings": find_findings(outcome),
        "kinds": describe_kinds(result),
        "told": [line for line in (describe_middle(result), describe_contact(result)) if line],
        "contributions": result.contributions[:MOST_CONTRIBUTIONS],
        "others": _others(result),
        "provenance": _provenance(outcome),
        "show": show_probability,
    }


def marks_of(scored: Scored, anchor: str) -> list[Mark]:
    """Sentences, tinted by their stance, and over them the cues, underlined by theirs."""
    result = scored.result
    sides = _sides(result)
    marks = [
        Mark(sentence.start, sentence.end, f"in-{sides.get(sentence.stance, 'flat')}", anchor=f"{anchor}-s{number}")
        for number, sentence in enumerate(result.sentences, 1)
    ]
    for cue in result.cues:
        marks.append(Mark(cue.start, cue.end, f"cue {cue.stance}", describe_kind(cue.category, cue.qualifiers)))
    return marks


def _sides(result: ReleaseScore) -> dict[str, str]:
    """Class of a model -> how it is drawn: towards the first pole, the second, or neither."""
    poles = find_poles(result)
    return {poles[0]: "up", poles[1]: "down"} if poles else {}


@dataclass(frozen=True, slots=True)
class _Bar:
    """A paragraph's bar in the strip, above the middle line for the first pole and below it for the second."""

    x: int
    y: float
    height: float
    side: str
    told: str


def _bars(result: ReleaseScore) -> list[_Bar]:
    bars = []
    poles = find_poles(result)
    middle = STRIP_HEIGHT / 2
    for number, paragraph in enumerate(result.paragraphs):
        value = paragraph.probability
        if value is None or not poles:
            bars.append(_Bar(number * STRIP_STEP, middle - 1, 2, "flat", f"Paragraph {number + 1}: no sentence"))
            continue
        height = max(abs(value - 0.5) * STRIP_HEIGHT, 1)
        told = f"Paragraph {number + 1}: {poles[0]} {show_probability(value)}"
        top = middle - height if value > 0.5 else middle
        bars.append(_Bar(number * STRIP_STEP, round(top, 2), round(height, 2), "up" if value > 0.5 else "down", told))
    return bars


def _gauge(result: ReleaseScore) -> dict[str, float] | None:
    """Places of the interval and the probability on a line of 300 units."""
    if result.probability is None:
        return None
    low, high = result.interval or (0.0, 1.0)
    return {"low": round(300 * low, 1), "width": round(300 * (high - low), 1), "at": round(300 * result.probability, 1)}


def _reasons(scored: Scored) -> list[dict[str, Any]]:
    rows = []
    for number, reason in enumerate(scored.reasons):
        cue = scored.result.cues[reason.cue] if reason.cue is not None else None
        kind = describe_kind(cue.category, cue.qualifiers) if cue else "words"
        words = reason_words(scored, number)
        paragraph = paragraph_of(scored, reason.sentence)
        rows.append({"words": words, "value": reason.value, "kind": kind, "sentence": reason.sentence + 1, "in": paragraph})
    return rows


def _cues(scored: Scored) -> list[dict[str, Any]]:
    text = scored.release.text
    return [
        {
            "words": " ".join(text[cue.start : cue.end].split()),
            "category": name_category(cue.category),
            "stance": cue.stance,
            "qualifiers": ", ".join(cue.qualifiers),
            "entry": cue.entry,
            "sentence": cue.sentence + 1,
        }
        for cue in scored.result.cues
    ]


def _others(result: ReleaseScore) -> dict[str, float]:
    """What the contributions that are not listed add up to, and the whole."""
    rest = sum(part.value for part in result.contributions[MOST_CONTRIBUTIONS:])
    count = max(len(result.contributions) - MOST_CONTRIBUTIONS, 0)
    return {"count": count, "sum": rest, "whole": result.intercept + sum(part.value for part in result.contributions)}


def _provenance(scored: Scored) -> list[tuple[str, str]]:
    release, provenance = scored.release, scored.release.provenance
    rows = {
        "Source": provenance.source,
        "Id": release.id,
        "Number": release.number,
        "Date": f"{release.date} ({release.date_source})" if release.date else "unknown",
        "Address": provenance.url,
        "Copy": "archived copy (Internet Archive)" if provenance.archived else None,
        "Retrieved": provenance.retrieved_at,
        "Read as": provenance.layout,
        "Encoding": provenance.encoding,
        "SHA-256 of the bytes": provenance.raw_sha256,
        "SHA-256 of the text": release.version,
        "Notes": "; ".join(provenance.notes) or None,
        "Model": f"{scored.result.model['name']} {scored.result.model['version']}",
        "Lexicon": scored.result.model["lexicon"],
    }
    return [(name, value) for name, value in rows.items() if value]
