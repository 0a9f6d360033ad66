"""The run of `nac score`: opens each source, scores its texts, and writes them one by one."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from classifier.desk.outcome import Failure, Outcome, Scored, exit_code_of
from classifier.desk.output import Output, tell
from classifier.desk.progress import Progress
from classifier.desk.reasons import find_reasons
from classifier.desk.sources import Opened, Wishes, open_source, open_text
from classifier.scoring.artefact import AnyModel
from classifier.scoring.statement import score
from scraper.release import Release

if TYPE_CHECKING:
    from scraper.fetch import Fetcher
    from scraper.pages import Page


class Format(StrEnum):
    """How results are written."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    html = "html"


class Writer(Protocol):
    """Writes outcomes in one format as they come."""

    def write(self, outcome: Outcome) -> None:
        """Takes one text or failure."""

    def close(self) -> None:
        """Writes what comes after the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is scored and how; see the options of `nac score`."""

    sources: Sequence[str]
    text: str | None
    wishes: Wishes
    format: Format
    colour: bool
    quiet: bool
    fail_fast: bool


class Fetching:
    """Fetches addresses with one client for the whole run, made at the first of them: most runs need none.

    Args:
        pace: least seconds between two requests to one host.
        allow_private: also call this machine and private networks.
    """

    def __init__(self, *, pace: float, allow_private: bool) -> None:
        self._pace = pace
        self._allow_private = allow_private
        self._fetcher: Fetcher | None = None

    def get(self, url: str) -> Page:
        """Fetches a page.

        Raises:
            ScraperError: it could not be had.
        """
        if self._fetcher is None:
            from scraper.fetch import Fetcher

            # A pause that the user asks for must fit into the time that one page may take.
            deadline = max(60.0, 2 * self._pace + 30)
            self._fetcher = Fetcher(pace=self._pace, allow_private=self._allow_private, deadline=deadline)
        return self._fetcher.get(url)


def score_sources(run: Run, model: AnyModel) -> int:
    """Scores everything and says on standard error what failed.

    Returns:
        The exit code: 0 if all was scored, the failures' own where they are of one kind, else 1.

    Raises:
        OutputError: standard output could not be written.
    """
    output = Output(sys.stdout, exact=run.format is not Format.table)
    progress = Progress(sys.stderr, shown=_shows_progress(run))
    exit_codes: set[int] = set()
    writer: Writer | None = None
    for opened in _open_all(run):
        writer = writer or make_writer(run, output, single=_is_single(run, opened))
        for item in opened.items:
            outcome = score_release(item, model) if isinstance(item, Release) else item
            progress.count(failed=isinstance(outcome, Failure))
            if isinstance(outcome, Failure):
                exit_codes.add(outcome.exit_code)
                progress.clear()
                tell(outcome.line)
            writer.write(outcome)
            if run.fail_fast and exit_codes:
                break
        if run.fail_fast and exit_codes:
            break
    progress.clear()
    if writer is not None:
        writer.close()
    return exit_code_of(exit_codes)


def score_release(release: Release, model: AnyModel) -> Scored:
    """Scores one text and finds the words that made it so."""
    result = score(release, model=model)
    return Scored(release, result, find_reasons(release.text, result))


def make_writer(run: Run, output: Output, *, single: bool) -> Writer:
    """The writer of a format; each is loaded only where it is asked for."""
    if run.format is Format.table:
        from classifier.desk.render_table import TableWriter

        return TableWriter(output, colour=run.colour)
    if run.format is Format.html:
        from classifier.desk.report import ReportWriter

        return ReportWriter(output, single=single)
    if run.format is Format.csv:
        from classifier.desk.render_csv import CsvWriter

        return CsvWriter(output, single=single)
    from classifier.desk.render_json import JsonLinesWriter, JsonWriter

    return (JsonWriter if run.format is Format.json else JsonLinesWriter)(output, single=single)


def _open_all(run: Run) -> Iterator[Opened]:
    if run.text is not None:
        yield open_text(run.text)
    for source in run.sources:
        yield open_source(source, run.wishes)


def _is_single(run: Run, opened: Opened) -> bool:
    return len(run.sources) + (run.text is not None) == 1 and not opened.many


def _shows_progress(run: Run) -> bool:
    """On a terminal, unless the results themselves appear there as they come."""
    results_elsewhere = run.format is Format.html or not sys.stdout.isatty()
    return not run.quiet and results_elsewhere and sys.stderr.isatty()
