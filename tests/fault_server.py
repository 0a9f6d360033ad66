"""A web server on the loopback interface that misbehaves on demand, one socket call at a time.

Each path has a script: bytes are sent, a number is a pause in seconds, `RESET` breaks the connection,
`HANG` keeps it open and silent. A path with several scripts plays one per request and repeats the last.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

RESET = "reset"
HANG = "hang"
Step = bytes | float | str
Script = list[Step]


@dataclass(frozen=True)
class Request:
    host: str
    path: str
    headers: dict[str, str]


def build_reply(body: bytes = b"", status: int = 200, kind: str | None = "text/html", **headers: str) -> bytes:
    """A correct reply; underscores in header names become hyphens."""
    lines = [f"HTTP/1.1 {status} Status"]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    lines.append(f"Content-Length: {headers.pop('Content_Length', len(body))}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def drip(data: bytes, gap: float = 0.05) -> Script:
    """One byte at a time, `gap` seconds apart."""
    return [step for byte in data for step in (bytes([byte]), gap)]


def build_gzip_bomb(mebibytes: int = 1024) -> bytes:
    """One gzip member that unpacks to so many MiB of zeros; about a thousandth of that in size."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    header = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    return header + block * mebibytes + packer.flush() + bytes(8)  # the checksum at its end is never reached


class FaultServer:
    """Serves scripts until the `with` block ends, then joins its threads; `requests` is what it was asked."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.scripts: dict[str, list[Script]] = {"/robots.txt": [[build_reply(status=404)]]}
        self.answer: Callable[[Request], bytes] | None = None
        """For paths without a script; None says 404."""
        self.requests: list[Request] = []
        self.times: list[float] = []
        """Of `requests`, seconds of the monotonic clock."""
        self.errors: list[Exception] = []
        self._tls = tls
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def play(self, path: str, *scripts: Script | bytes) -> None:
        """Sets what a path answers: one script per request, the last one for ever."""
        self.scripts[path] = [[script] if isinstance(script, bytes) else script for script in scripts]

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stop.set()
        socket.create_connection(("127.0.0.1", self.port)).close()  # wakes the listener
        for thread in self._threads:
            thread.join(5)
        self._listener.close()
        assert not [thread for thread in self._threads if thread.is_alive()]
        assert not self.errors

    def _start(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stop.is_set():
            self._start(self._serve, self._listener.accept()[0])

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            request = read_request(connection)
            if request is not None:
                self.times.append(time.monotonic())
                self.requests.append(request)
                scripts = self.scripts.get(request.path) or [[self.answer(request) if self.answer else build_reply(status=404)]]
                self._perform(scripts.pop(0) if len(scripts) > 1 else scripts[0], connection)
        except (OSError, ssl.SSLError):
            pass  # the client left; that is often the point of the test
        except Exception as error:  # noqa: BLE001 - reported when the server stops
            self.errors.append(error)
        finally:
            connection.close()

    def _perform(self, script: Script, connection: socket.socket) -> None:
        for step in script:
            if self._stop.is_set():
                return
            if isinstance(step, bytes):
                connection.sendall(step)
            elif step == RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            else:
                self._wait(connection, 30.0 if step == HANG else float(step))

    def _wait(self, connection: socket.socket, seconds: float) -> None:
        """A pause that ends with the server, or when the client leaves."""
        connection.settimeout(0.02)
        for _ in range(max(1, round(seconds / 0.02))):
            with contextlib.suppress(TimeoutError):
                if self._stop.is_set() or not connection.recv(1):
                    raise OSError("left")
        connection.settimeout(5)


def read_request(connection: socket.socket) -> Request | None:
    """Reads the head of one request; None if the client leaves before its end."""
    head = b""
    while b"\r\n\r\n" not in head:
        if not (piece := connection.recv(65536)):
            return None
        head += piece
    first, *lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    headers = dict(_split_headers(lines))
    return Request(headers.get("host", ""), first.split(" ")[1], headers)


def _split_headers(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, _, value = line.partition(":")
        yield name.strip().lower(), value.strip()
