"""The card of a text model, made from its manifest and figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.learning.any_card import write_evaluation
from classifier.scoring.texts.text_model import EXACT, TextModel


def write_text_card(model: TextModel, facts: Mapping[str, Any], metrics: Mapping[str, Any]) -> str:
    """Markdown text of the card."""
    corpus, choice = facts["corpus"], facts["choice"]
    parts = [
        f"# {model.name} {model.version}",
        f"Says which of {len(model.classes)} classes a text is of: {', '.join(model.classes)}. Made by `nac train`; every figure below is read from `metrics.json`.",
        "## Intended use\n\nTexts like those it was trained on. Not for other kinds of text, nor for any decision about a person.",
        "## Data\n\n"
        + f"`{corpus['file']}`: {corpus['rows']} labelled rows, {corpus['kept']} kept, {facts['fitted_on']} fitted. Rows of each class: "
        + ", ".join(f"{name} {count}" for name, count in corpus["classes"].items())
        + f". Corpus SHA-256 `{facts['corpus_sha256']}`.",
        "## Procedure\n\n"
        + f"Kernel ridge regression on {_blocks(choice)}, chosen by cross-validation inside the training part "
        + f"({len(metrics['search']['trials'])} trials, {metrics['search']['folds']} folds, weighted F1 {metrics['search']['honest_weighted_f1']:.3f} "
        + "where each fold is answered by the choice that did best on the others), then calibrated on folds that the fit had not seen. "
        + f"Names, numbers and dates are {'put aside' if choice['view'] == 'masked' else 'read as they stand'}. "
        + (
            "The explanation is exact."
            if model.explanation == EXACT
            else "The likeness to training texts is no sum over words: the explanation is approximate. The model holds vectors of training texts."
        ),
        _figures(metrics["evaluations"], facts["split"]),
        "## Limits\n\nThe figures hold for texts drawn as the test part was. Choices: "
        + ", ".join(f"{k} {v}" for k, v in choice.items())
        + ".",
        "## Citation\n\nnac-stance contributors, nac-stance (see `CITATION.cff`).",
    ]
    return "\n\n".join(parts) + "\n"


def _blocks(choice: Mapping[str, Any]) -> str:
    words = [f"runs of 1 to {choice['words']} words", f"pieces of {choice['pieces'][0]} to {choice['pieces'][1]} letters"]
    words += [f"runs of 1 to {choice['stems']} stems"] if choice["stems"] else []
    words += ["words of the first and last third"] if choice["places"] else []
    words += ["cues of the lexicon with their qualifiers"] if choice["cues"] else []
    words += [f"likeness to training texts by {choice['likeness_of']}"] if choice["likeness"] else []
    return ", ".join(words)


def _figures(evaluations: Mapping[str, Any], split: str) -> str:
    told = f"Figures are on rows that the measured weights had not seen ({split})."
    return "\n\n".join([told, *(write_evaluation(title, record) for title, record in evaluations.items())])
