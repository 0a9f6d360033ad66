"""Jobs of the queue as the other rooms know them: candidates to be fetched, pages that were had."""

from __future__ import annotations

from scraper.discover.candidate import Candidate, Capture
from scraper.errors import StoreError
from scraper.pages import Page
from scraper.store.jobs import Job
from scraper.store.raw import RawBytes


def recall_page(job: Job, raw: RawBytes) -> Page:
    """The page that was had before its reader's process ended.

    Raises:
        StoreError: its bytes are not there.
    """
    kept = job.fetched
    if kept is None:
        raise StoreError(f"{job.url}: the page is said to be kept, but is not", hint="run nac store check", source=job.url)
    return Page(
        url=kept.url,
        final_url=kept.final_url,
        status=kept.status,
        content=raw.get(kept.raw_sha256),
        content_type=kept.content_type,
        charset=kept.charset,
        headers=kept.headers,
        retrieved_at=kept.retrieved_at,
        redirects=kept.redirects,
        notes=kept.notes,
    )


def candidate_of(job: Job) -> Candidate:
    """What discovery knew of a job's page."""
    capture = Capture(job.capture, job.capture_original or "", job.capture_digest) if job.capture else None
    return Candidate(
        url=job.url,
        canonical=job.canonical,
        source=job.source,
        kind=job.kind,  # type: ignore[arg-type]
        title=job.title,
        date=job.date,
        date_source=job.date_source or "none",  # type: ignore[arg-type]
        language=job.language,
        twin=job.twin,
        capture=capture,
        last_modified=job.listed_modified,
    )
