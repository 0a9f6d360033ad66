"""One row a text, for spreadsheets: the verdict and the words that made it so, safe to open."""

from __future__ import annotations

import csv
import io

from classifier.desk.guard import guard_cell
from classifier.desk.outcome import Failure, Outcome, Scored
from classifier.desk.output import Output
from classifier.desk.wording import reason_words

COLUMNS = (
    *("source", "id", "title", "date", "verdict", "probability", "interval_low", "interval_high", "index"),
    *("n_sentences", "top_cues", "model", "error"),
)
MOST_CUES = 5

Cell = str | float | int | None


class CsvWriter:
    """Writes rows as they come, below a heading.

    Args:
        output: standard output.
        single: there is one text at most; if it fails, nothing is written.
    """

    def __init__(self, output: Output, *, single: bool) -> None:
        self._output = output
        self._single = single
        self._heading_due = True

    def write(self, outcome: Outcome) -> None:
        """Writes one text or failure."""
        if self._single and isinstance(outcome, Failure):
            return
        if self._heading_due:
            self._output.write(_line(dict(zip(COLUMNS, COLUMNS, strict=True))))
            self._heading_due = False
        self._output.write(_line(_failed_row(outcome) if isinstance(outcome, Failure) else _row(outcome)))

    def close(self) -> None:
        """Nothing is left to write."""


def _row(scored: Scored) -> dict[str, Cell]:
    release, result = scored.release, scored.result
    low, high = result.interval or (None, None)
    cues = [reason_words(scored, i) for i, reason in enumerate(scored.reasons) if reason.cue is not None]
    return {
        "source": release.provenance.source,
        "id": release.id,
        "title": release.title,
        "date": release.date,
        "verdict": result.verdict,
        "probability": result.probability,
        "interval_low": low,
        "interval_high": high,
        "index": result.index,
        "n_sentences": len(result.sentences),
        "top_cues": "; ".join(list(dict.fromkeys(cues))[:MOST_CUES]),
        "model": f"{result.model['name']} {result.model['version']}",
    }


def _failed_row(failure: Failure) -> dict[str, Cell]:
    return {"source": failure.source, "id": failure.id, "error": f"{failure.code}: {failure.message}"}


def _line(row: dict[str, Cell]) -> str:
    """A row as CSV. Only what others wrote is guarded; a negative index is a number of ours and stays one."""
    buffer = io.StringIO()
    values = [row.get(name) for name in COLUMNS]
    cells = [guard_cell(value.replace("\x00", "")) if isinstance(value, str) else value for value in values]
    csv.writer(buffer, lineterminator="\n").writerow(["" if cell is None else cell for cell in cells])
    return buffer.getvalue()
