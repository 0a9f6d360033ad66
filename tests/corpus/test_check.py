"""What a check refuses, what it warns of, and what it leaves in peace."""

import json
import random
import subprocess
import sys

import pytest

from classifier.learning.checking.check import check_corpus
from classifier.learning.checking.near import NearDuplicates
from classifier.learning.labelled.row import Fields
from tests.corpus.test_labelled_reading import chosen, put, task

WORDS = [f"{a}{b}" for a in ("al", "be", "co", "du", "er", "fo", "gi", "ho") for b in ("ra", "ne", "ti", "lo", "mus", "par", "sek", "tor")]


SMALL = "the and that with our from this which".split()


def made_text(number, length=25):
    """Nonsense between small English words, that no other number gives."""
    chance = random.Random(number)
    return " ".join(chance.choice(WORDS if place % 3 else SMALL) for place in range(length))


def good(count=40):
    return [{"id": str(n), "text": made_text(n), "label": ("firm", "calm")[n % 2]} for n in range(count)]


def change(rows, number, **fields):
    rows[number] = rows[number] | fields
    return rows


def split(rows, **fields):
    return [
        row | {"split": "train" if n < len(rows) * 3 // 4 else "test"} | {k: v(n) for k, v in fields.items()} for n, row in enumerate(rows)
    ]


def codes(path, fields=Fields(), level=None):  # noqa: B008
    report = check_corpus(path, fields)
    return {finding.code for finding in report.findings if level in (None, finding.level)}


REFUSED = [
    (["{"], "bad_rows", "a row that is no JSON"),
    (change(good(), 3, text=" "), "empty_texts", "an empty text"),
    (change(good(), 3, label=""), "unlabelled", "no label in a plain table"),
    (change(good(), 3, id="4"), "repeated_ids", "one id for two texts"),
    ([row | {"label": "firm"} for row in good()], "one_class", "one class"),
    ([row | {"label": None} for row in good()], "one_class", "no label at all"),
    (split(good(), group=lambda n: f"g{n // 20}"), "group_leak", "a group on both sides"),
    (change(split(good()), 35, label="new"), "unseen_class", "a class that is measured and never learnt"),
    (change(split(good()), 35, text=made_text(3)), "duplicates_across_splits", "an equal text on both sides"),
    (change(split(good()), 35, text=made_text(3) + " end"), "near_duplicates_across_splits", "nearly the same text on both sides"),
]


@pytest.mark.parametrize(("rows", "code", "reason"), REFUSED, ids=[row[2] for row in REFUSED])
def test_what_would_make_figures_false_is_refused(tmp_path, rows, code, reason):
    report = check_corpus(put(tmp_path / "a.jsonl", *(rows if len(rows) > 1 else [*good(), *rows])))
    assert report.refused
    assert code in {finding.code for finding in report.findings if finding.level == "refused"}, reason
    assert report.findings[0].level == "refused", "what is refused comes first"
    assert all(finding.hint for finding in report.findings)


WARNED = [
    (change(good(), 3, text=made_text(5)), "duplicates", "an equal text"),
    (change(good(), 3, text=made_text(4).upper() + "!"), "contradictions", "equal but for case and punctuation, another label"),
    (change(good(), 3, text=made_text(5) + " end"), "near_duplicates", "one word more"),
    ([*good(), {"id": "x", "text": made_text(99), "label": "firm "}], "label_typo", "a blank too many"),
    ([*good(), {"id": "x", "text": made_text(99), "label": "Firm"}], "label_typo", "another case"),
    ([*good(), {"id": "x", "text": made_text(99), "label": "frim"}], "label_typo", "two letters swapped"),
    ([*good(), {"id": "x", "text": made_text(99), "label": "nan"}], "missing_label", "a missing value written out"),
    ([*good(), {"id": "x", "text": made_text(99), "label": "other"}], "small_classes", "a class with one example"),
    ([*good(84), {"id": "x", "text": made_text(99), "label": "other"}], "uneven_classes", "42 to one"),
    (change(good(), 3, text="Lâ€™Alliance rÃ©pondra Ã  toute menace"), "mojibake", "UTF-8 read as Windows-1252"),
    (change(good(), 3, text="broken \ufffd letters in here"), "mojibake", "replacement characters"),
    (change(good(), 3, text="a bell \x07 rings"), "control_characters", "a control character"),
    (split(good(), date=lambda n: f"2021-{12 - n // 4:02d}"), "date_leak", "learnt from later days than measured on"),
    ([row | {"split": "train"} for row in good()], "one_split", "nothing to measure on"),
    (change(split(good()), 3, split=""), "no_split", "a row in no split"),
    (
        [
            row | {"text": f"Les Alliés ont décidé de renforcer la défense aérienne dans la région {n} du nord."}
            for n, row in enumerate(good())
        ],
        "languages",
        "French",
    ),
]


@pytest.mark.parametrize(("rows", "code", "reason"), WARNED, ids=[row[2] for row in WARNED])
def test_what_is_only_odd_is_warned_of(tmp_path, rows, code, reason):
    report = check_corpus(put(tmp_path / "a.jsonl", *rows))
    assert not report.refused, report.findings
    [finding] = [finding for finding in report.findings if finding.code == code]
    assert finding.level == "warning" and finding.count >= 1


PEACE = [
    (good(), "rows of two classes"),
    (split(good(), group=lambda n: f"g{n // 10}", date=lambda n: f"20{n + 10}"), "groups and days on one side each"),
    ([row | {"label": "12" if row["label"] == "firm" else "13"} for row in good()], "numbers are not slips of each other"),
    ([row | {"label": "for" if row["label"] == "firm" else "not"} for row in good()], "short words are not slips of each other"),
]


@pytest.mark.parametrize(("rows", "reason"), PEACE, ids=[row[1] for row in PEACE])
def test_what_is_sound_is_left_in_peace(tmp_path, rows, reason):
    assert codes(put(tmp_path / "a.jsonl", *rows)) == set(), reason


def test_one_duplicate_in_a_large_split_is_a_warning(tmp_path):
    rows = split(good(900))
    rows[890] = rows[890] | {"text": rows[3]["text"]}
    report = check_corpus(put(tmp_path / "a.jsonl", *rows))
    assert not report.refused
    assert "duplicates_across_splits" in {finding.code for finding in report.findings}


def test_the_figures(tmp_path):
    rows = split(good(), release=lambda n: f"g{n // 10}", date=lambda n: f"20{n + 10}")
    record = check_corpus(put(tmp_path / "a.jsonl", *rows)).as_record()
    assert record["rows"] == 40 and record["classes"] == {"firm": 20, "calm": 20}
    assert record["splits"] == {"train": {"firm": 15, "calm": 15}, "test": {"firm": 5, "calm": 5}}
    assert record["groups"] == 4 and record["dates"] == {"first": "2010", "last": "2049"}
    assert record["lengths"]["words"] == {"min": 25, "median": 25, "p95": 25, "max": 25}
    json.dumps(record)


def test_exports_with_texts_not_labelled_yet_are_no_fault(tmp_path):
    tasks = [task(chosen(("firm", "calm")[n % 2], 1), id=str(n)) | {"data": {"text": made_text(n)}, "id": n} for n in range(30)]
    path = put(tmp_path / "a.jsonl", *tasks, task() | {"data": {"text": made_text(99)}, "id": 99})
    report = check_corpus(path)
    assert (report.shape, report.unlabelled, report.refused) == ("label-studio", 1, False)


def test_agreement_of_columns_of_tasks_and_of_rows_is_the_same(tmp_path):
    chance = random.Random(3)
    given = [(chance.choice("xy"), chance.choice("xxy")) for _ in range(60)]
    columns = [{"id": n, "text": made_text(n), "label": a, "annotator_1": a, "annotator_2": b} for n, (a, b) in enumerate(given)]
    tasks = [{"id": n, "data": {"text": made_text(n)}, "annotations": [chosen(a, 1), chosen(b, 2)]} for n, (a, b) in enumerate(given)]
    sessions = [
        {"text": made_text(n), "label": label, "answer": "accept", "_input_hash": n, "_annotator_id": str(who)}
        for who in (1, 2)
        for n, pair in enumerate(given)
        for label in [pair[who - 1]]
    ]
    rows = [{"id": n, "text": made_text(n), "label": pair[who - 1], "annotator": who} for who in (1, 2) for n, pair in enumerate(given)]
    found = [check_corpus(put(tmp_path / f"{n}.jsonl", *kind)) for n, kind in enumerate((columns, tasks, sessions, rows))]
    assert found[0].agreement.texts == 60
    assert found[0].agreement == found[1].agreement == found[2].agreement == found[3].agreement
    assert not any(report.refused for report in found), "rows of another annotator are no repeated ids"
    percent = sum(a == b for a, b in given) / 60
    assert found[0].agreement.pairs[0].percent.value == pytest.approx(percent)


def test_words_at_a_level_of_numbers_are_a_warning(tmp_path):
    rows = [row | {"annotator_a": "1", "annotator_b": "N"} for row in good()]
    report = check_corpus(put(tmp_path / "a.jsonl", *rows), level="ordinal")
    assert report.agreement is None
    assert {finding.code for finding in report.findings} == {"agreement"}


def test_near_duplicates_are_found_among_many_and_strangers_are_not():
    """Every text of 400 has a copy with one word of 40 changed: resemblance about 37/43."""
    near = NearDuplicates()
    expected = set()
    for n in range(400):
        words = made_text(n, 40).split()
        near.add(2 * n, words)
        near.add(2 * n + 1, [*words[:20], "changed", *words[21:]])
        expected.add((2 * n, 2 * n + 1))
    found = {(min(a, b), max(a, b)) for a, b, _ in near.find_pairs()}
    assert found <= expected, "no two strangers"
    assert len(found) > 0.8 * len(expected), "estimated resemblances scatter about 0.86 by 0.04"


def test_of_many_alike_no_pair_across_splits_is_hidden():
    near = NearDuplicates()
    words = made_text(1, 40).split()
    for n in range(300):
        near.add(n, words)
    splits = ["train"] * 150 + ["test"] * 150
    pairs = list(near.find_pairs(splits))
    assert {n for one, other, _ in pairs for n in (one, other) if splits[one] != splits[other]} >= set(range(150, 300))
    assert len(pairs) < 1_000, "not every pair of them"


CODE = """
import resource, sys
from pathlib import Path
from classifier.learning.checking.check import check_corpus
report = check_corpus(Path(sys.argv[1]))
print(report.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_a_check_needs_about_a_kilobyte_a_row_and_holds_no_text(tmp_path):
    measured = []
    for count in (2_000, 60_000):
        path = put(tmp_path / "a.jsonl", *({"id": n, "text": made_text(n, 12), "label": ("firm", "calm")[n % 2]} for n in range(count)))
        done = subprocess.run([sys.executable, "-c", CODE, str(path)], capture_output=True, text=True, check=True)
        measured.append(tuple(map(int, done.stdout.split())))
    (few, small), (many, large) = measured
    assert (few, many) == (2_000, 60_000)
    assert (large - small) * 1024 / (many - few) < 1024 + 512, f"{large} KiB against {small} KiB"


def test_the_given_data_are_sound(given_data):
    for name in ("sentences.jsonl", "releases.jsonl"):
        assert not check_corpus(given_data / name).refused
