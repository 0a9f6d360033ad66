"""What the command says of itself, and of a long run."""

import io
import re

import pytest
from typer.main import get_command

from classifier.desk.cli import COMMANDS as TABLE
from classifier.desk.cli import app
from classifier.desk.progress import Progress
from classifier.scoring.places import SHIPPED
from tests.desk.conftest import nac

COMMANDS = sorted(TABLE)


def list_paths():
    """Every command, and every one inside a group."""
    for name in COMMANDS:
        found = get_command(app).get_command(None, name)
        yield (name,)
        yield from ((name, inner) for inner in getattr(found, "commands", {}))


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_names_every_command(command):
    assert f"nac {command}" in (SHIPPED.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", list(list_paths()), ids=" ".join)
def test_every_command_and_option_has_help(path):
    result = nac(*path, "--help")
    assert result.exit_code == 0
    found = get_command(app).get_command(None, path[0])
    for inner in path[1:]:
        found = found.commands[inner]
    assert found.help
    assert all(parameter.help for parameter in found.params if parameter.name != "help"), path
    for parameter in found.params:
        if parameter.param_type_name == "option":
            assert max(parameter.opts, key=len) in result.stdout


def test_help_of_score_has_examples_exit_codes_and_variables():
    told = nac("score", "--help").stdout
    assert told.count("  nac score ") >= 5
    for code in ("0", "1", "2", "3", "4", "5", "130"):
        assert re.search(rf"^ +{code}  ", told, re.MULTILINE), code
    for name in ("NAC_HOME", "NAC_CONTACT", "NO_COLOR", "20 MB"):
        assert name in told


def test_version_is_said():
    result = nac("--version")
    assert result.exit_code == 0
    assert re.fullmatch(r"nac-stance \d+\.\d+\.\d+\n", result.stdout)


def test_completion_can_be_had():
    assert "--install-completion" in nac("--help").stdout


def test_the_demonstration_says_that_it_is_constructed_and_is_scored():
    path = SHIPPED.parent / "corpus" / "demo.txt"
    last = path.read_text(encoding="utf-8").strip().splitlines()[-1]
    assert last.startswith("[This statement was constructed") and last.endswith("]")
    result = nac("score", path)
    assert result.exit_code == 0
    assert "The language is hawkish" in result.stdout


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_progress_appears_after_twenty_texts_and_goes_away():
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, shown=True, clock=clock)
    for _ in range(20):
        clock.now += 1
        progress.count()
    assert stream.getvalue() == ""
    clock.now += 1
    progress.count(failed=True)
    assert stream.getvalue() == "\r21 texts, 1 failed, 1 a second"
    progress.count()
    assert stream.getvalue().count("\r") == 1, "not more often than five times a second"
    progress.clear()
    assert stream.getvalue().endswith("\r")
    progress.clear()
    assert stream.getvalue().count("\r") == 3


def test_progress_is_silent_where_it_is_not_wanted():
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, shown=False, clock=clock)
    for _ in range(50):
        clock.now += 1
        progress.count()
    progress.clear()
    assert stream.getvalue() == ""
