"""The worst errors, with the evidence on which the model rested: where to look first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from classifier.learning.figures.answering import reads_sentences
from classifier.learning.figures.answers import Row
from classifier.learning.figures.intervals import rounded
from classifier.learning.figures.measures import Measured
from classifier.learning.sentence_part import merge_sentences
from classifier.pipeline.evidence import Cue
from classifier.pipeline.extract import read_text
from classifier.scoring.artefact import AnyModel, Model
from classifier.scoring.statement import score
from classifier.scoring.weigh import count_texts

MOST_ERRORS = 10
MOST_CUES = 8
MOST_PARTS = 6
SNIPPET = 280

Part = tuple[str, float]


def find_worst(rows: Sequence[Row], measured: Measured, model: AnyModel, unit: str, *, most: int = MOST_ERRORS) -> list[dict[str, Any]]:
    """The wrong answers that gave the right outcome the least probability, the worst first.

    Returns:
        For each `id`, `label`, `answer`, `probability` of the label, `text` (its beginning), `cues` with their words, and
        `contributions`: what spoke most for the answer and most against it, in log-odds. Of a release they are those of `score`
        towards the answer; of a sentence, the answer's logit less the label's.
    """
    answers = measured.answers
    right = answers.probabilities[np.arange(len(rows)), measured.truth]
    wrong = [int(i) for i in np.argsort(right, kind="stable") if answers.chosen[i] != measured.truth[i]][:most]
    found = []
    for i in wrong:
        row, said = rows[i], answers.outcomes[answers.chosen[i]]
        cues, parts = (
            _release_evidence(row, said, model) if unit == "release" or not reads_sentences(model) else _sentence_evidence(row, said, model)
        )
        found.append(
            {
                "id": row.id,
                "label": row.label,
                "answer": said,
                "probability": rounded(float(right[i]), 6),
                "text": shorten(row.text),
                "cues": [_tell_cue(cue, row.text) for cue in cues[:MOST_CUES]],
                "contributions": [{"feature": name, "value": rounded(value)} for name, value in parts[:MOST_PARTS]],
            }
        )
    return found


def shorten(text: str, most: int = SNIPPET) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0] + " …"


def _release_evidence(row: Row, said: str, model: AnyModel) -> tuple[Sequence[Cue], list[Part]]:
    result = score(row.text, model=model)
    sign = -1.0 if model.poles and said == model.poles[1] else 1.0
    sums: dict[str, float] = {}
    for part in result.contributions:
        if part.outcome in (None, said):
            sums[part.feature] = sums.get(part.feature, 0.0) + sign * part.value
    return result.cues, _strongest(sums)


def _sentence_evidence(row: Row, said: str, model: Model) -> tuple[Sequence[Cue], list[Part]]:
    reading = read_text(row.text, lexicon=model.lexicon)
    if not reading.sentences:
        return (), []
    merged = merge_sentences(reading)
    counted = count_texts([merged], model.terms, model.scale)
    columns = np.concatenate([counted.ngram_column, counted.cue_column])
    a, b = model.classes.index(said), model.classes.index(row.label)
    terms = (model.weights[columns, a] - model.weights[columns, b]) * np.concatenate([counted.ngram_value, counted.cue_value])
    vectors = counted.pieces.vectors(counted.word_row)
    words = (vectors[:, a] - vectors[:, b]) * counted.word_value
    names = [model.vocabulary.name(c) for c in columns.tolist()] + [counted.pieces.names[c] for c in counted.word_row.tolist()]
    sums: dict[str, float] = {}
    for name, value in zip(names, np.concatenate([terms, words]).tolist(), strict=True):
        sums[name] = sums.get(name, 0.0) + value
    return reading.cues, _strongest(sums)


def _strongest(sums: dict[str, float]) -> list[Part]:
    return sorted(sums.items(), key=lambda part: (-abs(part[1]), part[0]))


def _tell_cue(cue: Cue, text: str) -> dict[str, Any]:
    words = " ".join(text[cue.start : cue.end].split())
    return {"words": words, "category": cue.category, "stance": cue.stance, "qualifiers": list(cue.qualifiers), "entry": cue.entry}
