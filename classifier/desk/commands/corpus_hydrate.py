"""`nac corpus hydrate` and `nac corpus dehydrate`: labels and texts put together, and parted again."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from classifier.desk.commands.endings import USAGE, end
from classifier.desk.entry import INTERRUPTED
from classifier.desk.interrupts import end_on_sigterm
from classifier.desk.output import tell

if TYPE_CHECKING:
    from scraper.fetch import Fetcher
    from scraper.pages import Page

_COPY = "A local copy of the texts, or a checkout of their repository; nothing is fetched."
_OUT = "Where texts are written. [default: corpus in NAC_HOME]"
_LABELS = "Folder of the labels. [default: the project's]"
LONGEST_PACE = 3600.0

HYDRATE_EPILOG = """
Examples:

\b
  nac corpus hydrate --out texts
  nac corpus hydrate --from ../shared/data --out texts
  nac corpus hydrate --what statements --again --format json

\b
Writes into the folder:
  releases.jsonl, sentences.jsonl, pool.jsonl   texts with their labels, as `nac train` reads them
  nac_statements.jsonl                          the live pages of NATO's own statements (--what statements)
  raw/                                          what was fetched, by hash
  drifted/                                      files whose bytes are not those that were labelled
  hydration.json                                what is there, what has drifted, what failed

\b
Exit codes:
  0    all texts are there, each with the hashes that it must have
  1    a text is another than the one that was labelled, failures of several kinds, or labels that are not there
  2    usage
  3    pages were refused, blocked or not reached
  5    live pages without a statement
  130  interrupted; the same command goes on where it ended

A release whose text is another than the one that was labelled is left out. A live page has no such hash: it is kept
with the one that it has, and compared with an earlier run's. What no live page gives is asked of the Internet Archive
and marked so. NAC_HOME names the folder for what is not given with --out, NAC_CONTACT the contact that is sent to
web servers, NAC_ARCHIVE_URL a server that stands in for the archive.
"""
DEHYDRATE_EPILOG = """
Examples:

\b
  nac corpus dehydrate --from ../shared/data --out corpus
  nac corpus dehydrate --from ../shared/data --out corpus --check

\b
Exit codes:
  0  the files are written; with --check, they are what would be written
  1  data or folder missing, or with --check, a file differs
  2  usage
  5  the data contradict themselves: a hash or an offset does not fit its text
"""


class What(StrEnum):
    """Which texts."""

    releases = "releases"
    statements = "statements"
    all = "all"


class Form(StrEnum):
    """How the report is printed."""

    table = "table"
    json = "json"


def hydrate_command(
    copy: Annotated[Path | None, typer.Option("--from", metavar="DIR", help=_COPY, exists=True, file_okay=False)] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="DIR", help=_OUT, file_okay=False)] = None,
    what: Annotated[What, typer.Option("--what", help="The labelled releases, NATO's own statements, or both.")] = What.releases,
    again: Annotated[bool, typer.Option("--again", help="Ask also for live pages that are there, to see changes.")] = False,
    archive: Annotated[bool, typer.Option("--archive/--no-archive", help="Whether the Internet Archive may stand in.")] = True,
    pace: Annotated[float, typer.Option(metavar="S", help="Least seconds between two requests to a host.")] = 1.0,
    labels: Annotated[Path | None, typer.Option("--labels", metavar="DIR", help=_LABELS, exists=True, file_okay=False)] = None,
    base_url: Annotated[str | None, typer.Option("--base-url", metavar="URL", help="A mirror of the source repository.")] = None,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Also call this machine and private networks.")] = False,
    output_format: Annotated[Form, typer.Option("--format", "-f", help="How the report is printed.")] = Form.table,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing of progress; errors are still said.")] = False,
) -> None:
    """Fetch the texts of the labelled corpus again, one at a time, and check each against its hashes.

    What was fetched is kept: after an interruption the same command goes on where it ended.
    """
    if not 0 <= pace <= LONGEST_PACE:
        end(f"--pace: {pace:g} is not between 0 and {LONGEST_PACE:g} seconds", "1 is polite", USAGE)
    if copy is not None and what is not What.releases:
        end(f"--from: a copy has no {what}", "leave out --what, or --from", USAGE)
    from classifier.desk.hydrating.run import hydrate_releases, hydrate_statements, report
    from classifier.desk.progress import Progress
    from classifier.learning.dehydrated.places import LABELS
    from classifier.learning.dehydrated.recipe import BASE_URL
    from classifier.learning.labelled.row import CorpusError
    from classifier.scoring.places import home

    labels, out, base_url = labels or LABELS, out or home() / "corpus", base_url or BASE_URL
    lazy = _Late(pace, allow_private)
    progress = Progress(sys.stderr, shown=not quiet and sys.stderr.isatty())
    tallies = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        with end_on_sigterm():
            if what in (What.releases, What.all):
                tallies.append(hydrate_releases(labels, out, copy=copy, get=lazy.get, base_url=base_url, progress=progress))
            if what in (What.statements, What.all):
                fallback = lazy.get_archived if archive else None
                tallies.append(hydrate_statements(labels, out, get=lazy.get, get_archived=fallback, again=again, progress=progress))
        progress.clear()
        code = report(tallies, out, str(copy or base_url), as_json=output_format is Form.json)
    except CorpusError as error:
        end(error.message, error.hint, error.exit_code)
    except OSError as error:
        end(f"{error.filename or out}: cannot be written ({error.strerror})", "what was fetched is kept", 1)
    except KeyboardInterrupt:
        progress.clear()
        tell("interrupted. The same command goes on where it ended.")
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(code)


class _Late:
    """One fetcher for the run, made at its first request: a copy needs none."""

    def __init__(self, pace: float, allow_private: bool) -> None:
        self._pace, self._allow_private = pace, allow_private
        self._fetcher: Fetcher | None = None

    def _made(self) -> Fetcher:
        if self._fetcher is None:
            from scraper.fetch import Fetcher

            self._fetcher = Fetcher(pace=self._pace, allow_private=self._allow_private, deadline=max(60.0, 2 * self._pace + 30))
        return self._fetcher

    def get(self, url: str) -> Page:
        return self._made().get(url)

    def get_archived(self, url: str, day: str) -> Page:
        """The capture nearest to a day, whichever that is: the page's final address and notes say."""
        from scraper.archive import ORIGIN
        from scraper.captures import replay

        archive = (os.environ.get("NAC_ARCHIVE_URL") or ORIGIN).rstrip("/")
        return replay(self._made().get, f"{day.replace('-', '')}120000", url, archive=archive)


def dehydrate_command(
    data: Annotated[Path, typer.Option("--from", metavar="DIR", help="The labelled texts.", exists=True, file_okay=False)],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="The folder corpus/ of the project.", exists=True, file_okay=False)
    ],
    check: Annotated[bool, typer.Option("--check", help="Write nothing; say which files would differ.")] = False,
) -> None:
    """Make the tables of labels without texts, the Croissant metadata and the SHA-256 sums of corpus/."""
    from classifier.learning.dehydrated.places import differing_files, make_files
    from classifier.learning.labelled.row import CorpusError

    work: Callable[[Path, Path], list[str]] = differing_files if check else make_files
    try:
        names = work(data, out)
    except CorpusError as error:
        end(error.message, error.hint, error.exit_code)
    except OSError as error:
        end(f"{error.filename or out}: cannot be written ({error.strerror})", "check its permissions", 1)
    for name in names:
        typer.echo(f"{'differs' if check else 'written'}: {out / name}")
    if check and names:
        end(f"{out}: is not what {data} gives", "run the same command without --check", 1)
