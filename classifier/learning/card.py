"""The card of a model, made from its figures: nothing in it is typed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.learning.figures.names import COUNCIL, RUNGS, SETS, TIME_SPLIT
from classifier.learning.settings import KIND_OF_CODE, KINDS

Figures = Mapping[str, Any]

_SETS = {"time_split": SETS[TIME_SPLIT], "council_register": SETS[COUNCIL]}
_RELEASE = ("accuracy", "macro_f1", "roc_auc", "brier", "ece")


def write_card(name: str, version: str, facts: Figures, figures: Figures) -> str:
    """Markdown text of the card."""
    parts = [
        f"# {name} {version}",
        "Scores the wording of government and Council statements as hawkish or cautious. Made by "
        "`nac train --recipe`; every figure below is read from `metrics.json`.",
        "## Intended use\n\nStatements on security in English: North Atlantic Council statements, communiqués, ministerial texts, "
        "readouts and statements of governments. It measures wording; it reads no minds and predicts no events.\n\n"
        "Not for: other languages, social media, news prose, persons, or any decision about a person. Ally names, dates and "
        "places are put aside before scoring and are no evidence of a side.",
        _data(facts),
        _procedure(facts),
        write_figures(figures),
        "## Ceiling\n\nTwo independent annotators agree on 95 to 96.5 % of the sides of given releases where both chose one, and on "
        "92.4 % of given sentences (source: `data/README.md` of the labelled data; kappa 0.83 and 0.84 to 0.90). On the constructed "
        "test statements both blind readers and the writer agree on every release.",
        "## Limits\n\nThe real texts in training are another government's (same genre, not the Council's own); the Council's register "
        "is learned from constructed statements. The labels are those of language-model annotators reading the codebook, not of human "
        "experts. The lexicon was written in sight of the training texts, so figures on the constructed training hands would flatter; "
        "the test statements were written and read blind. Irony, quotation without marks and tables are read as plain prose.",
        "## Citation\n\nnac-stance contributors, nac-stance (see `CITATION.cff`).",
    ]
    return "\n\n".join(parts) + "\n"


def write_figures(figures: Figures) -> str:
    """The tables of both test sets: this model, the baselines, `no stance`."""
    return "\n\n".join(_section(title, figures[key]) for key, title in _SETS.items())


def _data(facts: Figures) -> str:
    rows = ["## Data", "", "| origin | unit | rows by label |", "|---|---|---|"]
    for origin, units in facts["trained_on"].items():
        for unit, counts in units.items():
            rows.append(f"| {origin} | {unit} | {', '.join(f'{label} {n}' for label, n in counts.items())} |")
    rows += [
        "",
        "Real: releases of the United States government, 2021 to 2023 (public domain), labels by two independent language-model "
        "annotators reading `corpus/CODEBOOK.md`; texts are not part of the project. Constructed: `corpus/constructed.jsonl`, invented "
        "statements, official of nobody, each labelled by its writer and two blind readers (language models). "
        "Codes of evidence: of given sentences by the same annotators, of ours by two independent language-model annotators who saw the label. "
        f"Corpus SHA-256 `{facts['corpus_sha256']}`.",
    ]
    return "\n".join(rows)


def _procedure(facts: Figures) -> str:
    settings = ", ".join(f"{key} {value}" for key, value in facts["settings"].items())
    return (
        f"## Procedure\n\nSentences: n-grams of up to {facts['settings']['features']['longest']} stemmed terms, pieces of words (2 to 5 letters), and cue categories with their "
        "qualifiers; names of Allies, persons and places, numbers and dates are put aside, adversaries and partners keep their names; multinomial "
        f"logistic regression over kinds of evidence, codes of the codebook ({_kinds()}): a class has the probability of its kinds together. "
        "Release: logistic regression on weighted means of these probabilities and on the release's own terms and cues, "
        "both from folds that the lower part did not see, then an affine map of the log-odds fitted on held-out groups. "
        f"Choices were made by cross-validation grouped by release inside 2021-2022. Settings: {settings}. "
        "The weights shipped are fitted on all years; the figures are those of the twin fitted before 2023. The test year and the constructed "
        "test statements were measured after every full training while this model was developed, so both are less blind than once-used "
        "test sets; a later set should confirm them."
    )


def _kinds() -> str:
    own = {kind: [code for code, counts_to in KIND_OF_CODE.items() if counts_to == kind] for kind in KINDS}
    return ", ".join(" with ".join(codes) for codes in own.values())


def _section(title: str, figures: Figures) -> str:
    model = figures["model"]
    rows = [f"## {title}", "", f"Releases with a side: n = {model['release']['n']}.", ""]
    rows += ["| | accuracy | macro-F1 | ROC AUC | Brier | ECE |", "|---|---|---|---|---|---|"]
    rows.append(f"| **this model** | {' | '.join(_value(model['release'], key) for key in _RELEASE)} |")
    for group, note in (("baselines", "given texts only"), ("baselines_same_training", "same training texts")):
        for rung, label in RUNGS.items():
            row = figures[group][rung]["release"]
            rows.append(f"| {label}, {note} | {' | '.join(_value(row, key) for key in _RELEASE)} |")
    rows += ["", f"Sentences: n = {model['sentence']['n']}.", "", "| | accuracy | macro-F1 |", "|---|---|---|"]
    rows.append(f"| **this model** | {_value(model['sentence'], 'accuracy')} | {_value(model['sentence'], 'macro_f1')} |")
    for group, note in (("baselines", "given texts only"), ("baselines_same_training", "same training texts")):
        for rung, label in RUNGS.items():
            row = figures[group][rung]["sentence"]
            rows.append(f"| {label}, {note} | {_value(row, 'accuracy')} | {_value(row, 'macro_f1')} |")
    stance = model["stance"]
    if stance["n_none"]:
        rows += [
            "",
            f"`none` releases answered *no stance*: {stance['none_answered_no_stance']:.1%} of {stance['n_none']}; "
            f"hawkish and cautious ones so answered: {stance['sided_answered_no_stance']:.1%}.",
        ]
    return "\n".join(rows)


def _value(figures: Figures, key: str) -> str:
    low, high = figures[f"{key}_interval"]
    return f"{figures[key]:.3f} ({low:.3f} to {high:.3f})"
