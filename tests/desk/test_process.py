"""What only a process of its own shows: what it loads, how it ends when interrupted or left alone by its reader."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from classifier.desk.entry import tell_of_fault
from tests.desk.conftest import FIRM, nac, write_rows

ROOT = Path(__file__).parents[2]
RUN = "from classifier.desk.entry import main; main()"


def start(*arguments, **options):
    """The command in a process of its own, which is ended after a minute whatever it does."""
    command = [sys.executable, "-c", options.pop("code", RUN), *map(str, arguments)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    watch = threading.Timer(60, process.kill)
    watch.daemon = True
    watch.start()
    return process


def test_scoring_a_file_loads_nothing_it_does_not_need(statement):
    """spaCy brings its own: what it loads by itself does not count against us, but is never more than that."""
    code = (
        "import sys; import spacy, pathlib; own = set(sys.modules)\n"
        "from classifier.desk.entry import main\n"
        "try: main()\n"
        "finally:\n"
        "    new = set(sys.modules) - own\n"
        "    heads = {name.split('.')[0] for name in new}\n"
        "    import json; sys.stderr.write(json.dumps([sorted(heads), sorted(new)]))\n"
    )
    process = start("score", statement, "--format", "json", code=code)
    data, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    json.loads(data)
    heads, modules = json.loads(told)
    forbidden = {"sklearn", "scipy", "requests", "urllib3", "trafilatura", "sqlalchemy", "jinja2", "rich", "lxml", "bs4"}
    assert not forbidden & set(heads)
    assert not {"scraper.fetch", "scraper.sites", "classifier.desk.report", "classifier.learning"} & set(modules)


def test_the_command_line_itself_is_light():
    code = (
        "import sys; import classifier.desk.entry\n"
        "heads = {name.split('.')[0] for name in sys.modules}\n"
        "sys.exit(1 if heads & {'typer', 'spacy', 'numpy', 'rich', 'jinja2'} else 0)"
    )
    process = start(code=code)
    process.communicate(timeout=60)
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "where", "why"),
    [
        (("doctor",), "classifier.desk.doctor.examine", "a command that looks out for no interrupt"),
        (("evaluate",), "classifier.desk.commands.evaluate.end", "before the command minds interrupts"),
        (("models", "list"), "classifier.desk.cli.end_loading", "while the command is loaded"),
    ],
)
def test_an_interrupt_at_any_time_is_one_line_and_130(monkeypatch, arguments, where, why):
    def interrupt(*_given, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr(where, interrupt)
    result = nac(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "nac: interrupted.\n"), why


def test_an_interrupt_while_waiting_for_input_ends_with_130():
    process = start("score", "-", "--format", "jsonl", stdin=subprocess.PIPE)
    process.stdin.write(json.dumps({"text": FIRM}) + "\n")
    process.stdin.flush()
    first = process.stdout.readline()  # from here on it waits for the second row
    process.send_signal(signal.SIGINT)
    rest, told = process.communicate(timeout=30)
    assert json.loads(first)["text"] == FIRM
    assert (process.returncode, rest, told) == (130, "", "nac: interrupted.\n")


@pytest.mark.parametrize("form", ["jsonl", "table"])
def test_a_reader_that_goes_away_is_told_in_one_line(tmp_path, form):
    path = write_rows(tmp_path / "rows.jsonl", *[{"text": f"{FIRM} " * 20}] * 40)
    process = start("score", path, "--format", form)
    process.stdout.readline()
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 1
    assert told == "nac: standard output: closed by its reader before all was written.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
@pytest.mark.parametrize(
    ("arguments", "told", "why"),
    [
        (
            ("score", "{statement}", "--format", "csv"),
            "nac: standard output: cannot be written (No space",
            "pieces that are flushed at once",
        ),
        (("score", "{statement}"), "nac: standard output: cannot be written (No space", "rich draws elsewhere"),
        (("doctor",), "nac: no more can be written (No space", "lines of Typer"),
        (("--help",), "nac: no more can be written (No space", "help"),
    ],
)
def test_a_full_disk_is_told_in_one_line(statement, arguments, told, why):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-c", RUN, *(word.format(statement=statement) for word in arguments)]
        process = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert process.returncode == 1, why
    assert process.stderr.startswith(told), why
    assert process.stderr.count("\n") == 1, why


def test_results_are_utf8_wherever_they_go(tmp_path):
    path = tmp_path / "accents.txt"
    path.write_text(f"The café of Tromsø – “{FIRM}”", encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    command = [sys.executable, "-c", RUN, "score", str(path)]
    for form in ("jsonl", "table"):
        process = subprocess.run([*command, "--format", form], cwd=ROOT, env=environment, capture_output=True, timeout=60)
        assert process.returncode == 0, process.stderr
        assert ("café of Tromsø – “".encode() in process.stdout) is (form == "jsonl")


def test_what_libraries_log_and_warn_of_is_not_for_the_user(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<html><body><div></div><p>.</p></body></html>", encoding="utf-8")
    code = f"import logging, warnings\n{RUN.replace('main()', '')}\nfrom classifier.desk import sources\n" + (
        "read = sources.read_release\n"
        "def noisy(*a, **k):\n"
        "    logging.getLogger('trafilatura').error('empty tree'); warnings.warn('old')\n"
        "    return read(*a, **k)\n"
        "sources.read_release = noisy; main()"
    )
    process = start("score", path, code=code)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 5
    assert told.startswith(f"nac: {path}: ")
    assert told.count("\n") == 1


def test_an_unforeseen_error_is_one_line_that_asks_for_a_report(capsys):
    try:
        raise ZeroDivisionError("two\nlines")
    except ZeroDivisionError as error:
        tell_of_fault(type(error), error, error.__traceback__)
    told = capsys.readouterr().err
    assert told.startswith("nac: internal error: ZeroDivisionError: two lines (test_process.py, line ")
    assert told.count("\n") == 1
