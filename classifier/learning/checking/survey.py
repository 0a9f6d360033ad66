"""One pass over a corpus that keeps a few hundred bytes a row: what every check needs and no text."""

from __future__ import annotations

import random
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from classifier.learning.checking.near import NearDuplicates
from classifier.learning.labelled.row import BadRow, LabelledText
from scraper.fingerprints import list_words

SAMPLE = 500
"""Texts, drawn at random, of which the language is told."""

_SEED = 20


@dataclass(slots=True)
class Survey:
    """What has been seen so far; rows are numbered from 0 in the order in which they came."""

    bad: list[BadRow] = field(default_factory=list)
    bad_count: int = 0
    lines: array[int] = field(default_factory=lambda: array("l"))
    labels: list[str] = field(default_factory=list)
    splits: list[str | None] = field(default_factory=list)
    dates: list[str | None] = field(default_factory=list)
    characters: array[int] = field(default_factory=lambda: array("l"))
    words: array[int] = field(default_factory=lambda: array("l"))
    empty: list[int] = field(default_factory=list)
    mojibake: list[int] = field(default_factory=list)
    controls: list[int] = field(default_factory=list)
    bodies: dict[int, list[int]] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    repeated_ids: list[int] = field(default_factory=list)
    groups: dict[str, set[str | None]] = field(default_factory=lambda: defaultdict(set))
    annotated: dict[str, dict[str, str]] = field(default_factory=dict)
    clusters: dict[str, str] = field(default_factory=dict)
    sample: list[str] = field(default_factory=list)
    near: NearDuplicates = field(default_factory=NearDuplicates)
    _random: random.Random = field(default_factory=lambda: random.Random(_SEED))

    @property
    def rows(self) -> int:
        """How many rows could be read."""
        return len(self.labels)

    @property
    def classes(self) -> Counter[str]:
        """Labels by number of rows, the most frequent first; rows without one left out."""
        return Counter(dict(Counter(label for label in self.labels if label).most_common()))


MOST_BAD = 1_000
"""Bad rows that are kept; all are counted."""


def survey_rows(rows: Iterable[LabelledText | BadRow]) -> Survey:
    """Goes over the rows of a corpus once."""
    seen = Survey()
    for row in rows:
        if isinstance(row, BadRow):
            seen.bad_count += 1
            if len(seen.bad) < MOST_BAD:
                seen.bad.append(row)
        elif not _is_further_annotation(seen, row):
            _take(seen, row)
    return seen


def _is_further_annotation(seen: Survey, row: LabelledText) -> bool:
    """Whether a row only adds another annotator's label to a text that was seen: exports with one row an annotator."""
    known = seen.annotated.get(row.id)
    if known is None or not row.annotators or set(known) & set(row.annotators):
        return False
    known |= row.annotators
    return True


def _take(seen: Survey, row: LabelledText) -> None:
    from ftfy.badness import is_bad

    number = seen.rows
    words = list_words(row.text)
    seen.lines.append(row.line)
    seen.labels.append(row.label)
    seen.splits.append(row.split)
    seen.dates.append(row.date)
    seen.characters.append(len(row.text))
    seen.words.append(len(words))
    if not row.text.strip():
        seen.empty.append(number)
        return
    if is_bad(row.text) or "\ufffd" in row.text:
        seen.mojibake.append(number)
    if any(letter < " " and letter not in "\t\r\n" for letter in row.text):
        seen.controls.append(number)
    seen.bodies.setdefault(hash(" ".join(words) or row.text), []).append(number)
    seen.near.add(number, words)
    if seen.ids.setdefault(row.id, number) != number:
        seen.repeated_ids.append(number)
    if row.group is not None:
        seen.groups[row.group].add(row.split)
    if row.annotators:
        seen.annotated.setdefault(row.id, dict(row.annotators))
        seen.clusters.setdefault(row.id, row.cluster)
    place = number if number < SAMPLE else seen._random.randrange(number + 1)
    if place < SAMPLE:
        seen.sample[place : place + 1] = [row.text]
