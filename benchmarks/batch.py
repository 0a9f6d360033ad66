"""`make bench-batch`: `nac batch` beside named references, in one run, each in processes of its own.

Everything is measured end to end (reading the file, scoring, writing rows), less the time of the same program on one
release, so that start-up counts for nobody:

1. releases a second of one process beside one pass of `spacy.blank("en")` + sentencizer + PhraseMatcher of 1,000
   phrases over the same file, and beside the same plus HashingVectorizer (1-2-grams) + LogisticRegression;
2. two workers beside one; 3. peak memory and time per release of the largest input beside smaller ones;
4. `--profile`: where the time of one process goes, inside and outside the arithmetic of a score.

Texts: `../shared/data/pool.jsonl` repeated, or constructed ones where it is missing. `--quick` takes small inputs.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GIVEN = ROOT.parent / "shared" / "data" / "pool.jsonl"
MADE = ROOT / "corpus" / "constructed.jsonl"
AT_LEAST = {"beside spaCy": 0.5, "beside spaCy and scikit-learn": 1.0, "two workers beside one": 1.6}
AT_MOST = {"memory": 1.15, "time per release": 1.1}

NAC = "from classifier.desk.entry import main; main()"
REFERENCE = """
import json, sys
import spacy
from spacy.matcher import PhraseMatcher
path, learned = sys.argv[1], sys.argv[2] == "learned"
def texts():
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]
nlp = spacy.blank("en")
nlp.add_pipe("sentencizer")
nlp.max_length = 10**9
sample = [text for text, _ in zip(texts(), range(300))]
words = sorted({w for text in sample for w in text.lower().split() if w.isalpha()})
words = (words * (2000 // len(words) + 1))
phrases = dict.fromkeys(f"{a} {b}" for a, b in zip(words[::2], words[1::2]))
phrases = (list(phrases) + [f"{p} and {p}" for p in phrases])[:1000]
matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
matcher.add("phrases", [nlp.make_doc(p) for p in phrases])
if learned:
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import LogisticRegression
    vectorizer = HashingVectorizer(ngram_range=(1, 2))
    model = LogisticRegression().fit(vectorizer.transform(["one text", "another text"]), [0, 1])
for text in texts():
    matcher(nlp(text))
    if learned:
        model.predict_proba(vectorizer.transform([text]))
"""


def write_input(path: Path, count: int) -> Path:
    """A file of so many releases, ids unlike."""
    source = GIVEN if GIVEN.exists() else MADE
    texts = [json.loads(line)["text"] for line in source.read_text(encoding="utf-8").splitlines()]
    with path.open("w", encoding="utf-8") as out:
        for number in range(count):
            out.write(json.dumps({"id": f"r{number}", "text": texts[number % len(texts)]}) + "\n")
    return path


def run_once(code: str, *arguments: object) -> tuple[float, float]:
    """Seconds and peak memory (MB) of a child and those that it waited for."""
    start = time.perf_counter()
    command = [sys.executable, "-c", code, *map(str, arguments)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command[2:])[-200:]} ended with {child.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


class Bench:
    """Measures on inputs in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._one = write_input(folder / "one.jsonl", 1)
        self._started: dict[str, float] = {}

    def nac(self, path: Path, jobs: int = 1) -> tuple[float, float]:
        """Seconds net of start-up, and memory, of `nac batch`."""
        return self._net(f"nac {jobs}", path, lambda given: run_once(NAC, "batch", given, "--out", self._out(), "-q", "--jobs", jobs))

    def reference(self, path: Path, kind: str) -> float:
        """Seconds net of start-up of a reference; `kind` is `plain` or `learned`."""
        return self._net(kind, path, lambda given: run_once(REFERENCE, given, kind))[0]

    def _out(self) -> Path:
        out = self._folder / "out.jsonl"
        out.unlink(missing_ok=True)
        return out

    def _net(self, name: str, path: Path, run) -> tuple[float, float]:  # noqa: ANN001 - a way to run one program
        if name not in self._started:
            self._started[name] = statistics.median(run(self._one)[0] for _ in range(3))
        seconds, memory = run(path)
        return seconds - self._started[name], memory


def measure(sizes: Sequence[int], rounds: int) -> dict[str, float]:
    """All ratios; `sizes` from small to large, the middle one for rates."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench = Bench(folder)
        inputs = {size: write_input(folder / f"{size}.jsonl", size) for size in sizes}
        middle = sizes[len(sizes) // 2]
        rates: dict[str, list[float]] = {name: [] for name in AT_LEAST}
        for _ in range(rounds):
            ours = bench.nac(inputs[middle])[0]
            rates["beside spaCy"].append(bench.reference(inputs[middle], "plain") / ours)
            rates["beside spaCy and scikit-learn"].append(bench.reference(inputs[middle], "learned") / ours)
            rates["two workers beside one"].append(ours / bench.nac(inputs[middle], jobs=2)[0])
        found = {name: statistics.median(values) for name, values in rates.items()}
        runs = {size: bench.nac(inputs[size]) for size in sizes}
    per_release = {size: seconds / size for size, (seconds, _) in runs.items()}
    found["memory"] = runs[sizes[-1]][1] / runs[middle][1]
    found["time per release"] = per_release[sizes[-1]] / per_release[sizes[0]]
    found |= {f"ms a release of {size:,}": 1000 * value for size, value in per_release.items()}
    return found | {f"MB at {size:,}": runs[size][1] for size in sizes}


def profile(count: int) -> None:
    """Prints where one process spends its time: inside the arithmetic of scores, and the costliest functions outside."""
    from classifier.desk.cli import app

    with tempfile.TemporaryDirectory() as name:
        path = write_input(Path(name) / "in.jsonl", count)
        profiler = cProfile.Profile()
        profiler.enable()
        try:
            app(["batch", str(path), "--out", str(Path(name) / "out.jsonl"), "-q"], standalone_mode=False)
        except SystemExit:
            pass
        finally:
            profiler.disable()
    stats = pstats.Stats(profiler)
    entries = {(Path(file).name, function): (tt, ct) for (file, _, function), (_, _, tt, ct, _) in stats.stats.items()}  # type: ignore[attr-defined]
    whole = entries["run.py", "run_batch"][1]
    inside = entries["scoring.py", "score_chunk"][1]
    print(f"run {whole:.2f} s, score_chunk {inside / whole:.1%}, the rest {1 - inside / whole:.1%}; of the whole:")
    for key in (
        ("work.py", "read_record"),
        ("rows.py", "scored"),
        ("formats.py", "encode_jsonl"),
        ("rows.py", "_json_row"),
        ("parts.py", "keep"),
        ("parts.py", "finish"),
        ("prints.py", "print_file"),
        ("chunks.py", "chunk_hash"),
        ("language.py", "detect_language"),
        ("paragraphs.py", "split_plain"),
    ):
        if key in entries:
            print(f"  {key[1]:18s} {entries[key][1] / whole:6.1%}")


def main() -> None:
    """Prints every ratio with its limit, then one JSON line; ends with 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small inputs")
    parser.add_argument("--profile", action="store_true", help="where the time goes, and nothing else")
    options = parser.parse_args()
    if options.profile:
        profile(200 if options.quick else 2000)
        return
    found = measure((200, 600, 1800) if options.quick else (1000, 10_000, 100_000), 1 if options.quick else 3)
    missed = []
    for name, value in found.items():
        limit = AT_LEAST.get(name, AT_MOST.get(name))
        kept = limit is None or (value >= limit if name in AT_LEAST else value <= limit)
        missed += [] if kept else [name]
        bound = "" if limit is None else f"  ({'at least' if name in AT_LEAST else 'at most'} {limit})"
        print(f"{name:32s} {value:10.3f}{bound}{'' if kept else '  MISSED'}")
    print(json.dumps({name: round(value, 4) for name, value in found.items()}))
    if missed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
