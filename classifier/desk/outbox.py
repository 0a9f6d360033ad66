"""Sends what the store holds to be sent: at least once, the oldest first, with longer and longer pauses."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from classifier.desk.output import tell
from scraper.errors import ScraperError

if TYPE_CHECKING:
    from scraper.posting import Post
    from scraper.store.deliveries import Deliveries

FIRST_PAUSE = 2.0
LONGEST_PAUSE = 3600.0
"""Seconds between two attempts; a message is never given up."""
AT_ONCE = 20
"""Messages of one round, so that a long queue does not keep the next collection waiting."""


def send_due(deliveries: Deliveries, post: Post, *, now: Callable[[], float] = time.time) -> int:
    """Sends the messages of one target that are due; returns how many arrived.

    After a failure the round ends: the receiver is not pressed, and the order stays.

    Raises:
        StoreError: what came of a message cannot be kept; it will be sent again.
    """
    arrived = 0
    for message in deliveries.due(now(), limit=AT_ONCE):
        if message.target != post.url:
            continue
        try:
            post.send(message.body.encode(), key=message.key)
        except ScraperError as error:
            pause = min(FIRST_PAUSE * 4**message.attempts, LONGEST_PAUSE) if message.attempts < 8 else LONGEST_PAUSE
            deliveries.failed(message, now() + pause, now())
            tell(f"webhook: {error.message}; next attempt in {pause:.0f} s.")
            return arrived
        deliveries.done(message, now())
        arrived += 1
    return arrived
