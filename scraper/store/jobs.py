"""What passes between the store and the collector: frozen dataclasses without a database in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

State = Literal["discovered", "fetched", "read", "failed"]
Outcome = Literal["added", "changed", "unchanged", "duplicate"]


@dataclass(frozen=True, slots=True)
class Run:
    """One collection; `resumed` if an unfinished one of the same source and plan was taken up."""

    id: int
    source: str
    resumed: bool


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page that was fetched before: all of it but its bytes, which `RawBytes.get(raw_sha256)` gives."""

    url: str
    final_url: str
    status: int
    content_type: str
    charset: str | None
    headers: Mapping[str, str]
    redirects: tuple[str, ...]
    retrieved_at: str
    raw_sha256: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """A page to be fetched (`state` discovered, failed) or only to be read (`fetched`: the bytes are kept already).

    `capture` is the archive's time of 14 digits, or empty for a live page. `attempts` counts failures since the run
    saw it first. `etag` and `last_modified` are for a conditional request; both null where the page must come whole.
    `fetched` is the last page had, `release` the key of the release that was read from it, if any. `owner` holds the
    lease; a job whose lease went to another collector can no longer be kept.
    """

    id: int
    run_id: int
    owner: str
    source: str
    canonical: str
    url: str
    state: State
    attempts: int
    kind: str | None = None
    title: str | None = None
    date: str | None = None
    date_source: str | None = None
    language: str | None = None
    twin: str | None = None
    capture: str = ""
    capture_original: str | None = None
    capture_digest: str | None = None
    listed_modified: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    fetched: Fetched | None = None
    release: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of a release that was given to the store.

    `outcome`: `added` (a document not met before), `changed` (an address gives other words than last time), `unchanged`,
    `duplicate` (another address, capture or translation of a known document; `link` says by what it was known: `twin`,
    `numeric`, `press`, `body`, `near`, `address`). `key` is the document's key in the store, `version` the SHA-256 of the
    text; `new_version` if these words were not held before.
    """

    outcome: Outcome
    key: str
    version: str
    new_version: bool
    link: str | None = None


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A page that could not be had or read; `next_try` is null if it will not be tried again in its run."""

    canonical: str
    url: str
    reason: str
    message: str
    attempts: int
    next_try: float | None
