"""Two models on a fixed sample of real releases: which scores moved, by how much, and through which cues.

    python -m benchmarks.compare stance-1 mine          # two models, by name or folder
    python -m benchmarks.compare git:v0.1.0 stance-1    # code, lexicon and model of a commit, beside this tree
    python -m benchmarks.compare --changed              # this tree beside the last tag (or where the branch began), if it matters

The sample is of `../shared/data`; where that is not there, it says so and ends. These texts are labelled, and most are
training texts: gains and losses tell where to look, not how good a model is (`nac evaluate --set` does).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
WATCHED = ("classifier/pipeline", "classifier/scoring", "models")
"""What scores rest on: lexicon and context rules, arithmetic, weights."""

LEAST_MOVE = 0.005
MOST_SHOWN = 12
MOST_FEATURES = 4

Said = dict[str, Any]


@dataclass(frozen=True)
class Move:
    """One release: its label, and what was said of it before and after."""

    id: str
    label: str
    before: Said
    after: Said

    @property
    def size(self) -> float:
        """Change of the probability of the first outcome."""
        return float(self.after["probability"] - self.before["probability"])

    def features(self) -> list[tuple[str, float]]:
        """Change of each feature's contribution, in log-odds, the greatest first."""
        a, b = self.before["contributions"], self.after["contributions"]
        changes = {name: b.get(name, 0.0) - a.get(name, 0.0) for name in {*a, *b}}
        return sorted(changes.items(), key=lambda change: (-abs(change[1]), change[0]))


def choose_sample(path: Path, count: int) -> list[dict[str, Any]]:
    """The releases whose hashed ids come first: the same ones every time, whatever the order of the file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted(rows, key=lambda row: hashlib.sha256(row["id"].encode()).hexdigest())[:count]


def score_in(tree: Path, model: str | None, texts: Path) -> list[Said]:
    """What the code of a tree says of the texts, in a process of its own."""
    command = [os.path.abspath(sys.executable), str(ROOT / "benchmarks" / "score_sample.py"), str(texts), *([model] if model else [])]
    done = subprocess.run(command, cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{tree} cannot score the sample: {done.stderr.strip().splitlines()[-1:]}")
    found: list[Said] = json.loads(done.stdout)
    return found


def score_with(name: str, texts: Path, scratch: Path) -> list[Said]:
    """What a model, or `git:COMMIT` with all that it was then, says of the texts."""
    if not name.startswith("git:"):
        model = str(Path(name).absolute()) if Path(name).is_dir() else name
        return score_in(ROOT, model if name != "here" else None, texts)
    tree = scratch / "then"
    tree.mkdir()
    packed = subprocess.run(["git", "-C", str(ROOT), "archive", name.removeprefix("git:")], capture_output=True)
    if packed.returncode:
        raise SystemExit(f"{name}: {packed.stderr.decode(errors='replace').strip()}")
    subprocess.run(["tar", "-x", "-C", str(tree)], input=packed.stdout, check=True)
    return score_in(tree, None, texts)


def report(moves: Sequence[Move], names: tuple[str, str]) -> list[str]:
    """The lines to print."""
    moved = sorted((m for m in moves if abs(m.size) >= LEAST_MOVE), key=lambda m: -abs(m.size))
    flips = [m for m in moves if m.before["verdict"] != m.after["verdict"]]
    sided = [m for m in moves if m.label in ("hawkish", "cautious")]
    won = sum(m.before["verdict"] != m.label == m.after["verdict"] for m in sided)
    lost = sum(m.before["verdict"] == m.label != m.after["verdict"] for m in sided)
    lines = [
        f"{names[0]} -> {names[1]}: {len(moves)} real releases, {len(moved)} moved by {LEAST_MOVE} or more, {len(flips)} verdicts changed "
        f"({won} to their label, {lost} away from it)"
    ]
    for m in moved[:MOST_SHOWN]:
        lines.append(
            f"  {m.id}  {m.label:9} {m.before['probability']:.3f} -> {m.after['probability']:.3f} ({m.size:+.3f})  "
            f"{m.before['verdict']} -> {m.after['verdict']}"
        )
        lines.append("    " + ", ".join(f"{name} {value:+.2f}" for name, value in m.features()[:MOST_FEATURES] if abs(value) >= LEAST_MOVE))
    lines += _cue_lines(moves)
    return lines


def _cue_lines(moves: Sequence[Move]) -> list[str]:
    change: Counter[str] = Counter()
    for m in moves:
        change.update(m.after["cues"])
        change.subtract(m.before["cues"])
    lines = []
    for title, rows in (
        ("cues gained", {k: n for k, n in change.items() if n > 0}),
        ("cues lost", {k: -n for k, n in change.items() if n < 0}),
    ):
        if rows:
            ranked = sorted(rows.items(), key=lambda row: (-row[1], row[0]))
            more = f" and {len(ranked) - MOST_SHOWN} more rows" if len(ranked) > MOST_SHOWN else ""
            lines.append(f"  {title}: " + ", ".join(f"{name} {n}" for name, n in ranked[:MOST_SHOWN]) + more)
    return lines


def find_base() -> str | None:
    """The last tag, else where this branch left `main`, else the commit before; null without a history."""
    for command in (
        ["describe", "--tags", "--abbrev=0"],
        ["merge-base", "HEAD", "origin/main"],
        ["merge-base", "HEAD", "main"],
        ["rev-parse", "HEAD~1"],
    ):
        found = subprocess.run(["git", "-C", str(ROOT), *command], capture_output=True, text=True)
        head = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip()
        if not found.returncode and found.stdout.strip() != head:
            return found.stdout.strip()
    return None


def changed_since(base: str) -> bool:
    """Whether anything that scores rest on differs from a commit, committed or not."""
    return subprocess.run(["git", "-C", str(ROOT), "diff", "--quiet", base, "--", *WATCHED]).returncode != 0


def compare_two(first: str, second: str, data: Path, count: int) -> None:
    """Prints the report."""
    if not (data / "releases.jsonl").exists():
        print(f"compare: {data} is not on this machine: the labelled texts are not part of the project; nothing is compared")
        return
    rows = choose_sample(data / "releases.jsonl", count)
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "texts.json"
        texts.write_text(json.dumps([row["text"] for row in rows]), encoding="utf-8")
        before, after = (score_with(name, texts, Path(folder)) for name in (first, second))
    moves = [Move(row["id"], row["label"], a, b) for row, a, b in zip(rows, before, after, strict=True)]
    print("\n".join(report(moves, (first, second))))


def main() -> None:
    """Command line of this module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", metavar="MODEL", help="two models: names, folders, git:COMMIT, or here for the one in use")
    parser.add_argument("--changed", action="store_true", help="this tree beside the last tag, if lexicon, context or model changed")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--count", type=int, default=200, help="releases in the sample")
    options = parser.parse_args()
    if not options.changed:
        if len(options.models) != 2:
            parser.error("name two models, or --changed")
        compare_two(*options.models, options.data, options.count)
        return
    base = find_base()
    if base is None:
        print("compare: there is no earlier commit to compare with")
    elif not changed_since(base):
        print(f"compare: lexicon, context and model are as at {base[:12]}")
    else:
        compare_two(f"git:{base}", "here", options.data, options.count)


if __name__ == "__main__":
    main()
