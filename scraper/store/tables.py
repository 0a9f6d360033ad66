"""The tables as this program reads and writes them; `migrations.py` makes them.

Times that machines compare (leases, pauses) are seconds since 1970, others ISO 8601 in UTC. JSON columns are
text and escape whatever is not ASCII, so that every string of Python comes back from either database as it was.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Integer, MetaData, Table, Text, UniqueConstraint

METADATA = MetaData()
ID = BigInteger().with_variant(Integer(), "sqlite")


def _key(name: str = "id") -> Column[int]:
    return Column(name, ID, primary_key=True)


def _of(name: str, target: str, *, required: bool = True) -> Column[int]:
    return Column(name, ID, ForeignKey(target), nullable=not required)


def _text(name: str, *, required: bool = False) -> Column[str]:
    return Column(name, Text, nullable=not required)


MIGRATIONS = Table(
    "migrations",
    METADATA,
    Column("number", Integer, primary_key=True),
    _text("name", required=True),
    _text("applied_at", required=True),
)

RUNS = Table(
    "runs",
    METADATA,
    _key(),
    _text("source", required=True),
    _text("plan", required=True),
    Column("started_at", Float, nullable=False),
    Column("ended_at", Float),
)
"""One collection each; `plan` is what was asked for, in JSON."""

RELEASES = Table(
    "releases",
    METADATA,
    _key(),
    _text("key", required=True),
    _text("kind"),
    _text("source"),
    _text("title"),
    _text("date"),
    _text("language"),
    _text("first_seen", required=True),
    _text("last_seen", required=True),
    UniqueConstraint("key"),
)
"""One row a document, with the title and date of its current version; `key` is `Release.id` of the text met first."""

VERSIONS = Table(
    "versions",
    METADATA,
    _key(),
    _of("release_id", "releases.id"),
    _text("sha256", required=True),
    _text("content_sha256", required=True),
    _text("language", required=True),
    _text("title"),
    _text("date"),
    _text("text", required=True),
    _text("details", required=True),
    _text("number"),
    Column("stated", Integer, nullable=False),
    Column("words", Integer, nullable=False),
    _text("body_hash", required=True),
    Column("fingerprint", BigInteger, nullable=False),
    Column("current", Integer, nullable=False),
    _text("first_seen", required=True),
    _text("last_seen", required=True),
    UniqueConstraint("release_id", "content_sha256"),
)
"""One row for each wording of a document; `sha256` is of the text, `content_sha256` of title, date and the like as well.
`stated`, `words`, `body_hash` and `fingerprint` (as a signed number) are those of `scraper.sameness.Identity`.
`current` is 1 for the newest of its language."""

ADDRESSES = Table(
    "addresses",
    METADATA,
    _key(),
    _text("canonical", required=True),
    _of("release_id", "releases.id"),
    _text("link"),
    _text("first_seen", required=True),
    UniqueConstraint("canonical"),
)
"""Each leads to one document; `link` says by what it was known that this one does, null for the first."""

CAPTURES = Table(
    "captures",
    METADATA,
    _key(),
    _of("address_id", "addresses.id"),
    _of("version_id", "versions.id"),
    _text("archived_at", required=True),
    _text("provenance", required=True),
    _text("raw_sha256"),
    _text("last_raw_sha256"),
    _text("first_seen", required=True),
    _text("last_seen", required=True),
)
"""An address gave a wording: from `first_seen` to `last_seen` live (`archived_at` empty), or as an archive kept it."""

KEYS = Table(
    "keys",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("release_id", ID, ForeignKey("releases.id"), primary_key=True),
)
"""By what else a document is known: `Identity.keys`, `twin:` its translation's address, `alias:` the key of one merged into it."""

FETCHES = Table(
    "fetch_log",
    METADATA,
    _key(),
    _of("job_id", "queue.id"),
    _of("run_id", "runs.id"),
    _text("url", required=True),
    _text("final_url"),
    Column("status", Integer),
    _text("error"),
    _text("content_type"),
    _text("charset"),
    _text("headers"),
    _text("redirects"),
    _text("notes"),
    _text("retrieved_at", required=True),
    _text("raw_sha256"),
    Column("size", Integer),
)

QUEUE = Table(
    "queue",
    METADATA,
    _key(),
    _text("source", required=True),
    _text("canonical", required=True),
    _text("capture", required=True),
    _text("capture_original"),
    _text("capture_digest"),
    _text("url", required=True),
    _text("kind"),
    _text("title"),
    _text("date"),
    _text("date_source"),
    _text("language"),
    _text("twin"),
    _text("listed_modified"),
    _of("run_id", "runs.id"),
    _text("state", required=True),
    Column("attempts", Integer, nullable=False),
    Column("next_try", Float),
    Column("failed_at", Float),
    _text("owner"),
    Column("leased_at", Float),
    Column("lease_until", Float),
    _text("reason"),
    _text("message"),
    _text("outcome"),
    _text("settled"),
    _text("etag"),
    _text("last_modified"),
    Column("fetch_id", ID),
    _of("release_id", "releases.id", required=False),
    UniqueConstraint("source", "canonical", "capture"),
)
"""State machine of the crawl: discovered, fetched, read, failed. `settled` says what the last page that was had came to:
`read`, or the code of its refusal; null where none was had, or the last one is not read yet."""

SCORES = Table(
    "scores",
    METADATA,
    Column("version_id", ID, ForeignKey("versions.id"), primary_key=True),
    Column("model_hash", Text, primary_key=True),
    _text("verdict"),
    Column("probability", Float),
    Column("low", Float),
    Column("high", Float),
    _text("record", required=True),
    _text("scored_at", required=True),
)

HOSTS = Table(
    "hosts",
    METADATA,
    Column("host", Text, primary_key=True),
    Column("lane", Text, primary_key=True),
    Column("last_call", Float),
    Column("not_before", Float),
    Column("paused_at", Float),
)

ROBOTS = Table(
    "robots",
    METADATA,
    Column("origin", Text, primary_key=True),
    _text("text", required=True),
    _text("failure", required=True),
    Column("expires", Float, nullable=False),
)

DELIVERIES = Table(
    "deliveries",
    METADATA,
    _key(),
    _text("target", required=True),
    _text("key", required=True),
    _text("body", required=True),
    Column("created_at", Float, nullable=False),
    Column("delivered_at", Float),
    Column("attempts", Integer, nullable=False),
    Column("next_try", Float),
    Column("failed_at", Float),
    UniqueConstraint("target", "key"),
)
"""Messages that must reach a target at least once; `key` is their idempotency key."""
