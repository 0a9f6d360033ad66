"""The releases of the corpus, from the immutable files of their source repository or from a copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from classifier.desk.hydrating.files import read_verified
from classifier.desk.outcome import Failure
from classifier.learning.dehydrated.recipe import SourceText, hash_text, read_source
from classifier.learning.dehydrated.restore import Drift, Wanted, build_release, build_sentences, check_source, dump_lines, read_copy
from scraper.durable import sweep, write_whole
from scraper.errors import Blocked, BudgetSpent, FetchError, NotFound, ScraperError

if TYPE_CHECKING:
    from scraper.pages import Page

MOST_FAILURES_IN_A_ROW = 5
"""Failures of the network one after the other, after which the server is left alone."""

RAW = "raw"
DRIFTED = "drifted"


@dataclass(frozen=True, slots=True)
class Had:
    """A text that is there again, and how its bytes differ if they do."""

    wanted: Wanted
    source: SourceText
    drift: Drift | None = None


Outcome = Had | Drift | Failure
"""A text with the right hashes, one that is another now, or why there is none."""


def copy_releases(wanted: list[Wanted], folder: Path) -> Iterator[Outcome]:
    """Takes texts from a local copy: a folder in the form of the labelled data, or a checkout of the source repository."""
    texts = read_copy(folder)
    for one in wanted:
        file = folder / one.path
        if (source := texts.get(one.id)) is not None:
            yield _judge_text(one, source)
        elif file.is_file():
            yield _judge_raw(one, file.read_bytes())
        else:
            yield Failure(one.id, "not_found", f"is not in {folder}", "name a folder with releases.jsonl, or a checkout", 1, one.id)


def fetch_releases(wanted: list[Wanted], get: Callable[[str], Page], base_url: str, out: Path) -> Iterator[Outcome]:
    """Takes texts that were fetched before from `out`, and fetches the others one after the other.

    Ends early where the server asks to be left alone or fails five times in a row.
    """
    sweep(out / RAW)
    failures = 0
    for one in wanted:
        kept = read_verified(out / RAW / f"{one.raw_sha256}.md", one.raw_sha256)
        if kept is not None:
            yield _judge_raw(one, kept)
            continue
        url = f"{base_url.rstrip('/')}/{quote(one.path)}"
        try:
            outcome = _judge_raw(one, content := get(url).content)
        except ScraperError as error:
            failures = 0 if isinstance(error, NotFound) else failures + isinstance(error, FetchError)
            yield Failure(one.id, error.code, f"{url}: {error.message}", error.hint, error.exit_code, one.id)
            if isinstance(error, Blocked | BudgetSpent) or failures >= MOST_FAILURES_IN_A_ROW:
                return
            continue
        failures = 0
        drift = outcome if isinstance(outcome, Drift) else outcome.drift
        place = out / RAW / f"{one.raw_sha256}.md" if drift is None else out / DRIFTED / f"{one.id}.{drift.new_raw_sha256[:12]}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, content)
        yield outcome


def _judge_raw(wanted: Wanted, raw: bytes) -> Had | Drift:
    found = check_source(wanted, raw)
    if isinstance(found, SourceText):
        return Had(wanted, found)
    return Had(wanted, read_source(raw), found) if found.same_text else found


def _judge_text(wanted: Wanted, source: SourceText) -> Had | Drift:
    """A copy holds texts without the bytes they were made from: the text's own hash is what can be checked."""
    text_hash = hash_text(source.text)
    if text_hash == wanted.text_sha256:
        return Had(wanted, source)
    return Drift(wanted.id, wanted.path, wanted.raw_sha256, "", wanted.text_sha256, text_hash)


def write_releases(had: list[Had], labels: Path, out: Path) -> None:
    """Writes `releases.jsonl`, `sentences.jsonl` and `pool.jsonl` in the form of the labelled data.

    Raises:
        CorpusError: a sentence is not where its offsets say.
    """
    rows: dict[bool, list[dict[str, Any]]] = {False: [], True: []}
    for one in had:
        wanted = replace(one.wanted, raw_sha256=one.drift.new_raw_sha256) if one.drift else one.wanted
        rows[wanted.pool].append(build_release(wanted, one.source))
    sentences = build_sentences(labels, {row["id"]: row["text"] for row in rows[False]})
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "releases.jsonl", dump_lines(rows[False]))
    write_whole(out / "sentences.jsonl", dump_lines(sentences))
    write_whole(out / "pool.jsonl", dump_lines(rows[True]))
