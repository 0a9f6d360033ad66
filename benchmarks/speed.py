"""`make bench-score`: ratios of time and memory, each side by side with a named reference.

1. Cold `nac score FILE` beside `python -c "import spacy"`: fresh processes by turns, median of the
   ratios of the pairs (a machine's noise hits both of a pair alike); peak memory likewise.
2. Releases a second in one process (`score_each`; verdict, probabilities, interval and index are made, and what is shown
   beyond them (sentences, paragraphs, signals, contributions) is worked out when it is looked at) beside one
   pass of `spacy.blank("en")` + sentencizer + PhraseMatcher of 1,000 phrases over the same releases.
3. Time by length of a release, up to 5 MB in one line: seconds a megabyte should not grow.

Texts are those of `../shared/data/releases.jsonl` where it is, otherwise constructed ones.
"""

from __future__ import annotations

import compileall
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GIVEN = ROOT.parent / "shared" / "data" / "releases.jsonl"
MADE = ROOT / "corpus" / "constructed.jsonl"
LIMITS = {"cold time": 1.5, "cold memory": 1.5, "throughput": 0.4, "growth": 1.5}


def load_texts() -> list[str]:
    """The texts that are measured."""
    source = GIVEN if GIVEN.exists() else MADE
    return [json.loads(line)["text"] for line in source.read_text(encoding="utf-8").splitlines()]


def run_once(command: Sequence[str]) -> tuple[float, float]:
    """Seconds and peak memory (MB) of a child process."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def measure_cold(text: str, rounds: int = 9) -> dict[str, float]:
    """Median ratios of a cold score to `import spacy`."""
    nac = str(Path(sys.executable).parent / "nac")
    for package in ("scraper", "classifier", "models", "corpus"):  # pip compiles what it installs, the reference too
        compileall.compile_dir(ROOT / package, quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "release.txt"
        file.write_text(text, encoding="utf-8")
        ours, reference = [nac, "score", str(file)], [sys.executable, "-c", "import spacy"]
        run_once(ours), run_once(reference)
        pairs = [(run_once(ours), run_once(reference)) for _ in range(rounds)]
    return {
        "cold time": statistics.median(a[0] / b[0] for a, b in pairs),
        "cold memory": statistics.median(a[1] / b[1] for a, b in pairs),
        "cold seconds": statistics.median(a[0] for a, _ in pairs),
        "cold MB": statistics.median(a[1] for a, _ in pairs),
    }


def reference_pass() -> Callable[[str], None]:
    """One pass of the reference pipeline over a text."""
    import spacy
    from spacy.matcher import PhraseMatcher

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    words = sorted({w for text in load_texts()[:300] for w in text.lower().split() if w.isalpha()})
    phrases = [f"{a} {b}" for a, b in zip(words[::2], words[1::2], strict=False)][:1000]
    matcher.add("phrases", [nlp.make_doc(p) for p in phrases])

    def run(text: str) -> None:
        matcher(nlp(text))

    return run


def measure_throughput(texts: Sequence[str], rounds: int = 7) -> dict[str, float]:
    """Median over rounds of (our releases a second) / (the reference's)."""
    from classifier.scoring.artefact import load_model
    from classifier.scoring.statement import score_each

    model = load_model()
    reference = reference_pass()
    ratios, ours = [], []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        for text in texts:
            reference(text)
        middle = time.perf_counter()
        for _ in score_each(texts, model=model):
            pass
        end = time.perf_counter()
        ratios.append((middle - start) / (end - middle))
        ours.append(len(texts) / (end - middle))
    return {"throughput": statistics.median(ratios[1:]), "releases a second": statistics.median(ours[1:])}


def measure_growth(text: str) -> dict[str, float]:
    """Seconds a megabyte of one-line texts from 50 KB to 5 MB; the ratio of the last to the first."""
    from classifier.scoring.artefact import load_model
    from classifier.scoring.statement import score

    model = load_model()
    line = " ".join(text.split()) + " "
    rates = {}
    for size in (50_000, 500_000, 5_000_000):
        sample = (line * (size // len(line) + 1))[:size]
        times = []
        for _ in range(5 if size < 5_000_000 else 3):
            start = time.perf_counter()
            score(sample, model=model)
            times.append(time.perf_counter() - start)
        rates[size] = statistics.median(times) / (size / 1e6)
    sizes = list(rates)
    return {"growth": rates[sizes[-1]] / rates[sizes[0]], **{f"seconds a MB at {s // 1000} KB": r for s, r in rates.items()}}


def main() -> None:
    """Prints every ratio with its limit, then one JSON line; ends with 1 where a limit is passed."""
    texts = load_texts()
    long_text = "\n\n".join(texts[:40])
    found = measure_cold(texts[0]) | measure_throughput(texts) | measure_growth(long_text)
    missed = []
    for name, value in found.items():
        limit = LIMITS.get(name)
        kept = limit is None or (value >= limit if name == "throughput" else value <= limit)
        missed += [] if kept else [name]
        bound = "" if limit is None else f"  ({'at least' if name == 'throughput' else 'at most'} {limit})"
        print(f"{name:28s} {value:10.3f}{bound}{'' if kept else '  MISSED'}")
    print(json.dumps({name: round(value, 4) for name, value in found.items()}))
    if missed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
