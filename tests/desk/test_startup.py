"""The collector rests while a command loads, and only then."""

import gc
import subprocess
import sys

import pytest

from classifier.desk.startup import begin_loading, end_loading

# What the collector does at the end of a command, told by the process itself.
RUN = """
import atexit, gc, sys
from classifier.desk.entry import main
atexit.register(lambda: print(gc.isenabled(), gc.get_freeze_count() > 1000, file=sys.stderr))
sys.argv = ["nac", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["score", "--text", "Allies agreed to send ships."], "a score says itself that it has loaded all"),
        (["models", "list"], "other commands work with the collector from their first step"),
    ],
    ids=["score", "models"],
)
def test_the_collector_works_again_when_the_command_does(arguments, reason):
    done = subprocess.run([sys.executable, "-c", RUN, *arguments], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "True True", reason


def test_loading_sets_aside_what_was_made():
    before = gc.get_freeze_count()
    try:
        begin_loading()
        assert not gc.isenabled()
        end_loading()
        assert gc.isenabled() and gc.get_freeze_count() > before
    finally:
        gc.enable()
        gc.unfreeze()


def test_nothing_is_set_aside_in_a_program_of_others():
    before = gc.get_freeze_count()
    end_loading()
    assert (gc.isenabled(), gc.get_freeze_count()) == (True, before)
