"""Posts a message to an address that the user named, under the rules of the fetcher: checked addresses, checked certificates.

Nothing is followed and nothing of the answer but its status is read. A message is signed with HMAC-SHA256 (RFC 2104) over
time and body, so that its receiver can tell a forged or an old one.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from scraper.addresses import Connect, Dialler, Resolve, check_url, open_socket, resolve_name
from scraper.connection import send_request
from scraper.errors import FetchError, Refused
from scraper.pace import Deadline
from scraper.user_agent import build_user_agent

TIMEOUT = 10.0
"""Seconds that one message may take in all."""


class NotTaken(FetchError):
    """The receiver answered, but did not take the message."""

    code = "not_taken"


@dataclass(frozen=True, slots=True)
class Post:
    """Where messages go and with which secret.

    Args:
        url: https, or http where private networks are allowed.
        secret: shared with the receiver.
        allow_private: also call this machine and private networks.
        now: seconds since 1970, for the signature.
        resolve: host and port to numeric addresses.
        connect: numeric address, port and seconds to a connected socket.

    Raises:
        Refused: the address is none that is called, or would carry the message unencrypted.
    """

    url: str
    secret: bytes
    allow_private: bool = False
    now: Callable[[], float] = time.time
    resolve: Resolve = resolve_name
    connect: Connect = open_socket

    def __post_init__(self) -> None:
        target = check_url(self.url, allow_private=self.allow_private)
        if target.scheme != "https" and not self.allow_private:
            raise Refused(f"{target.host}: messages are not sent unencrypted", hint="give an address with https", source=target.host)

    def send(self, body: bytes, *, key: str) -> None:
        """Sends one message.

        Args:
            body: JSON.
            key: says which message this is; a second one of that key is the same message again.

        Raises:
            NotTaken: the receiver answered with anything but success.
            FetchError: it could not be reached; `Refused` if it must not be called.
        """
        target = check_url(self.url, allow_private=self.allow_private)
        stamp = str(int(self.now()))
        headers = {
            "User-Agent": build_user_agent(),
            "Content-Type": "application/json",
            "Connection": "close",
            "Idempotency-Key": key,
            "NAC-Timestamp": stamp,
            "NAC-Signature": f"v1={sign_body(self.secret, stamp, body)}",
        }
        until = Deadline(time.monotonic() + TIMEOUT, time.monotonic)
        dial = partial(Dialler(self.allow_private, self.resolve, self.connect).dial, timeout=TIMEOUT, until=until)
        with send_request(target, headers, dial=dial, timeout=TIMEOUT, until=until, ca_bundle=None, posted=body) as response:
            if not 200 <= response.status_code < 300:
                message = f"{target.host} did not take the message ({response.status_code})"
                raise NotTaken(message, hint="it will be sent again", source=target.host)


def sign_body(secret: bytes, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 in hexadecimal over the time, a full stop and the body.

    Args:
        secret: shared with the receiver.
        stamp: seconds since 1970, in decimal, as in the header `NAC-Timestamp`.
        body: the message.
    """
    return hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
