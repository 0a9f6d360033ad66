"""The collector rests while a command loads, and only then."""

import gc
import subprocess
import sys

import pytest

import corpus
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


def test_a_plain_text_is_scored_without_what_other_work_needs():
    """Each of these takes milliseconds to load; together they would be half of a cold start."""
    needless = "numpy.ma numpy.polynomial scipy sklearn lxml bs4 trafilatura sqlalchemy rapidfuzz py3langid scraper.dates scraper.rows"
    tell = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))"
    run = [sys.executable, "-c", f"{tell}; from classifier.desk.entry import main; main()", "score", corpus.__path__[0] + "/demo.txt"]
    loaded = subprocess.run(run, capture_output=True, text=True, check=True).stderr.split()
    assert "classifier.scoring.statement" in loaded
    assert not set(needless.split()) & set(loaded)


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
