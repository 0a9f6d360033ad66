"""Checks a labelled corpus from beginning to end."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from classifier.learning.checking.agreement import Agreement, Level, measure_agreement
from classifier.learning.checking.judge import judge_classes, judge_duplicates, judge_near, judge_rows, judge_splits, judge_texts
from classifier.learning.checking.report import CorpusReport, Finding, Spread
from classifier.learning.checking.survey import Survey, survey_rows
from classifier.learning.labelled.read import BY_USUAL_NAMES, iterate_rows, read_shape
from classifier.learning.labelled.row import Fields


def check_corpus(path: Path, fields: Fields = BY_USUAL_NAMES, *, level: Level = "nominal") -> CorpusReport:
    """Looks at every row of a corpus and gives figures and findings; nothing is changed.

    Args:
        path: as for `iterate_rows`.
        fields: which fields hold what.
        level: of measurement of the annotators' labels, for Krippendorff's alpha.

    Raises:
        CorpusError: the file is not there, of no known kind, or broken as a whole.
    """
    shape = read_shape(path, fields)
    seen = survey_rows(iterate_rows(path, fields))
    languages = _tell_languages(seen)
    pairs = list(seen.near.find_pairs(seen.splits))
    agreement, disagreement = _agree(seen, level)
    findings = [
        *judge_rows(seen, exported=shape.exported),
        *judge_classes(seen),
        *judge_splits(seen),
        *judge_duplicates(seen),
        *judge_near(seen, pairs),
        *judge_texts(seen, languages),
        *disagreement,
    ]
    days = [day for day in seen.dates if day]
    return CorpusReport(
        file=str(path),
        shape=shape.name,
        rows=seen.rows + seen.bad_count,
        unlabelled=sum(not label for label in seen.labels),
        classes=seen.classes,
        characters=_spread(seen.characters),
        words=_spread(seen.words),
        splits=_count_splits(seen),
        groups=len(seen.groups),
        dates=(min(days), max(days)) if days else None,
        exact_duplicates=sum(len(numbers) - 1 for numbers in seen.bodies.values()),
        near_duplicates=len({number for one, other, _ in pairs for number in (one, other)}),
        languages=languages,
        agreement=agreement,
        findings=tuple(sorted(findings, key=lambda finding: finding.level != "refused")),
    )


def _tell_languages(seen: Survey) -> Counter[str]:
    from scraper.language import detect_language

    return Counter(dict(Counter(detect_language(text) or "?" for text in seen.sample).most_common()))


def _agree(seen: Survey, level: Level) -> tuple[Agreement | None, Iterator[Finding]]:
    labels = list(seen.annotated.values())
    if not any(len(given) > 1 for given in labels):
        return None, iter(())
    try:
        return measure_agreement(labels, [seen.clusters[name] for name in seen.annotated], level=level), iter(())
    except ValueError as error:
        return None, iter([Finding("warning", "agreement", str(error), "measure agreement at the nominal level")])


def _spread(lengths: object) -> Spread | None:
    values = np.asarray(lengths, dtype=np.int64)
    if not len(values):
        return None
    median, high = np.percentile(values, [50, 95], method="nearest")
    return Spread(int(values.min()), int(median), int(high), int(values.max()))


def _count_splits(seen: Survey) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for split, label in zip(seen.splits, seen.labels, strict=True):
        if split is not None:
            found[split][label] += 1
    return dict(found)
