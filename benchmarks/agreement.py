"""Agreement of writers and readers on the labels in `corpus/`: `python -m benchmarks.agreement`."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sklearn.metrics import cohen_kappa_score

CORPUS = Path(__file__).resolve().parent.parent / "corpus"


def side(value: object) -> str:
    """The side of a release score."""
    if str(value).upper() in ("NONE", "N"):
        return "none"
    number = float(str(value))
    return "hawkish" if number > 0 else "cautious" if number < 0 else "balanced"


def report(name: str, first: Sequence[str], second: Sequence[str]) -> None:
    """Prints count, agreement and Cohen's kappa."""
    same = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    print(f"{name:52s} n {len(first):6d}   agree {same:.3f}   kappa {cohen_kappa_score(first, second):.3f}")


def main() -> None:
    """Prints a line for each set and unit, then counts by label."""
    for name in ("constructed.jsonl", "constructed_test.jsonl"):
        rows = [json.loads(line) for line in (CORPUS / name).read_text(encoding="utf-8").splitlines()]
        scores = [[side(row[key]) for row in rows] for key in ("score_writer", "score_a", "score_b")]
        report(f"{name} releases, reader a and reader b", scores[1], scores[2])
        report(f"{name} releases, writer and reader a", scores[0], scores[1])
        sentences = [s for row in rows for s in row["sentences"]]
        report(f"{name} sentences, reader a and reader b", [s["reader_a"] for s in sentences], [s["reader_b"] for s in sentences])
        print("  ", dict(Counter(row["label"] for row in rows)), dict(Counter(s["label"] for s in sentences)))
    for name, change in (("pool_releases.csv", side), ("pool_sentences.csv", str)):
        with (CORPUS / name).open(encoding="utf-8", newline="") as lines:
            table = list(csv.DictReader(lines))
        report(name, [change(row["annotator_a"]) for row in table], [change(row["annotator_b"]) for row in table])
        print("  ", dict(Counter(row["label"] for row in table)))


if __name__ == "__main__":
    main()
