"""A scored text as the record that machines read; `schemas/score.json` says what is in it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from classifier.desk.outcome import Scored
from classifier.scoring.verdict import Contribution, ReleaseScore, describe_cue

SCHEMA_VERSION = 1
SCHEMAS = Path(__file__).parent / "schemas"


def build_record(scored: Scored) -> dict[str, Any]:
    """The record of a scored text, in plain values; offsets are code points of its `text`."""
    release, result = scored.release, scored.result
    return {
        "schema_version": SCHEMA_VERSION,
        "source": release.provenance.source,
        "id": release.id,
        "title": release.title,
        "subtitle": release.subtitle,
        "number": release.number,
        "date": release.date,
        "date_source": release.date_source,
        "url": release.url,
        "language": release.language,
        "text": release.text,
        "verdict": result.verdict,
        "probability": result.probability,
        "probabilities": dict(result.probabilities),
        "interval": list(result.interval) if result.interval else None,
        "index": result.index,
        "stance_probability": result.stance_probability,
        "paragraphs": [asdict(paragraph) for paragraph in result.paragraphs],
        "sentences": _sentences(release.text, result),
        "cues": [describe_cue(cue, release.text) for cue in result.cues],
        "reasons": _reasons(scored),
        "contributions": [_contribution(part) for part in result.contributions],
        "intercept": result.intercept,
        "signals": dict(result.signals),
        "model": dict(result.model),
        "provenance": {
            **asdict(release.provenance),
            "notes": list(release.provenance.notes),
            "text_sha256": release.version,
        },
    }


def _sentences(text: str, result: ReleaseScore) -> list[dict[str, Any]]:
    return [
        {
            "start": sentence.start,
            "end": sentence.end,
            "text": text[sentence.start : sentence.end],
            "stance": sentence.stance,
            "probabilities": dict(sentence.probabilities),
            "evidence": dict(sentence.evidence),
            "cues": list(sentence.cues),
        }
        for sentence in result.sentences
    ]


def _reasons(scored: Scored) -> list[dict[str, Any]]:
    text = scored.release.text
    return [{"text": text[reason.start : reason.end], **asdict(reason)} for reason in scored.reasons]


def _contribution(part: Contribution) -> dict[str, Any]:
    record: dict[str, Any] = {"feature": part.feature, "value": part.value, "sentence": part.sentence}
    return record if part.outcome is None else {**record, "class": part.outcome}
