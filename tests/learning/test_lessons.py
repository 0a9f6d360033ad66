"""Rows to learn from: which are kept of many, and how they are parted."""

import json
import resource
import subprocess
import sys

import pytest

from classifier.learning.labelled.row import CorpusError, Fields
from classifier.learning.lessons import cluster_of, gather_lessons, part_lessons
from tests.learning.made_rows import make_rows, write_rows


def gather(tmp_path, rows, fields=None, **options):
    return gather_lessons(write_rows(tmp_path / "rows.jsonl", rows), fields or Fields(), **options)


def test_of_many_rows_the_same_are_kept_whatever_their_order(tmp_path):
    rows = make_rows(2, 300)
    kept = gather(tmp_path, rows, most=50)
    again = gather(tmp_path, rows[::-1], most=50)
    assert (kept.read, len(kept.rows)) == (300, 50)
    assert {row.id for row in kept.rows} == {row.id for row in again.rows}
    assert [row.line for row in kept.rows] == sorted(row.line for row in kept.rows)


def test_a_long_corpus_is_read_within_memory(tmp_path):
    """200,000 rows of a kilobyte: what is kept is bounded, so the process stays far below their 200 MB."""
    file = tmp_path / "long.jsonl"
    with file.open("w") as lines:
        for number in range(200_000):
            lines.write(json.dumps({"text": f"{number} " + "word " * 200, "label": "even" if number % 2 else "odd"}) + "\n")
    code = (
        "import sys, resource\n"
        "from pathlib import Path\n"
        "from classifier.learning import lessons\n"
        "from classifier.learning.labelled.row import Fields\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "lessons.MOST_CHARACTERS = 10_000_000\n"
        "kept = lessons.gather_lessons(Path(sys.argv[1]), Fields())\n"
        "print(kept.read, len(kept.rows), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    read, kept, grown = map(int, done.stdout.split())
    assert read == 200_000
    assert 5_000 < kept < 15_000
    assert grown < 80_000 * (1 if sys.platform == "linux" else 1024), "kilobytes on Linux, bytes on a Mac"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0


def test_groups_and_same_texts_are_not_parted(tmp_path):
    rows = make_rows(3, 200)
    lessons = gather(tmp_path, rows, Fields(group="author"))
    parted = part_lessons(lessons, by_column=False, test_since=None, seed=1)
    sides = [{cluster_of(lessons.rows[i]) for i in side} for side in (parted.train, parted.test)]
    assert not sides[0] & sides[1]
    assert sorted(parted.train + parted.test) == list(range(200))
    assert 0.1 < len(parted.test) / 200 <= 0.2
    assert not parted.given


def test_the_split_column_decides(tmp_path):
    rows = [row | {"split": "test" if i % 5 == 0 else "dev" if i % 5 == 1 else "train"} for i, row in enumerate(make_rows(2, 60))]
    parted = part_lessons(gather(tmp_path, rows), by_column=True, test_since=None, seed=0)
    assert parted.test == tuple(range(0, 60, 5))
    assert parted.given


@pytest.mark.parametrize(
    ("change", "told", "reason"),
    [
        (lambda i, row: {"split": "fold3"}, "its split is 'fold3'", "a word that is no part"),
        (lambda i, row: {"split": "train"}, "no row is left for the test part", "no test rows"),
        (
            lambda i, row: {"split": "train" if row["label"] == "delay" else "test"},
            "has no row in the training part",
            "a class in the test part alone",
        ),
    ],
)
def test_splits_that_cannot_be_are_refused(tmp_path, change, told, reason):
    rows = [row | change(i, row) for i, row in enumerate(make_rows(2, 40))]
    with pytest.raises(CorpusError, match=told):
        part_lessons(gather(tmp_path, rows), by_column=True, test_since=None, seed=0)


def test_labels_are_left_out_and_blanks_around_them_forgotten(tmp_path):
    rows = make_rows(3, 60)
    for row in rows[::7]:
        row["label"] = f" {row['label']} "
    lessons = gather(tmp_path, rows, drop=("refund",))
    assert lessons.classes == ("damage", "delay")
    assert sum(lessons.counts().values()) == len(lessons.rows)
