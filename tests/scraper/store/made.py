"""Candidates, pages and releases made for these tests; nobody issued them."""

from dataclasses import dataclass, field

from scraper.discover.candidate import Candidate, Capture
from scraper.read import read_release
from scraper.release import Paragraph, Provenance, Release

DAY = "2024-05-17"
WORDS = (
    "frigate corridor envoy harbour treaty lantern meadow signal border patrol winter bridge copper engine forest glacier "
    "island journey kettle ladder marble needle orchard pepper quarry ribbon saddle timber valley walnut yellow anchor"
).split()


def words_of(seed, number=120):
    """Words of a text that no other seed has in this order."""
    return " ".join(WORDS[(seed * 7 + i * (seed % 11 + 3) + i * i) % len(WORDS)] for i in range(number))


def make_release(address="https://example.org/a", text="The Council met.", *, at="2024-06-01T00:00:00+00:00", **known):
    """A release as a reader makes it."""
    given = {"title": "Statement", "date": DAY, "date_source": "issued", "language": "en", "url": address, "id": address} | known
    provenance = Provenance(source=address, layout="nato", encoding="utf-8", raw_sha256=None, url=address, retrieved_at=at)
    return Release(text=text, paragraphs=(Paragraph(0, len(text)),), provenance=provenance, **given)


def make_candidate(address, *, url=None, capture=None, twin=None, last_modified=None, source="made"):
    """A candidate of a source called `made`."""
    taken = Capture(capture, address, "A" * 32) if capture else None
    return Candidate(
        url=url or address, canonical=address, source=source, kind="nac", twin=twin, capture=taken, last_modified=last_modified
    )


@dataclass(frozen=True)
class MadePage:
    """A page as a fetcher gives it."""

    url: str
    content: bytes
    final_url: str = ""
    status: int = 200
    content_type: str = "text/plain"
    charset: str | None = "utf-8"
    headers: dict = field(default_factory=lambda: {"etag": '"one"'})
    retrieved_at: str = "2024-06-01T00:00:00+00:00"
    redirects: tuple = ()
    notes: tuple = ()


def read_made(page):
    """The release in a made page."""
    return read_release(
        page.content, source_name=page.url, url=page.final_url or page.url, content_type=page.content_type, retrieved_at=page.retrieved_at
    )


def keep_page(store, job, body, **more):
    """Fetched, read and kept, as a collector does it."""
    page = MadePage(job.url, body.encode(), final_url=job.canonical, **more)
    job = store.queue.keep_fetched(job, page, store.raw.put(page.content))
    return store.queue.keep_release(job, read_made(page))
