"""A run that is broken off at any moment finishes with the bytes of one that was not; what differs is refused."""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.batch.conftest import ROOT, RUN, batch, make_rows, nac, read_jsonl, start, write_rows

TINY = ("--chunk-mb", "0.0006")  # a chunk of one or two of our statements

FORKING = """
import json, os, sys
from classifier import load_model, score
from classifier.desk.entry import main
score("Allies agreed.", model=load_model(None))
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if not child:
        sys.argv = ["nac", *json.loads(line)]
        main()
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@contextmanager
def forking():
    """A process that has loaded all and forks a child for each command: so a child is at work within milliseconds."""
    options = {"cwd": ROOT, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    process = subprocess.Popen([sys.executable, "-c", FORKING], **options)
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.stdin.close()
        process.wait(timeout=120)
        process.stdout.close()


def run_forked(process, arguments, until):
    """Runs a command in a child; `until` is called with its pid and may kill it. Answers with its exit code."""
    process.stdin.write(json.dumps([str(argument) for argument in arguments]) + "\n")
    process.stdin.flush()
    until(int(process.stdout.readline()))
    return int(process.stdout.readline())


def kill(child):
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        return


def left(out):
    parts = out.with_name(f"{out.name}.parts")
    return len(list(parts.glob("*.part"))) if parts.exists() else 0


@pytest.mark.parametrize(("suffix", "kills"), [(".jsonl", 30), (".parquet", 8)])
def test_kill_nine_at_random_points(tmp_path, suffix, kills):
    given = write_rows(tmp_path / "in.jsonl", *make_rows(60), "{broken", *make_rows(20))
    whole, out = tmp_path / f"whole{suffix}", tmp_path / f"out{suffix}"
    batch(given, "--out", whole, *TINY, code=1)
    dice = random.Random(5)
    command = ["batch", given, "--out", out, *TINY, "--resume", "--quiet"]
    killed = finished = 0
    with forking() as process:
        while killed < kills:
            goal, wait = left(out) + dice.randrange(6), dice.choice((0.0, 0.001, 0.003, 0.01, 0.03))

            def until(child, goal=goal, wait=wait):
                end = time.monotonic() + 20
                while left(out) < goal and not out.exists() and time.monotonic() < end:
                    time.sleep(0.0005)
                time.sleep(wait)
                kill(child)

            code = run_forked(process, command, until)
            assert code in (-signal.SIGKILL, 1, 0), code
            killed += code == -signal.SIGKILL
            if out.exists() and not out.with_name(f"{out.name}.parts").exists():
                assert out.read_bytes() == whole.read_bytes()
                out.unlink()
                finished += 1
        code = run_forked(process, command, lambda child: None)
    assert code == 1
    assert out.read_bytes() == whole.read_bytes()
    assert (tmp_path / "out.failed.jsonl").read_bytes() == (tmp_path / "whole.failed.jsonl").read_bytes() == b"{broken\n"
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith((".", "out"))) == ["out.failed.jsonl", f"out{suffix}"]


def children_of(parent):
    """Processes whose parent it is; the second field of a line of /proc is a name between brackets and may hold blanks."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            line = path.read_text()
        except OSError:  # it has ended meanwhile
            continue
        if int(line.rpartition(")")[2].split()[1]) == parent:
            found.append(int(path.parent.name))
    return found


def command_of(child):
    try:
        return Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_workers_that_die_with_their_parent_leave_what_can_be_gone_on_with(tmp_path, table):
    whole, out = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    batch(table, "--out", whole, *TINY)
    process = start("batch", table, "--out", out, *TINY, "--jobs", 2, "-q")
    end = time.monotonic() + 60
    while left(out) < 3 and time.monotonic() < end:
        time.sleep(0.01)
    workers = [child for child in children_of(process.pid) if "popen_loky" in command_of(child)]
    process.kill()
    process.wait(timeout=120)
    assert len(workers) == 2
    end = time.monotonic() + 30
    while any("popen_loky" in command_of(child) for child in workers) and time.monotonic() < end:
        time.sleep(0.1)
    assert not any("popen_loky" in command_of(child) for child in workers), "workers outlive their parent"
    batch(table, "--out", out, *TINY, "--jobs", 2, "--resume")
    assert out.read_bytes() == whole.read_bytes()


def interrupted(tmp_path, given, **options):
    """An output that a disk without room broke off."""
    out = Path("out.jsonl") if "cwd" in options else tmp_path / "out.jsonl"
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n{RUN}"
    process = start("batch", given, "--out", out, *TINY, code=code, stderr=subprocess.PIPE, text=True, **options)
    told = process.communicate(timeout=240)[1]
    assert process.returncode == 1, told
    return out, told


def test_a_disk_that_fills_leaves_nothing_broken(tmp_path):
    given = write_rows(tmp_path / "in.jsonl", *make_rows(80))
    whole = tmp_path / "whole.jsonl"
    batch(given, "--out", whole, *TINY)
    assert whole.stat().st_size > 40_000
    out, told = interrupted(tmp_path, given)
    assert f"nac: {out}: cannot be written (File too large). Make room" in told
    assert "Traceback" not in told
    assert not out.exists()
    assert not list(tmp_path.glob(".*"))
    batch(given, "--out", out, *TINY, "--resume")
    assert out.read_bytes() == whole.read_bytes()


def test_a_part_that_does_not_fit_is_not_half_there(tmp_path):
    given = write_rows(tmp_path / "in.jsonl", *make_rows(80))
    out = tmp_path / "out.jsonl"
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))\n{RUN}"
    process = start("batch", given, "--out", out, code=code, stderr=subprocess.PIPE, text=True)
    told = process.communicate(timeout=240)[1]
    assert process.returncode == 1
    assert "File too large" in told
    assert [p.name for p in tmp_path.glob("out.jsonl.parts/*") if p.suffix != ".db" and "journal" not in p.name] == []
    batch(given, "--out", out, "--resume")
    assert len(read_jsonl(out)) == 80


@pytest.fixture(scope="module")
def broken_off_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("broken-off")
    write_rows(folder / "in.jsonl", *make_rows(80))
    interrupted(folder, "in.jsonl", cwd=folder)
    return folder


@pytest.fixture
def broken_off(broken_off_once, tmp_path, monkeypatch):
    """A folder with an input and what a run of it left, as the folder in which the command is called."""
    shutil.copytree(broken_off_once, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return Path("in.jsonl"), Path("out.jsonl")


def change_content(given):
    given.write_bytes(given.read_bytes().replace(b"number 70", b"number 71"))


def make_longer(given):
    with given.open("ab") as stream:
        stream.write(b'{"text": "One more."}\n')


@pytest.mark.parametrize(
    ("options", "change", "told"),
    [
        ((), change_content, "in.jsonl has other content"),
        ((), make_longer, "in.jsonl has"),
        (("--unit", "sentence"), None, "--unit was release and is sentence"),
        (("--keep", "country"), None, '--keep was [] and is ["country"]'),
        (("--text-field", "text"), None, "--text-field was not given and is text"),
        (("--chunk-mb", "1"), None, "--chunk-mb was 0.0006 and is 1.0"),
    ],
)
def test_what_differs_is_refused_and_named(broken_off, options, change, told):
    given, out = broken_off
    if change:
        change(given)
    result = batch(given, "--out", out, *(TINY if "--chunk-mb" not in options else ()), *options, "--resume", code=1)
    assert told in result.stderr
    assert "--overwrite scores everything anew" in result.stderr
    assert not out.exists()


def test_another_model_is_refused(broken_off, tmp_path):
    from classifier import load_model

    given, out = broken_off
    folder = tmp_path / "stance-x"
    shutil.copytree(load_model().folder, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**manifest, "seed": -1}), encoding="utf-8")
    result = batch(given, "--out", out, *TINY, "--resume", "--model", folder, code=1)
    assert "the model was stance-1" in result.stderr


def test_an_input_more_or_less_is_named(broken_off, tmp_path):
    given, out = broken_off
    other = write_rows(Path("b.jsonl"), *make_rows(2))
    result = batch(given, other, "--out", out, *TINY, "--resume", code=1)
    assert f"{other} is new among the inputs" in result.stderr
    result = batch(other, "--out", out, *TINY, "--resume", code=1)
    assert f"{other} stands where {given} was" in result.stderr


def test_a_pipe_that_says_something_else_is_refused(tmp_path):
    rows = [json.dumps(row) for row in make_rows(80)]
    out = tmp_path / "out.jsonl"
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n{RUN}"
    process = start("batch", "-", "--out", out, *TINY, code=code, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.communicate("\n".join(rows), timeout=240)
    result = batch("-", "--out", out, *TINY, "--resume", code=1, stdin="\n".join(rows[:1] + rows[2:]))
    assert "are not those that were scored" in result.stderr
    batch("-", "--out", out, *TINY, "--resume", stdin="\n".join(rows))
    assert len(read_jsonl(out)) == 80


def test_a_part_that_was_changed_is_refused(broken_off):
    given, out = broken_off
    part = sorted(out.with_name("out.jsonl.parts").glob("*.part"))[2]
    part.write_bytes(part.read_bytes().replace(b"hawkish", b"dovish!"))
    result = batch(given, "--out", out, *TINY, "--resume", code=1)
    assert f"{part}: is gone or was changed since it was written" in result.stderr


def test_two_runs_never_write_one_output(broken_off):
    import sqlite3

    given, out = broken_off
    other = sqlite3.connect(out.with_name("out.jsonl.parts") / "ledger.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        result = batch(given, "--out", out, *TINY, "--resume", code=1)
    finally:
        other.close()
    assert "another run is writing it" in result.stderr


def test_an_output_that_is_there_is_kept_unless_it_may_go(broken_off, table, tmp_path):
    given, out = broken_off
    assert "go on with --resume, or begin anew" in batch(given, "--out", out, code=2).stderr.lower()
    done = tmp_path / "done.jsonl"
    batch(table, "--out", done)
    before = done.read_bytes()
    assert "is there already" in batch(table, "--out", done, code=2).stderr
    assert "nothing is left to do" in batch(table, "--out", done, "--resume").stderr
    assert done.read_bytes() == before
    batch(table, "--out", done, "--overwrite", "--unit", "sentence")
    assert done.read_bytes() != before
    batch(given, "--out", out, *TINY, "--overwrite")
    assert len(read_jsonl(out)) == 80


def test_an_interrupt_ends_with_130_and_keeps_what_is_done(tmp_path):
    given = write_rows(tmp_path / "in.jsonl", *make_rows(28) * 40)
    out = tmp_path / "out.jsonl"
    process = start("batch", given, "--out", out, *TINY, "-q", stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 60
    while left(out) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=120)[1]
    assert (process.returncode, told) == (130, "nac: interrupted; go on with --resume.\n")
    assert left(out) >= 2


def test_limits_are_there_for_children_alone():
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 40_000
    assert nac("batch", "--help").exit_code == 0
