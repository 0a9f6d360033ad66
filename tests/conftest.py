"""What all tests share: the data folder where it is, and no network but loopback."""

import os
import signal
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A shell starts what it puts into the background with Ctrl-C ignored, and the commands under test would inherit that.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Machines are shared: how long an example takes says nothing of the code.
# Where changes are judged, the examples are the same each time; elsewhere new ones are tried.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ)
settings.load_profile("house")

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


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory):
    """A data folder without models of one's own: the shipped model is in use, whatever this machine holds."""
    folder = tmp_path_factory.mktemp("nac-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NAC_HOME", str(folder))
        for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "NAC_CONTACT"):
            patch.delenv(name, raising=False)
        yield folder
