"""What the tests of the batch share: a data folder of their own, texts of ours, one way to call the command."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from classifier.desk.cli import app

ROOT = Path(__file__).parents[2]
RUN = "from classifier.desk.entry import main; main()"
FIRM = "Allies agreed that any further incursion will be met with a swift and united response."
CALM = "The parties remain in close contact and will continue to consult."
DRY = "The Council took note of the report on common funding."
FRENCH = (
    "Le Conseil s'est réuni aujourd'hui à Bruxelles à la demande de deux pays membres. Les Alliés ont condamné la "
    "violation de leur espace aérien et ils ont décidé de renforcer la défense aérienne dans la région."
)


def text_of(number: int) -> str:
    """A statement of ours; no two are alike."""
    sentences = (FIRM, CALM, DRY)
    order = [sentences[(number + i) % 3] for i in range(1 + number % 4)]
    return f"Statement number {number}, on the matter before the Council.\n\n" + " ".join(order)


def make_rows(count: int) -> list[dict]:
    return [{"id": f"r{i}", "text": text_of(i), "date": f"2024-01-{i % 28 + 1:02d}", "country": f"c{i % 5}"} for i in range(count)]


def write_rows(path: Path, *rows: object) -> Path:
    """A file of JSON rows; a string or bytes are written as the line they are."""
    lines = [row if isinstance(row, bytes) else (row if isinstance(row, str) else json.dumps(row)).encode() for row in rows]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


@pytest.fixture
def table(tmp_path) -> Path:
    return write_rows(tmp_path / "rows.jsonl", *make_rows(30))


def nac(*arguments: object, stdin: bytes | str | None = None) -> Result:
    """Runs the command in this process."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin, prog_name="nac")


def batch(*arguments: object, code: int = 0, stdin: bytes | str | None = None) -> Result:
    result = nac("batch", *arguments, stdin=stdin)
    assert result.exit_code == code, (result.exit_code, result.stderr, result.exception)
    return result


def read_jsonl(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def start(*arguments, code: str = RUN, **options):
    """The command in a process of its own."""
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], **{"cwd": ROOT, **options})
