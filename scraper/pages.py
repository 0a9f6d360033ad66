"""A page as a server, an archive or a folder gave it: what passes from fetching to reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was given.

    `url` is the address asked for, `final_url` the one that answered, `redirects` those in between and
    before, in order (empty if the first one answered). `status` is 200 or its like, or 304 where a
    conditional request found nothing new: then `content` is empty. `content` are the decoded bytes,
    unpacked but in the page's own charset; `charset` is the declared one, lower-case, or None.
    `content_type` is the media type, declared or, where none is, guessed from the bytes. `headers` are
    a few, names in lower case. `retrieved_at` is an ISO 8601 time in UTC. `sent_sha1` is the SHA-1 of
    the body as it was sent, before any unpacking, in base32 as archives write it; None if there was none.
    `notes` say what a reader of the page should know of how it came.
    """

    url: str
    final_url: str
    status: int
    content: bytes
    content_type: str
    charset: str | None
    headers: Mapping[str, str]
    retrieved_at: str
    redirects: tuple[str, ...] = ()
    sent_sha1: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def unchanged(self) -> bool:
        """Whether the server said that the page is what it was (304)."""
        return self.status == 304
