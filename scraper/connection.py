"""One request over one connection that goes where the dialler says and ends when the deadline does.

`requests` keeps its part (headers, TLS, reading HTTP); two things are put in its way. Connections are
opened by our dialler, while Host header, SNI and certificate name stay those of the address asked
for. And each read from the socket is cut to the time that is left, since a server that drips one byte
a second never trips a read time-out.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError
from urllib3.exceptions import SSLError as TlsError
from urllib3.util.ssl_ import create_urllib3_context

from scraper.addresses import Target
from scraper.errors import FetchError
from scraper.pace import Deadline

Dial = Callable[[str, int], socket.socket]

SAVE_HINT = "save the page in a browser and give the file"
LATER_HINT = f"try again later, or {SAVE_HINT}"


class BrokenOff(FetchError):
    """The connection broke before the answer was complete; asking again may help."""


class LimitedSocket(socket.socket):
    """A TCP socket whose reads end at a deadline."""

    until: Deadline | None = None

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:  # noqa: ANN401 - any buffer
        """Reads as the socket does, waiting no longer than the deadline allows."""
        _cut_timeout(self, self.until)
        return super().recv_into(buffer, nbytes, flags)


class LimitedTlsSocket(ssl.SSLSocket):
    """A TLS socket whose reads end at a deadline."""

    until: Deadline | None = None

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:  # noqa: ANN401 - any buffer
        """Reads as the socket does, waiting no longer than the deadline allows."""
        _cut_timeout(self, self.until)
        return super().recv_into(buffer, nbytes, flags)


def _cut_timeout(sock: socket.socket, until: Deadline | None) -> None:
    if until is None:
        return
    left = until.left()
    if left <= 0:
        raise TimeoutError("the deadline has passed")
    sock.settimeout(min(left, sock.gettimeout() or left))


class _PinnedConnection(HTTPConnection):
    def __init__(self, *args: Any, dial: Dial, until: Deadline, **kwargs: Any) -> None:  # noqa: ANN401 - urllib3's own
        super().__init__(*args, **kwargs)
        self._dial = dial
        self._until = until

    def _new_conn(self) -> socket.socket:
        plain = self._dial(self.host, self.port)
        left = max(self._until.left(), 0.001)
        timeout = min(plain.gettimeout() or left, left)  # of the TLS handshake, which follows
        limited = LimitedSocket(plain.family, plain.type, plain.proto, fileno=plain.detach())
        limited.settimeout(timeout)
        limited.until = self._until
        return limited


class _PinnedTlsConnection(_PinnedConnection, HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        if isinstance(self.sock, LimitedTlsSocket):
            self.sock.until = self._until


class _PinnedPool(HTTPConnectionPool):
    ConnectionCls = _PinnedConnection


class _PinnedTlsPool(HTTPSConnectionPool):
    ConnectionCls = _PinnedTlsConnection


class PinnedAdapter(HTTPAdapter):
    """The transport of one request: its connections come from `dial` and are closed with it.

    No proxy, cookie, `.netrc` or other setting of the environment is read.
    """

    def __init__(self, target: Target, dial: Dial, until: Deadline) -> None:
        super().__init__()
        if target.scheme == "https":
            context = create_urllib3_context()
            context.sslsocket_class = LimitedTlsSocket
            self._pool: HTTPConnectionPool = _PinnedTlsPool(target.host, target.port, ssl_context=context, dial=dial, until=until)
        else:
            self._pool = _PinnedPool(target.host, target.port, dial=dial, until=until)

    def get_connection_with_tls_context(self, *_args: Any, **_kwargs: Any) -> HTTPConnectionPool:  # noqa: ANN401 - requests' own
        """The one pool of this adapter."""
        return self._pool

    def close(self) -> None:
        """Closes the connection."""
        self._pool.close()
        super().close()


@contextmanager
def send_request(
    target: Target,
    headers: Mapping[str, str],
    *,
    dial: Dial,
    timeout: float,
    until: Deadline,
    ca_bundle: str | None,
    posted: bytes | None = None,
) -> Iterator[requests.Response]:
    """Asks once, follows nothing, and hands over the answer with its body unread.

    Args:
        target: the address to ask for.
        headers: what is sent besides Host.
        dial: opens the connection.
        timeout: seconds without a byte.
        until: by when the answer must have been read.
        ca_bundle: file of trusted certificates in place of certifi's.
        posted: a body to be posted; null to ask for a page.

    Raises:
        BrokenOff: the connection was reset or cut, while asking or while the body was read.
        FetchError: time-out, deadline, TLS failure, or an answer that is not HTTP.
    """
    if until.left() <= 0:
        raise _name_lateness(target.host)
    adapter = PinnedAdapter(target, dial, until)
    try:
        method = "GET" if posted is None else "POST"
        request = requests.Request(method, target.url, headers=dict(headers), data=posted).prepare()
        seconds = max(min(timeout, until.left()), 0.001)
        with adapter.send(request, stream=True, timeout=seconds, verify=ca_bundle or True) as response:
            yield response
    except (requests.RequestException, HTTPError, OSError) as error:
        raise _name_failure(error, target.host, timeout=timeout, until=until) from error
    finally:
        adapter.close()


def _name_failure(error: Exception, host: str, *, timeout: float, until: Deadline) -> FetchError:
    """Says in our words what failed; the server's own words may hold anything and stay out."""
    if until.left() <= 0:
        return _name_lateness(host)
    if isinstance(error, requests.Timeout | ReadTimeoutError):
        return FetchError(f"{host} sent nothing for {timeout:g} s", hint=LATER_HINT, source=host)
    causes = list(_list_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            hint = f"if your network replaces certificates, name its bundle; otherwise {SAVE_HINT}"
            return FetchError(f"{host}: certificate not accepted ({cause.verify_message})", hint=hint, source=host)
    if isinstance(error, requests.exceptions.SSLError | TlsError):
        return FetchError(f"{host}: no encrypted connection came about", hint=LATER_HINT, source=host)
    if any(isinstance(cause, http.client.IncompleteRead) for cause in causes):
        return BrokenOff(f"{host} sent less than it announced", hint=LATER_HINT, source=host)
    if isinstance(error, requests.ConnectionError | ProtocolError):
        return BrokenOff(f"{host} broke off the connection", hint=LATER_HINT, source=host)
    return FetchError(f"{host}: the answer cannot be read ({type(error).__name__})", hint=LATER_HINT, source=host)


def _name_lateness(host: str) -> FetchError:
    return FetchError(f"{host} did not complete its answer in the time allowed", hint=LATER_HINT, source=host)


def _list_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
