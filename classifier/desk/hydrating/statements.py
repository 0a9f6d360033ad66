"""NATO's own statements, from their live pages, or from the Internet Archive and labelled so.

A live page has no hash to be checked against: it is kept with the hash that it has, and where an earlier run had
another one, that is said.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from classifier.desk.outcome import Failure
from classifier.learning.dehydrated.recipe import hash_text
from classifier.learning.dehydrated.restore import dump_lines
from classifier.learning.dehydrated.tables import STATEMENTS, read_table
from scraper.durable import write_whole
from scraper.errors import Blocked, BudgetSpent, ScraperError

if TYPE_CHECKING:
    from scraper.pages import Page

KEPT = "nac_statements.jsonl"
JOURNAL = "nac_statements.part.jsonl"
Get = Callable[[str], "Page"]
GetArchived = Callable[[str, str], "Page"]
"""Address and ISO day to the capture nearest to that day."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A page whose text is not what it was in an earlier run."""

    id: str
    url: str
    text_sha256: str
    new_text_sha256: str


def fetch_statements(
    labels: Path, out: Path, get: Get, get_archived: GetArchived | None, *, again: bool
) -> Iterator[dict[str, Any] | Failure]:
    """The statements of `nac_statements.csv`: those had before, then the others, each written down before the next is asked for.

    Args:
        labels: folder of the table.
        out: folder of `nac_statements.jsonl`.
        get: fetches a live page.
        get_archived: fetches a capture; null for live pages alone.
        again: ask also for what is there, to see what has changed.
    """
    had = {} if again else {row["id"]: row for row in _read_rows(out / KEPT)}
    had |= {row["id"]: row for row in _read_rows(out / JOURNAL)}
    blocked: set[str] = set()
    with _open_journal(out / JOURNAL) as journal:
        for row in read_table(labels / STATEMENTS):
            if row["id"] in had:
                yield had[row["id"]]
                continue
            try:
                found = _fetch_one(row, get, get_archived, blocked)
            except BudgetSpent as error:
                yield Failure(row["id"], error.code, f"{row['url']}: {error.message}", error.hint, error.exit_code, row["id"])
                return
            if not isinstance(found, Failure):
                journal.write(dump_lines([found]))
                journal.flush()
                os.fsync(journal.fileno())
            yield found


def _open_journal(path: Path) -> Any:  # noqa: ANN401 - a binary file
    """The journal, to be written on; a line that a kill has cut is ended first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cut = path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0
    stream = path.open("ab")
    stream.write(b"\n" if cut else b"")
    return stream


def _read_rows(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        for line in path.read_bytes().splitlines():
            try:
                row = json.loads(line)
            except ValueError:  # the line that a kill has cut
                continue
            if isinstance(row, dict) and "text_sha256" in row:
                yield row


def _fetch_one(row: dict[str, str], get: Get, get_archived: GetArchived | None, blocked: set[str]) -> dict[str, Any] | Failure:
    host = urlsplit(row["url"]).netloc
    failure: ScraperError | None = None
    if host not in blocked:
        try:
            return _read_statement(row, get(row["url"]), "live")
        except BudgetSpent:
            raise
        except ScraperError as error:
            failure = error
            if isinstance(error, Blocked):
                blocked.add(host)
    if get_archived is not None:
        try:
            return _read_statement(row, get_archived(row["url"], row["date"]), "archive")
        except BudgetSpent:
            raise
        except ScraperError as error:
            failure = failure or error
    told = failure or Blocked(f"{host} is left alone", hint="run again later")
    return Failure(row["id"], told.code, f"{row['url']}: {told.message}", told.hint, told.exit_code, row["id"])


def _read_statement(row: dict[str, str], page: Page, origin: str) -> dict[str, Any]:
    from scraper.read import read_release

    read = read_release(
        page.content,
        source_name=row["url"],
        url=page.final_url,
        content_type=page.content_type,
        charset=page.charset,
        retrieved_at=page.retrieved_at,
    )
    kept = {name: row[name] for name in ("id", "date", "kind", "label", "annotator_a", "annotator_b", "url")}
    where = {"from": origin, "fetched_url": page.final_url, "retrieved_at": page.retrieved_at, "notes": list(page.notes)}
    hashes = {"raw_sha256": read.provenance.raw_sha256, "text_sha256": hash_text(read.text)}
    return kept | where | hashes | {"title": read.title, "text": read.text}


def keep_statements(found: list[dict[str, Any]], out: Path) -> list[Changed]:
    """Writes `nac_statements.jsonl`, keeps what an earlier run had and this one did not, and says what has changed."""
    before = {row["id"]: row for row in _read_rows(out / KEPT)}
    now = {row["id"]: row for row in found}
    changed = [
        Changed(name, row["url"], before[name]["text_sha256"], row["text_sha256"])
        for name, row in now.items()
        if name in before and before[name]["text_sha256"] != row["text_sha256"]
    ]
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / KEPT, dump_lines((before | now).values()))
    (out / JOURNAL).unlink(missing_ok=True)
    return changed


def as_records(changed: list[Changed]) -> list[dict[str, Any]]:
    """The changes as JSON has them."""
    return [asdict(one) for one in changed]
