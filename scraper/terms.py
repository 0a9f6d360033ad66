"""How one kind of address is asked for, where that differs from the pages of a site."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """What is different about a request; nothing, as it stands.

    Args:
        lane: requests of one lane keep a pace of their own at their host, an index apart from its pages.
        pace: least seconds between two requests of that lane; None is the fetcher's pace.
        retries: how often a passing failure is asked again; None is the fetcher's number.
        pause: seconds for which a host is left alone after a 429 that names none.
        deadline: seconds that the request may take in all; None is the fetcher's.
        timeout: seconds without a byte; None is the fetcher's.
        max_bytes: cap on the body, as sent and as unpacked; None is the fetcher's.
        packed: a body that is a gzip file is unpacked within the cap, whatever its headers say.
        same_host: a redirect to another host is refused instead of followed.
        stop: whether a 403 ends all calls of its host for a while; not for an address that a site may do without.
        throttle_page: end of a final address that means "too many requests", whatever its status.
    """

    lane: str = ""
    pace: float | None = None
    retries: int | None = None
    pause: float | None = None
    deadline: float | None = None
    timeout: float | None = None
    max_bytes: int | None = None
    packed: bool = False
    same_host: bool = False
    stop: bool = True
    throttle_page: str | None = None


USUAL = Terms()
