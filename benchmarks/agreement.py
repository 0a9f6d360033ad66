"""Agreement of writers, readers and annotators on the labels in `corpus/`, with intervals: `python -m benchmarks.agreement`."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from classifier.learning.checking.agreement import Figure, measure_agreement

CORPUS = Path(__file__).resolve().parent.parent / "corpus"


def side(value: object) -> str:
    """The side of a release score."""
    if str(value).upper() in ("NONE", "N"):
        return "none"
    number = float(str(value))
    return "hawkish" if number > 0 else "cautious" if number < 0 else "balanced"


def report(name: str, first: Sequence[str], second: Sequence[str], groups: Sequence[str] | None = None) -> None:
    """Prints count, agreement, Cohen's kappa and Krippendorff's alpha; texts of one group are drawn together."""
    agreement = measure_agreement([{"a": a, "b": b} for a, b in zip(first, second, strict=True)], groups)
    [pair] = agreement.pairs
    shown = f"agree {show(pair.percent)}   kappa {show(pair.kappa)}   alpha {show(agreement.alpha)}"
    print(f"{name:52s} n {pair.texts:6d}   {shown}")


def show(figure: Figure) -> str:
    """The value with its 95 % interval."""
    return f"{figure.value:.3f} ({figure.low:.3f}-{figure.high:.3f})"


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of a table of the corpus."""
    with (CORPUS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def report_table(name: str, change: Callable[[str], str], group: str) -> None:
    """The annotators of a table."""
    table = [row for row in read_table(name) if row["annotator_a"] and row["annotator_b"]]
    columns = ([change(row[key]) for row in table] for key in ("annotator_a", "annotator_b"))
    report(name, *columns, [row[group] for row in table])
    print("  ", dict(Counter(row["label"] for row in table)))


def report_codes(name: str, rows: Sequence[dict[str, str]], group: str) -> None:
    """The weightiest code of evidence of each annotator, over the sentences for which both named one of the label's side."""
    coded = [row for row in rows if all(row.get(key, "")[:1] == row["label"][:1].upper() for key in ("evidence_a", "evidence_b"))]
    coded = [row for row in coded if row["label"] in ("hawkish", "cautious")]
    columns = ([row[key].split(",")[0] for row in coded] for key in ("evidence_a", "evidence_b"))
    report(f"{name} codes of evidence", *columns, [row[group] for row in coded])


def main() -> None:
    """Prints a line for each set and unit, then counts by label."""
    for name in ("constructed.jsonl", "constructed_test.jsonl"):
        rows = [json.loads(line) for line in (CORPUS / name).read_text(encoding="utf-8").splitlines()]
        scores = [[side(row[key]) for row in rows] for key in ("score_writer", "score_a", "score_b")]
        report(f"{name} releases, reader a and reader b", scores[1], scores[2])
        report(f"{name} releases, writer and reader a", scores[0], scores[1])
        sentences = [s for row in rows for s in row["sentences"]]
        groups = [row["id"] for row in rows for _ in row["sentences"]]
        report(f"{name} sentences, reader a and reader b", [s["reader_a"] for s in sentences], [s["reader_b"] for s in sentences], groups)
        print("  ", dict(Counter(row["label"] for row in rows)), dict(Counter(s["label"] for s in sentences)))
    for name, change, group in (
        ("releases.csv", side, "id"),
        ("sentences.csv", str, "release"),
        ("pool_releases.csv", side, "id"),
        ("pool_sentences.csv", str, "id"),
        ("nac_statements.csv", side, "id"),
    ):
        report_table(name, change, group)
    report_codes("sentences.csv", read_table("sentences.csv"), "release")
    report_codes("pool_sentences.csv", read_table("pool_sentences.csv"), "id")
    made = [json.loads(line) for line in (CORPUS / "constructed.jsonl").read_text(encoding="utf-8").splitlines()]
    report_codes("constructed.jsonl", [{**s, "release": row["id"]} for row in made for s in row["sentences"]], "release")


if __name__ == "__main__":
    main()
