"""One hydration from beginning to end: what is had, what has drifted, what failed, and the report of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from classifier.desk.hydrating.releases import Had, copy_releases, fetch_releases, write_releases
from classifier.desk.hydrating.statements import GetArchived, as_records, fetch_statements, keep_statements
from classifier.desk.outcome import Failure, exit_code_of
from classifier.desk.output import tell
from classifier.desk.progress import Progress
from classifier.learning.dehydrated.restore import Drift, list_wanted
from scraper.durable import write_whole

if TYPE_CHECKING:
    from scraper.pages import Page

REPORT = "hydration.json"
DRIFT_CODE = 1
MOST_TOLD = 10
"""Failures that are told one by one; all are in the report."""


@dataclass(slots=True)
class Tally:
    """What came of one part of a hydration."""

    part: str
    wanted: int = 0
    had: int = 0
    archived: int = 0
    drifted: list[dict[str, Any]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    lost: bool = False

    @property
    def not_asked(self) -> int:
        """Texts that were not asked for, since the run ended before."""
        return self.wanted - self.had - len(self.failures) - sum(not row.get("same_text", True) for row in self.drifted)

    @property
    def exit_codes(self) -> set[int]:
        """Those of the failures; 1 where a text is another now."""
        return {failure.exit_code for failure in self.failures} | ({DRIFT_CODE} if self.lost else set())

    def as_record(self) -> dict[str, Any]:
        """The part of the report."""
        failed = [failure.as_record() for failure in self.failures]
        counts = {"wanted": self.wanted, "had": self.had, "from_archive": self.archived, "not_asked": self.not_asked}
        return counts | {"drifted": self.drifted, "failed": failed}

    @property
    def line(self) -> str:
        """What the terminal shows."""
        parts = [f"{self.part}: {self.had} of {self.wanted} texts are there"]
        parts += [f"{self.archived} from the Internet Archive"] if self.archived else []
        parts += [f"{len(self.drifted)} have other bytes than before"] if self.drifted else []
        parts += [f"{len(self.failures)} failed"] if self.failures else []
        parts += [f"{self.not_asked} not asked for"] if self.not_asked else []
        return ", ".join(parts)


def hydrate_releases(labels: Path, out: Path, *, copy: Path | None, get: Callable[[str], Page], base_url: str, progress: Progress) -> Tally:
    """The releases and their sentences, from a copy or from the source repository.

    Raises:
        CorpusError: the labels are missing or do not fit the texts.
    """
    wanted = list_wanted(labels)
    tally = Tally("releases", len(wanted))
    outcomes = copy_releases(wanted, copy) if copy else fetch_releases(wanted, get, base_url, out)
    had: list[Had] = []
    for outcome in outcomes:
        _count(tally, outcome, progress)
        if isinstance(outcome, Had):
            had.append(outcome)
            if outcome.drift:
                tally.drifted.append(_as_record(outcome.drift))
        elif isinstance(outcome, Drift):
            tally.drifted.append(_as_record(outcome))
            tally.lost = True
    tally.had = len(had)
    write_releases(had, labels, out)
    return tally


def hydrate_statements(
    labels: Path, out: Path, *, get: Callable[[str], Page], get_archived: GetArchived | None, again: bool, progress: Progress
) -> Tally:
    """NATO's own statements from their live pages.

    Raises:
        CorpusError: the labels are missing.
    """
    from classifier.learning.dehydrated.tables import STATEMENTS, read_table

    tally = Tally("statements", len(read_table(labels / STATEMENTS)))
    had: list[dict[str, Any]] = []
    for outcome in fetch_statements(labels, out, get, get_archived, again=again):
        _count(tally, outcome, progress)
        if not isinstance(outcome, Failure):
            had.append(outcome)
    tally.had, tally.archived = len(had), sum(row["from"] == "archive" for row in had)
    tally.drifted = as_records(keep_statements(had, out))
    return tally


def _count(tally: Tally, outcome: object, progress: Progress) -> None:
    progress.count(failed=isinstance(outcome, Failure | Drift))
    if isinstance(outcome, Failure):
        tally.failures.append(outcome)
        if len(tally.failures) <= MOST_TOLD:
            progress.clear()
            tell(outcome.line)


def _as_record(drift: Drift) -> dict[str, Any]:
    return asdict(drift) | {"same_text": drift.same_text}


def report(tallies: Iterable[Tally], out: Path, origin: str, *, as_json: bool) -> int:
    """Writes `hydration.json`, prints it or a line for each part, and gives the exit code."""
    tallies = list(tallies)
    record = {"out": str(out), "from": origin} | {tally.part: tally.as_record() for tally in tallies}
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / REPORT, text.encode())
    sys.stdout.write(text if as_json else "".join(f"{tally.line}\n" for tally in tallies))
    code = exit_code_of(set().union(*(tally.exit_codes for tally in tallies)))
    if code or any(tally.not_asked for tally in tallies):
        tell(f"not all texts are there; see {out / REPORT}. Run the same command again: what is there is not asked for again.")
    return code
