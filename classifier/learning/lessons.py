"""The rows that a model is taught with: read one by one, few enough for memory, checked, parted into training and test.

A corpus of a million rows is read as a stream; of more rows than fit, those with the smallest hash are kept, so that the
same corpus gives the same rows whatever their order.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.learning.labelled.read import read_labelled
from classifier.learning.labelled.row import CorpusError, Fields, LabelledText

MOST_ROWS = 100_000
MOST_CHARACTERS = 60_000_000
"""Rows and characters that are kept at most."""

LEAST_ROWS = 10
LEAST_OF_CLASS = 2
MOST_CLASSES = 1_000
TEST_SHARE = 0.2


@dataclass(frozen=True)
class Lessons:
    """Rows in the order of the file: `kept` of `read`, with the classes in alphabetical order."""

    rows: tuple[LabelledText, ...]
    classes: tuple[str, ...]
    read: int
    source: str

    def digest(self) -> str:
        """SHA-256 over ids, texts and labels of the kept rows, in hexadecimal."""
        total = hashlib.sha256()
        for row in self.rows:
            total.update(f"{row.id}\0{row.text}\0{row.label}\n".encode("utf-8", "surrogatepass"))
        return total.hexdigest()

    def counts(self) -> dict[str, int]:
        """Rows of each class."""
        found = Counter(row.label for row in self.rows)
        return {name: found[name] for name in self.classes}


def gather_lessons(
    path: Path, fields: Fields, *, drop: Collection[str] = (), tick: Callable[[], None] = lambda: None, most: int = MOST_ROWS
) -> Lessons:
    """Reads a labelled corpus.

    Args:
        path: the file.
        fields: which fields hold what.
        drop: labels whose rows are left out, such as `disputed`.
        tick: called after each row.
        most: rows kept at most.

    Raises:
        CorpusError: it cannot be read, or holds too little to learn from; the message says what and where.
    """
    count = 0

    def stream() -> Iterable[LabelledText]:
        nonlocal count
        for row in read_labelled(path, fields):
            tick()
            label = row.label.strip()
            if label not in drop:
                count += 1
                yield row if label == row.label else LabelledText(row.id, row.text, label, row.group, row.date, row.split, line=row.line)

    rows = _fewest(stream(), most)
    classes = tuple(sorted({row.label for row in rows}))
    check_lessons(path, rows, classes)
    return Lessons(tuple(rows), classes, count, path.name)


def check_lessons(path: Path | str, rows: Sequence[LabelledText], classes: Sequence[str]) -> None:
    """Refuses what nothing can be learned from.

    Raises:
        CorpusError: one class, too few rows, a class with too few rows, or far too many classes.
    """
    counts = Counter(row.label for row in rows)
    if nan := [name for name in classes if name.lower() in ("nan", "none", "null", "")][:1]:
        unlabelled = next(row for row in rows if row.label == nan[0])
        if nan[0] != "none":  # a class of its own in corpora of stances
            raise CorpusError(
                f"{path}: line {unlabelled.line}: the label is {nan[0]!r}",
                hint="label the row, delete it, or leave it out with --drop-label",
            )
    if len(classes) < 2:
        only = f"one class, {classes[0]!r}" if classes else "no class"
        raise CorpusError(
            f"{path}: holds {only}; two or more are needed", hint="give rows of another class, or name the label field with --label-field"
        )
    if len(rows) < LEAST_ROWS:
        raise CorpusError(f"{path}: holds {len(rows)} labelled rows; {LEAST_ROWS} are needed at least", hint="label more")
    if len(classes) > MOST_CLASSES or len(classes) > len(rows) // 2:
        raise CorpusError(
            f"{path}: holds {len(classes)} classes in {len(rows)} rows", hint="name the field of the labels with --label-field"
        )
    if len({cluster_of(row) for row in rows}) < 2:
        raise CorpusError(f"{path}: all rows are of one group or one text", hint="name another field with --group-field")
    few = sorted(name for name in classes if counts[name] < LEAST_OF_CLASS)
    if few:
        named = ", ".join(repr(name) for name in few[:5]) + (" and others" if len(few) > 5 else "")
        raise CorpusError(
            f"{path}: {named} {'has' if len(few) == 1 else 'have'} one row only; {LEAST_OF_CLASS} are needed of each class",
            hint="label more, or leave the class out with --drop-label",
        )


def _fewest(rows: Iterable[LabelledText], most: int) -> list[LabelledText]:
    """All rows in their order; of too many, those with the smallest hashes."""
    kept: list[tuple[int, int, LabelledText]] = []
    characters = 0
    for number, row in enumerate(rows):
        mark = int.from_bytes(hashlib.blake2b(f"{row.id}\0{row.text}".encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
        heapq.heappush(kept, (-mark, number, row))
        characters += len(row.text)
        while len(kept) > most or (characters > MOST_CHARACTERS and len(kept) > LEAST_ROWS):
            characters -= len(heapq.heappop(kept)[2].text)
    return [row for _, _, row in sorted(kept, key=lambda item: item[1])]


@dataclass(frozen=True)
class Parted:
    """Numbers of the rows that are learned from and of those that are tested on, and in words how they were parted.

    `given` is true where the user's own split decided: then the test rows are never fitted.
    """

    train: tuple[int, ...]
    test: tuple[int, ...]
    how: str
    given: bool


def part_lessons(lessons: Lessons, *, by_column: bool, test_since: str | None, seed: int, share: float = TEST_SHARE) -> Parted:
    """Parts rows by their split column, by date, or else by group, drawn with a seed.

    Raises:
        CorpusError: a side would be empty, or a row lacks the date or the split that decides.
    """
    rows = lessons.rows
    if by_column and any(row.split for row in rows):
        parted = _by_column(rows)
    elif test_since is not None:
        parted = _by_date(rows, test_since, lessons.source)
    else:
        return _by_group(rows, seed, share)
    for name, side in (("training", parted.train), ("test", parted.test)):
        if not side:
            raise CorpusError(f"{lessons.source}: no row is left for the {name} part ({parted.how})", hint="choose another split")
    if len({cluster_of(rows[i]) for i in parted.train}) < 2:
        raise CorpusError(f"{lessons.source}: the training part is of one group", hint="choose another split, or another --group-field")
    missing = sorted(set(lessons.classes) - {rows[i].label for i in parted.train})
    if missing:
        raise CorpusError(
            f"{lessons.source}: class {missing[0]!r} has no row in the training part ({parted.how})",
            hint="choose another split, or --drop-label",
        )
    return parted


def cluster_of(row: LabelledText) -> str:
    """What a row may not be parted from: its group, or rows of the very same text."""
    if row.group is not None:
        return f"group:{row.group}"
    return text_mark(row.text)


def text_mark(text: str) -> str:
    """The same for texts that differ in blanks and case alone."""
    return "text:" + hashlib.blake2b(" ".join(text.lower().split()).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _by_column(rows: Sequence[LabelledText]) -> Parted:
    known = {"train": 0, "training": 0, "dev": 0, "validation": 0, "val": 0, "test": 1, "testing": 1}
    for row in rows:
        if row.split not in known:
            raise CorpusError(
                f"line {row.line}: its split is {row.split!r}, neither train, dev nor test", hint="name another field with --split-field"
            )
    train = tuple(i for i, row in enumerate(rows) if not known[row.split or ""])
    return Parted(train, tuple(i for i, row in enumerate(rows) if known[row.split or ""]), "by the split column", True)


def _by_date(rows: Sequence[LabelledText], since: str, source: str) -> Parted:
    for row in rows:
        if not row.date:
            raise CorpusError(f"{source}: line {row.line} has no date", hint="name the field of the dates with --date-field")
    test = tuple(i for i, row in enumerate(rows) if (row.date or "") >= since)
    left = set(range(len(rows))) - set(test)
    return Parted(tuple(sorted(left)), test, f"tested on rows since {since}", True)


def _by_group(rows: Sequence[LabelledText], seed: int, share: float) -> Parted:
    """A share of the groups, in the order of a hash, so long as every class keeps rows to learn from."""
    clusters: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        clusters.setdefault(cluster_of(row), []).append(number)
    order = sorted(clusters, key=lambda name: hashlib.blake2b(f"{seed}\0{name}".encode("utf-8", "surrogatepass"), digest_size=8).digest())
    left = Counter(row.label for row in rows)
    test: list[int] = []
    for name in order:
        own = Counter(rows[i].label for i in clusters[name])
        if len(test) + len(clusters[name]) > share * len(rows) or any(left[label] - n < LEAST_OF_CLASS for label, n in own.items()):
            continue
        left -= own
        test += clusters[name]
    held = set(test)
    how = f"{share:.0%} of the {'groups' if any(row.group for row in rows) else 'rows'}, drawn with seed {seed}"
    return Parted(tuple(i for i in range(len(rows)) if i not in held), tuple(sorted(test)), how, False)
