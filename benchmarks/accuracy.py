"""`make bench-accuracy`: figures of the time split and of the Council's register, measured anew.

Fits the twin to texts before 2023 (labels of ours and constructed statements among them) and measures it on the releases of 2023 and on the
constructed test statements, beside the baselines. Needs `../shared/data`; nothing is tuned here.
"""

from __future__ import annotations

import logging
from pathlib import Path

from classifier.learning.card import write_figures
from classifier.learning.settings import TrainingSettings
from classifier.learning.train import measure

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def main() -> None:
    """Prints the tables of the card."""
    if not (DATA / "releases.jsonl").exists():
        raise SystemExit(f"{DATA} is not on this machine: the labelled texts are not part of the project")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    print(write_figures(measure(DATA, TrainingSettings())))


if __name__ == "__main__":
    main()
