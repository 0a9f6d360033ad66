"""What all tests share: the data folder where it is, and no network but loopback."""

import socket
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture
def given_data():
    if not (DATA / "releases.jsonl").exists():
        pytest.skip("../shared/data is not on this machine: the labelled texts are not part of the project")
    return DATA


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch):
    """A test that would leave the machine fails instead."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family != socket.AF_UNIX and str(address[0]) not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to connect to {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
