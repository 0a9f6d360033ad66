"""`nac corpus hydrate`: a real process against a server on this machine that answers well, wrongly, late or not at all."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.corpus.made_labels import make_data, make_labels
from tests.desk.conftest import nac
from tests.fault_server import HANG, RESET, FaultServer, build_reply

ROOT = Path(__file__).parents[2]
RUN = [sys.executable, "-c", "from classifier.desk.entry import main; main()"]


@pytest.fixture
def web():
    with FaultServer() as server:
        yield server


class Made:
    """A made-up corpus: its labels in one folder, its texts in another, its source files on the server."""

    def __init__(self, tmp_path, server):
        self.data, self.out, self.server = tmp_path / "data", tmp_path / "out", server
        self.files = make_data(self.data)
        self.labels = make_labels(tmp_path / "labels", self.data)
        self.addresses = [f"/wh/{quote(path)}" for path in self.files]
        for address, content in zip(self.addresses, self.files.values(), strict=True):
            server.play(address, build_reply(content, kind="text/plain"))
        self.arguments = ["corpus", "hydrate", "--labels", self.labels, "--out", self.out, "--pace", "0", "--allow-private"]
        self.arguments += ["--base-url", f"http://127.0.0.1:{server.port}/wh/", "--format", "json"]

    def hydrate(self, *more):
        result = nac(*self.arguments, *more)
        return result, json.loads(result.stdout) if result.stdout.startswith("{") else None

    def asked(self):
        return [path for path in self.server.paths if path != "/robots.txt"]

    def lines(self, name):
        return [json.loads(line) for line in (self.out / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def made(tmp_path, web):
    return Made(tmp_path, web)


def same_files(made):
    return all((made.out / name).read_bytes() == (made.data / name).read_bytes() for name in ("releases.jsonl", "sentences.jsonl"))


def test_the_texts_come_back_byte_for_byte(made):
    result, told = made.hydrate()
    assert result.exit_code == 0, result.stderr
    assert (told["releases"]["had"], told["releases"]["wanted"]) == (6, 6)
    assert same_files(made)
    assert made.asked() == made.addresses
    result, _ = made.hydrate()
    assert result.exit_code == 0
    assert made.asked() == made.addresses, "what is there is not asked for again"


def test_from_a_copy_or_a_checkout_nothing_is_fetched(made, tmp_path):
    checkout = tmp_path / "checkout"
    for path, content in made.files.items():
        (checkout / path).parent.mkdir(parents=True, exist_ok=True)
        (checkout / path).write_bytes(content)
    for folder in (made.data, checkout):
        result, told = made.hydrate("--from", folder)
        assert result.exit_code == 0, result.stderr
        assert told["from"] == str(folder)
        assert same_files(made)
        (made.out / "releases.jsonl").unlink()
    assert made.asked() == []


def test_a_copy_without_a_text_is_told(made):
    path = made.data / "releases.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    result, told = made.hydrate("--from", made.data)
    assert result.exit_code == 1
    assert [failure["error"]["code"] for failure in told["releases"]["failed"]] == ["not_found"]


def test_another_text_is_left_out_and_other_bytes_alone_are_not(made):
    raw = list(made.files.values())
    made.server.play(made.addresses[0], build_reply(raw[0].replace(b"food", b"arms"), kind="text/plain"))
    made.server.play(made.addresses[1], build_reply(raw[1].replace(b"tags: s", b"tags: t"), kind="text/plain"))
    result, told = made.hydrate()
    assert result.exit_code == 1
    drifted = told["releases"]["drifted"]
    assert [row["same_text"] for row in drifted] == [False, True]
    assert all(row["new_raw_sha256"] != row["raw_sha256"] for row in drifted)
    rows = made.lines("releases.jsonl")
    assert len(rows) == 5 and rows[0]["raw_sha256"] == drifted[1]["new_raw_sha256"]
    assert len(made.lines("sentences.jsonl")) == 5
    assert len(list((made.out / "drifted").iterdir())) == 2, "the bytes are kept to be looked at"
    made.server.play(made.addresses[0], build_reply(raw[0], kind="text/plain"))
    result, told = made.hydrate()
    assert result.exit_code == 0
    assert told["releases"]["had"] == 6


@pytest.mark.parametrize(
    ("script", "asked", "failed", "code", "reason"),
    [
        (build_reply(status=404), 6, ["not_found"], 3, "one missing file does not end the run"),
        (
            build_reply(status=429, Retry_After="3600"),
            3,
            ["blocked"],
            3,
            "asked to wait for an hour: the run ends, to be gone on with later",
        ),
        (build_reply(status=403), 3, ["blocked"], 3, "refused: no further request"),
        (build_reply(b"", kind="text/plain", Content_Length="9"), 6, None, 3, "cut off in the middle, again and again"),
    ],
)
def test_servers_that_refuse(made, script, asked, failed, code, reason):
    made.server.play(made.addresses[2], script)
    result, told = made.hydrate()
    assert result.exit_code == code, reason
    assert len(set(made.asked())) == asked, reason
    if failed:
        assert [failure["error"]["code"] for failure in told["releases"]["failed"]] == failed
    assert told["releases"]["had"] == asked - 1
    assert told["releases"]["not_asked"] == 6 - asked
    assert "Run the same command again" in result.stderr
    made.server.play(made.addresses[2], build_reply(list(made.files.values())[2], kind="text/plain"))
    before = len(made.asked())
    result, told = made.hydrate()
    assert result.exit_code == 0 and same_files(made)
    assert made.asked()[before:] == made.addresses[2 : 2 + (1 if asked == 6 else 4)], "only what is missing"


def test_a_short_pause_asked_for_is_kept_to(made):
    good = build_reply(list(made.files.values())[1], kind="text/plain")
    made.server.play(made.addresses[1], build_reply(status=429, Retry_After="1"), good)
    result, told = made.hydrate()
    assert result.exit_code == 0, result.stderr
    assert told["releases"]["had"] == 6


def test_a_dead_server_is_left_alone_after_five_failures(made):
    for address in made.addresses:
        made.server.play(address, build_reply(status=500))
    result, told = made.hydrate()
    assert result.exit_code == 3
    assert len(set(made.asked())) == 5
    assert told["releases"]["not_asked"] == 1


def start(made):
    command = [*RUN, *map(str, made.arguments)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
    watch = threading.Timer(60, process.kill)
    watch.daemon = True
    watch.start()
    return process


def wait_for(made, address):
    end = time.monotonic() + 50
    while address not in made.server.paths:
        assert time.monotonic() < end, "the process never came so far"
        time.sleep(0.02)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130), (signal.SIGTERM, 130)])
def test_a_run_that_is_ended_goes_on_where_it_was(made, number, code):
    good = build_reply(list(made.files.values())[3], kind="text/plain")
    made.server.play(made.addresses[3], [good[:-20], HANG], good)
    process = start(made)
    wait_for(made, made.addresses[3])
    process.send_signal(number)
    _, told = process.communicate(timeout=30)
    assert process.returncode == code
    assert "Traceback" not in told
    assert not (made.out / "releases.jsonl").exists(), "nothing half-made"
    (made.out / "raw" / ".x.part").write_bytes(b"half")
    process = start(made)
    data, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert json.loads(data)["releases"]["had"] == 6
    assert same_files(made)
    assert made.asked() == [*made.addresses[:4], *made.addresses[3:]]
    assert not list((made.out / "raw").glob("*.part"))


PAGE = """<html><head><title>Made-up statement {n}</title></head><body><article><h1>Made-up statement {n}</h1>
<p>The Council of a made-up alliance met today in version {n} of this page, and its members discussed the situation at length.</p>
<p>Allies remain in close contact and will continue to consult with one another on the matter in the days and weeks to come.</p>
</article></body></html>"""


def point_statements(made, monkeypatch):
    path = made.labels / "nac_statements.csv"
    path.write_text(path.read_text().replace("http://127.0.0.1:1/", f"http://127.0.0.1:{made.server.port}/"))
    monkeypatch.setenv("NAC_ARCHIVE_URL", f"http://127.0.0.1:{made.server.port}/")
    return f"http://127.0.0.1:{made.server.port}"


def test_live_pages_are_kept_with_their_hash_and_the_archive_stands_in(made, monkeypatch):
    origin = point_statements(made, monkeypatch)
    asked, nearest = (f"/web/{stamp}id_/{origin}/s2.htm" for stamp in ("20020203120000", "20020417030201"))
    made.server.play("/s1.htm", build_reply(PAGE.format(n=1).encode()))
    made.server.play(asked, build_reply(status=302, Location=origin + nearest))
    made.server.play(nearest, build_reply(PAGE.format(n=2).encode()))
    result, told = made.hydrate("--what", "statements")
    assert result.exit_code == 0, result.stderr
    assert (told["statements"]["had"], told["statements"]["from_archive"]) == (2, 1)
    first, second = made.lines("nac_statements.jsonl")
    assert (first["from"], second["from"]) == ("live", "archive")
    assert second["fetched_url"].endswith(nearest) and "the nearest of 20020417030201" in second["notes"][0]
    assert "version 1" in first["text"] and first["label"] == "hawkish"
    assert len(first["raw_sha256"]) == len(first["text_sha256"]) == 64
    asked = len(made.asked())
    made.hydrate("--what", "statements")
    assert len(made.asked()) == asked, "what is there is not asked for again"
    made.server.play("/s1.htm", build_reply(PAGE.format(n=7).encode()))
    result, told = made.hydrate("--what", "statements", "--again")
    assert result.exit_code == 0, "a live page may change"
    assert [row["id"] for row in told["statements"]["drifted"]] == ["s1"]
    assert "version 7" in made.lines("nac_statements.jsonl")[0]["text"]
    made.server.play("/s1.htm", [RESET])
    result, told = made.hydrate("--what", "statements", "--again", "--no-archive")
    assert result.exit_code == 3
    assert len(made.lines("nac_statements.jsonl")) == 2, "what was had is not lost"


def test_live_pages_that_were_had_before_a_kill_are_not_asked_for_again(made, monkeypatch):
    point_statements(made, monkeypatch)
    made.server.play("/s1.htm", build_reply(PAGE.format(n=1).encode()))
    made.server.play("/s2.htm", [HANG], build_reply(PAGE.format(n=2).encode()))
    made.arguments += ["--what", "statements"]
    process = start(made)
    wait_for(made, "/s2.htm")
    process.kill()
    process.communicate(timeout=30)
    journal = made.out / "nac_statements.part.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"id": "s2", "cut')
    process = start(made)
    data, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert json.loads(data)["statements"]["had"] == 2
    assert made.asked().count("/s1.htm") == 1
    assert not journal.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--pace", "-1"], 2, "--pace"),
        (["--from", ".", "--what", "all"], 2, "a copy has no all"),
        (["--from", "/no/such/folder"], 2, ""),
        (["--labels", "tests"], 1, "releases.csv is missing"),
    ],
)
def test_usage(tmp_path, arguments, code, told):
    result = nac("corpus", "hydrate", "--out", tmp_path / "out", *arguments)
    assert result.exit_code == code
    assert told in result.stderr


@pytest.mark.parametrize(
    ("column", "value"), [("path", "../../etc/passwd"), ("path", "/etc/passwd"), ("raw_sha256", "../x"), ("id", "../x")]
)
def test_labels_that_lead_out_of_their_folder_are_refused(made, column, value):
    import csv

    path = made.labels / "releases.csv"
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows[2][column] = value
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    result, _ = made.hydrate()
    assert result.exit_code == 5
    assert "an id, a path or a hash that is none" in result.stderr
    assert made.asked() == []


def test_dehydrating_writes_and_checks(made, tmp_path):
    out = tmp_path / "again"
    out.mkdir()
    result = nac("corpus", "dehydrate", "--from", made.data, "--out", out)
    assert result.exit_code == 0, result.stderr
    assert (out / "releases.csv").read_bytes() == (made.labels / "releases.csv").read_bytes()
    assert nac("corpus", "dehydrate", "--from", made.data, "--out", out, "--check").exit_code == 0
    (out / "releases.csv").write_text("changed")
    result = nac("corpus", "dehydrate", "--from", made.data, "--out", out, "--check")
    assert (result.exit_code, result.stdout) == (1, f"differs: {out / 'releases.csv'}\n")
    assert nac("corpus", "dehydrate", "--from", tmp_path, "--out", out).exit_code == 1


def test_the_given_data_come_back(given_data, tmp_path):
    result = nac("corpus", "hydrate", "--from", given_data, "--out", tmp_path)
    assert result.exit_code == 0, result.stderr
    for name in ("releases.jsonl", "sentences.jsonl"):
        assert (tmp_path / name).read_bytes() == (given_data / name).read_bytes()
