"""What is wrong with a corpus that has been surveyed. Each check gives findings; none changes anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from classifier.learning.checking.report import MOST_LINES, Finding
from classifier.learning.checking.survey import Survey

MOST_SHARED = 0.01
"""Share of the rows of a split that may be (near-)duplicates of another split's; with more, its figures are false."""

MOST_UNEVEN = 20
"""Times that the largest class may be larger than the smallest without a warning."""

FEWEST = 10
"""Examples of a class below which nothing can be said of it."""

MISSING = frozenset({"nan", "null", "n/a", "na", "#n/a", "undefined", "unlabeled", "unlabelled", "todo", "?"})
"""Labels that are most often a missing value written out."""

Level = Literal["refused", "warning"]


def judge_rows(seen: Survey, *, exported: bool) -> Iterator[Finding]:
    """Rows that cannot be read, have no text or no label, or share an id.

    Args:
        seen: the survey.
        exported: the file comes from a labelling tool, where texts without a label are no fault.
    """
    if seen.bad:
        first = seen.bad[0]
        message = f"{_rows(seen.bad_count)} cannot be read; line {first.line} {first.problem}"
        lines = tuple(row.line for row in seen.bad[:MOST_LINES])
        yield Finding("refused", "bad_rows", message, first.hint, seen.bad_count, lines)
    if seen.rows == 0:
        yield Finding("refused", "no_rows", "there is no row", "give a corpus with rows")
        return
    if seen.empty:
        yield _of_rows("refused", "empty_texts", "{} without text", "delete them", seen, seen.empty)
    unlabelled = [number for number, label in enumerate(seen.labels) if not label]
    if unlabelled:
        level: Level = "warning" if exported else "refused"
        yield _of_rows(level, "unlabelled", "{} without a label", "label or delete them, or name the field of the label", seen, unlabelled)
    if seen.repeated_ids:
        hint = "give every row an id of its own; what belongs together goes into a group"
        yield _of_rows("refused", "repeated_ids", "{} with an id that another row has", hint, seen, seen.repeated_ids)


def judge_classes(seen: Survey) -> Iterator[Finding]:
    """Too few classes, classes with few examples, and labels that look like slips of the pen."""
    classes = seen.classes
    if seen.rows and len(classes) < 2:
        found = f"one class ({next(iter(classes))})" if classes else "no label at all"
        yield Finding("refused", "one_class", f"there is {found}", "two classes are the least that can be learnt, or told apart")
    if len(classes) > 1:
        small = [(name, count) for name, count in classes.items() if count < FEWEST]
        if small:
            told = ", ".join(f"{name!r} ({count})" for name, count in small[:5])
            hint = "label more of them, or join them to another class"
            yield Finding("warning", "small_classes", f"classes with fewer than {FEWEST} examples: {told}", hint, len(small))
        counts = list(classes.values())
        if counts[0] > MOST_UNEVEN * counts[-1]:
            message = f"the largest class has {counts[0] / counts[-1]:,.0f} times as many rows as the smallest"
            yield Finding("warning", "uneven_classes", message, "judge models by macro-F1 or balanced accuracy, not by accuracy")
    yield from _judge_labels(classes, seen)


def _judge_labels(classes: Counter[str], seen: Survey) -> Iterator[Finding]:
    from rapidfuzz.distance import DamerauLevenshtein

    names = list(classes)
    plain = {name: " ".join(name.split()).casefold() for name in names}
    for place, name in enumerate(names):
        for frequent in names[:place]:
            if plain[name] == plain[frequent]:
                found = "differ in case or blanks alone"
            elif classes[name] * 10 <= classes[frequent] and _is_slip(plain[name], plain[frequent], DamerauLevenshtein.distance):
                found = "differ by a slip of the pen"
            else:
                continue
            message = f"{name!r} ({classes[name]}) and {frequent!r} ({classes[frequent]}) {found}"
            yield _of_rows("warning", "label_typo", message, "write them alike, if they are one", seen, _with_label(seen, name))
            break
        if plain[name] in MISSING:
            message = f"{{}} with the label {name!r}, which looks like a missing one"
            yield _of_rows("warning", "missing_label", message, "leave it empty, or give it a name", seen, _with_label(seen, name))


def _is_slip(rare: str, frequent: str, distance: object) -> bool:
    """One letter in a word of four or more, two in one of eight or more; numbers are never slips."""
    if rare.isdecimal() or frequent.isdecimal() or min(len(rare), len(frequent)) < 4:
        return False
    return distance(rare, frequent) <= (2 if min(len(rare), len(frequent)) >= 8 else 1)  # type: ignore[operator,no-any-return]


def judge_texts(seen: Survey, languages: Counter[str]) -> Iterator[Finding]:
    """Mojibake, control characters, languages."""
    if seen.mojibake:
        hint = "the file was once read in a wrong encoding: export it again as UTF-8, or mend it with ftfy"
        yield _of_rows("warning", "mojibake", "{} with letters garbled by a wrong encoding", hint, seen, seen.mojibake)
    if seen.controls:
        yield _of_rows("warning", "control_characters", "{} with control characters", "take them out", seen, seen.controls)
    told = sum(languages.values()) - languages["?"]
    foreign = {name: count for name, count in languages.items() if name not in ("en", "?")}
    if foreign and sum(foreign.values()) > 0.02 * told:
        shares = ", ".join(f"{name} {count / told:.0%}" for name, count in foreign.items())
        message = f"not all texts are English (of {told:,} drawn at random: {shares})"
        yield Finding("warning", "languages", message, "cues and sentence rules are for English; n-grams are learnt from any language")


def judge_duplicates(seen: Survey) -> Iterator[Finding]:
    """Equal texts: with different labels, and across splits."""
    alike = [numbers for numbers in seen.bodies.values() if len(numbers) > 1]
    surplus = [number for numbers in alike for number in numbers[1:]]
    if surplus:
        hint = "keep one of each, or give equal texts one group"
        yield _of_rows("warning", "duplicates", "{} with a text that stands before", hint, seen, surplus)
    torn = [number for numbers in alike if len({seen.labels[n] for n in numbers if seen.labels[n]}) > 1 for number in numbers]
    if torn:
        yield _of_rows("warning", "contradictions", "{} with equal texts and different labels", "decide which label holds", seen, torn)
    crossing = [number for numbers in alike if len({seen.splits[n] for n in numbers}) > 1 for number in numbers]
    yield from _judge_crossing(seen, crossing, "duplicates_across_splits", "equal to a row of another split")


def judge_near(seen: Survey, pairs: Sequence[tuple[int, int, float]]) -> Iterator[Finding]:
    """Texts that are nearly alike: anywhere, and across splits."""
    if not pairs:
        return
    numbers = sorted({number for one, other, _ in pairs for number in (one, other)})
    hint = "give texts that belong together one group, so that no split parts them"
    yield _of_rows("warning", "near_duplicates", "{} nearly alike another row", hint, seen, numbers)
    crossing = sorted({n for one, other, _ in pairs if seen.splits[one] != seen.splits[other] for n in (one, other)})
    yield from _judge_crossing(seen, crossing, "near_duplicates_across_splits", "nearly alike a row of another split")


def _judge_crossing(seen: Survey, crossing: Iterable[int], code: str, what: str) -> Iterator[Finding]:
    crossing = [number for number in crossing if seen.splits[number] is not None]
    sizes, shared = Counter(seen.splits), Counter(seen.splits[number] for number in crossing)
    if not crossing:
        return
    # What is learnt from may hold a copy of anything; what is measured on may not.
    worst = max((shared[name] / sizes[name] for name in shared if name != "train"), default=0.0)
    level: Level = "refused" if worst > MOST_SHARED else "warning"
    message = f"{{}} {what}, up to {worst:.1%} of a split that is measured on"
    yield _of_rows(level, code, message, "delete them from the part that is measured on", seen, crossing)


def judge_splits(seen: Survey) -> Iterator[Finding]:
    """Groups, classes and dates on the wrong side of a split."""
    sizes = Counter(seen.splits)
    if set(sizes) == {None}:
        return
    if sizes[None]:
        without = [number for number, split in enumerate(seen.splits) if split is None]
        yield _of_rows("warning", "no_split", "{} in no split", "name their split, or leave the column out", seen, without)
    torn = sorted(group for group, splits in seen.groups.items() if len(splits - {None}) > 1)
    if torn:
        message = f"{len(torn):,} groups are parted by the split: {', '.join(repr(group) for group in torn[:5])}"
        yield Finding("refused", "group_leak", message, "put all rows of a group into one split", len(torn))
    if "train" not in sizes or len(set(sizes) - {None}) < 2:
        yield Finding("warning", "one_split", "there is no part to learn from and another to measure on", "name them train and test")
        return
    learnt = {label for label, split in zip(seen.labels, seen.splits, strict=True) if split == "train"}
    unseen = sorted(
        {label for label, split in zip(seen.labels, seen.splits, strict=True) if split not in (None, "train") and label} - learnt
    )
    if unseen:
        message = f"classes that are measured but never learnt: {', '.join(map(repr, unseen[:5]))}"
        yield Finding("refused", "unseen_class", message, "label some of them in the part to learn from", len(unseen))
    yield from _judge_dates(seen)


def _judge_dates(seen: Survey) -> Iterator[Finding]:
    measured = [day for day, split in zip(seen.dates, seen.splits, strict=True) if day and split == "test"]
    if not measured:
        return
    first = min(measured)
    later = [n for n, (day, split) in enumerate(zip(seen.dates, seen.splits, strict=True)) if day and split == "train" and day >= first]
    if later:
        message = f"{{}} to learn from dated on or after {first}, the first day that is measured on"
        yield _of_rows("warning", "date_leak", message, "split by date, or say that figures are not of a later time", seen, later)


def _with_label(seen: Survey, name: str) -> list[int]:
    return [number for number, label in enumerate(seen.labels) if label == name]


def _of_rows(level: Level, code: str, message: str, hint: str, seen: Survey, numbers: Sequence[int]) -> Finding:
    lines = tuple(seen.lines[number] for number in sorted(numbers)[:MOST_LINES])
    return Finding(level, code, message.format(_rows(len(numbers))) if "{}" in message else message, hint, len(numbers), lines)


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
