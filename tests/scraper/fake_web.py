"""A web of made-up public hosts that all live on one fault server, and a clock that tests can turn."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import Any

from scraper.fetch import Fetcher
from tests.fault_server import FaultServer

PUBLIC = "93.184.216.34"
OTHER_PUBLIC = "2606:2800:220:1:248:1893:25c8:1946"


@dataclass
class FakeClock:
    """Seconds that pass only while somebody sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


class FakeWeb:
    """Names resolve as `names` says (one list of addresses per look-up, the last one for ever).

    Every address leads to the fault server; `connected` are the addresses that were really called.
    """

    def __init__(self, server: FaultServer) -> None:
        self.server = server
        self.names: dict[str, list[list[str]]] = {}
        self.looked_up: list[str] = []
        self.connected: list[tuple[str, int]] = []
        self.clock = FakeClock()

    def resolve(self, host: str, port: int) -> list[str]:
        self.looked_up.append(host)
        answers = self.names.get(host, [[PUBLIC]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        self.connected.append((address, port))
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=seconds)

    def build_fetcher(self, **settings: Any) -> Fetcher:
        """A fetcher that lives in this web; pauses turn the fake clock and cost no time."""
        kept = {"pace": 0.0, "sleep": self.clock.sleep, "resolve": self.resolve, "connect": self.connect}
        return Fetcher(**{"clock": self.clock, **kept, **settings})
