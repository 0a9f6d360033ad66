"""Scores the texts of a JSON file and prints what was said of each; run by `benchmarks.compare`, in whichever tree is measured."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any


def describe(text: str, model: str | None) -> dict[str, Any]:
    """Verdict, probability of the first outcome, contributions summed by feature, and the rows of the lexicon that were met."""
    from classifier import score

    result = score(text, model=model)
    sums: dict[str, float] = defaultdict(float)
    for part in result.contributions:
        sums[part.feature] += part.value
    sums["<intercept>"] = result.intercept
    cues = Counter("+".join([cue.entry, *cue.qualifiers]) for cue in result.cues)
    first = next(iter(result.probabilities.values()))
    return {"verdict": result.verdict, "probability": first, "contributions": dict(sums), "cues": dict(cues)}


def main() -> None:
    """Arguments: the file of texts, and the model's name or folder, or nothing for the one in use."""
    model = sys.argv[2] if len(sys.argv) > 2 else None
    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    json.dump([describe(text, model) for text in texts], sys.stdout)


if __name__ == "__main__":
    main()
