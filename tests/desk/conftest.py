"""What the tests of the desk share: a data folder of their own, one way to call the command, texts to score."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from classifier.desk.cli import app

FIRM = "Allies agreed that any further incursion will be met with a swift and united response."
CALM = "The parties remain in close contact and will continue to consult."
STATEMENT = (
    "The Council met at the request of two Allies.\n\n"
    f"{FIRM} The Council decided to deploy two air defence batteries.\n\n"
    f"Allies took note of the report on common funding. {CALM}\n"
)
FRENCH = (
    "Le Conseil s'est réuni aujourd'hui à Bruxelles à la demande de deux pays membres. Les Alliés ont condamné la "
    "violation de leur espace aérien et ils ont décidé de renforcer la défense aérienne dans la région."
)


@pytest.fixture
def statement(tmp_path) -> Path:
    path = tmp_path / "statement.txt"
    path.write_text(STATEMENT, encoding="utf-8")
    return path


def nac(*arguments: object, stdin: bytes | str | None = None) -> Result:
    """Runs the command in this process."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin, prog_name="nac")


def score_as_json(*arguments: object, stdin: bytes | str | None = None):
    """The data on standard output of a run that must succeed."""
    result = nac("score", *arguments, "--format", "json", stdin=stdin)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def write_rows(path: Path, *rows: object) -> Path:
    """A file of JSON rows; a string is written as the line it is."""
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path
