"""Signals that end a long command: heard even where Python drops what a call-back raises, and gone when the command is."""

import os
import signal
import sqlite3
import time

import pytest

from classifier.desk import interrupts
from classifier.desk.interrupts import Terminated, end_on_sigterm

SIGNALS = [(signal.SIGTERM, Terminated), (signal.SIGINT, KeyboardInterrupt)]


@pytest.mark.parametrize(("number", "kind"), SIGNALS, ids=["a service manager", "Ctrl-C"])
def test_an_interrupt_that_c_code_swallows_comes_again(monkeypatch, number, kind):
    monkeypatch.setattr(interrupts, "AGAIN", 0.1)
    struck = []

    def strike():
        struck.append(1)
        os.kill(os.getpid(), number)
        return sum(range(10_000))  # Python calls handlers between two of its own steps

    connection = sqlite3.connect(":memory:")
    connection.create_function("strike", 0, strike)
    with pytest.raises(kind), end_on_sigterm():
        with pytest.raises(sqlite3.OperationalError):
            connection.execute("SELECT strike()").fetchall()
        time.sleep(30)
    connection.close()
    assert struck == [1]


@pytest.mark.parametrize(("number", "kind"), SIGNALS, ids=["a service manager", "Ctrl-C"])
def test_nothing_strikes_once_the_command_has_ended(monkeypatch, number, kind):
    monkeypatch.setattr(interrupts, "AGAIN", 0.05)
    before = [signal.getsignal(one) for one, _ in SIGNALS]
    with pytest.raises(kind), end_on_sigterm():
        os.kill(os.getpid(), number)
        time.sleep(30)
    time.sleep(0.2)
    assert [signal.getsignal(one) for one, _ in SIGNALS] == before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
