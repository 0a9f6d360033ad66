"""`nac collect` from the command line: plan, budget, failures as a file, ends."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from scraper.store.opening import open_store
from tests.desk.conftest import nac
from tests.site.pages import BLOCK_PAGE
from tests.site.plan import build_site
from tests.site.server import SiteServer
from tests.site.truth import expect, list_held

ROOT = Path(__file__).parents[2]
RUN = "from classifier.desk.entry import main; main()"
OPTIONS = ("--allow-private", "--pace", "0", "--patience", "0.05", "--kind", "all")


@pytest.fixture(scope="module")
def site():
    return build_site(50, seed=9)


@pytest.fixture
def server(site, monkeypatch):
    with SiteServer(site) as server:
        monkeypatch.setenv("NAC_NATO_URL", server.origin)
        monkeypatch.setenv("NAC_ARCHIVE_URL", server.origin)
        yield server


def start(*arguments, **options):
    """The command in a process of its own, which is ended after a while whatever it does."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
    process = subprocess.Popen([sys.executable, "-c", RUN, *map(str, arguments)], cwd=ROOT, **options)
    watch = threading.Timer(150, process.kill)
    watch.daemon = True
    watch.start()
    return process


def collect(path, *arguments):
    result = nac("collect", *arguments, "--db", path, *OPTIONS, "--format", "json")
    return json.loads(result.stdout), result


def test_a_dry_run_prints_the_plan_and_keeps_nothing(server, tmp_path):
    result = nac("collect", "nato", "--db", tmp_path / "s.db", *OPTIONS, "--dry-run", "--limit", "4")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert len(lines) == 4
    assert all(re.fullmatch(r"\S+ +\S+ +https://www\.nato\.int/\S+", line) for line in lines)
    assert re.match(r"nac: plan: 4 pages, about 0 s at a pace of 0 s.* [0-9]+ requests were made", result.stderr)
    assert not (tmp_path / "s.db").exists()
    assert not [hit for hit in server.hits if re.search(r"/20[0-9]{2}/", hit.path)]


def test_a_budget_ends_a_run_that_the_next_one_goes_on_with(site, server, tmp_path):
    """Each run makes no more requests than it may, and all together reach the truth."""
    for number in range(20):
        before = len(server.hits)
        summary, result = collect(tmp_path / "s.db", "nato", "--max-requests", "15", "--option", "languages=en,fr")
        assert len(server.hits) - before <= 15
        assert summary["requests"] <= 15
        if summary["ended"] == "done":
            break
        assert (summary["ended"], result.exit_code) == ("budget", 1)
        assert number < 19
    assert number > 1
    with open_store(tmp_path / "s.db") as store:
        assert list_held(store) == expect(site, runs=(1,), archived=False)


def test_what_failed_is_a_file_that_can_be_given_again(site, server, tmp_path):
    failed, again = tmp_path / "failed.txt", tmp_path / "again.txt"
    summary, result = collect(tmp_path / "s.db", "nato", "--failed-file", failed)
    assert (summary["failed"], result.exit_code) == ({"blocked": len(site.blocked)}, 3)
    addresses = [line.split()[0] for line in failed.read_text().splitlines() if not line.startswith("#")]
    assert sorted(addresses) == sorted(f"https://www.nato.int{path}" for path in site.blocked)
    failed.write_text(failed.read_text().replace("https://www.nato.int", server.origin))  # a stand-in serves the public addresses
    site_unblocked, site.blocked = site.blocked, set()
    try:
        summary, result = collect(tmp_path / "s.db", "urls", failed, "--failed-file", again)
    finally:
        site.blocked = site_unblocked
    assert (summary["failed"], result.exit_code) == ({"not_found": len(site.blocked)}, 3)
    assert len(again.read_text().splitlines()) == 1 + len(site.blocked)


@pytest.mark.parametrize(
    ("arguments", "code", "told", "reason"),
    [
        (["nowhere"], 2, "there is no source 'nowhere'", "unknown source"),
        (["nato", "--since", "31.12.2024"], 2, "--since, --until: ", "a day in another form"),
        (["nato", "--since", "2024-02-01", "--until", "2024-01-01"], 2, "ends (2024-01-01) before it begins", "a window upside down"),
        (["nato", "--pace", "-1"], 2, "--pace: -1 is not between", "no pace"),
        (["nato", "--option", "languages"], 2, "--option: 'languages' has no value", "a setting without a value"),
        (["nato", "--failed-file", "/nowhere/x"], 2, "/nowhere/x: cannot be written", "seen before a long run"),
        (["nato", "--db", "mysql://x/y"], 1, "a store cannot lie in", "a database that is not supported"),
        (["urls"], 2, "urls needs a file of addresses", "no target"),
        (["mirror"], 2, "mirror needs a folder of saved pages", "no target: not this folder"),
        (["nato", "2024"], 2, "nato takes no target. Leave 2024 out", "a target that would be passed over in silence"),
        (["urls", "/nowhere/list"], 5, "/nowhere/list: there is no such file", "a list that is not there"),
    ],
)
def test_usage(server, tmp_path, arguments, code, told, reason):
    store = [] if "--db" in arguments else ["--db", str(tmp_path / "s.db")]
    result = nac("collect", *arguments, *store, "--allow-private")
    assert result.exit_code == code, reason
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


def test_private_addresses_are_not_called_unless_allowed(server, tmp_path):
    result = nac("collect", "nato", "--db", tmp_path / "s.db")
    assert result.exit_code in (3, 6)
    assert server.hits == []


def test_a_site_without_lists_is_told_by_an_exit_code_of_its_own(server, tmp_path, monkeypatch):
    monkeypatch.setenv("NAC_NATO_URL", f"{server.origin}/nothing-here")
    result = nac("collect", "nato", "--db", tmp_path / "s.db", *OPTIONS)
    assert (result.exit_code, result.stderr.count("\n")) == (6, 1)


def test_a_layout_that_changed_is_told_and_samples_are_saved(server, tmp_path, monkeypatch):
    monkeypatch.setattr("tests.site.server.render", lambda *_: b"<html><body><nav><a href='/x'>Home</a></nav></body></html>")
    result = nac("collect", "nato", "--db", tmp_path / "s.db", *OPTIONS)
    assert result.exit_code == 6
    assert "pages could not be read as they should be" in result.stderr
    assert len(list((tmp_path / "samples").glob("*.html"))) == 5


def test_a_host_of_challenges_is_left_alone(server, tmp_path, monkeypatch):
    """Five in a row are as good as a 403: nothing more is asked for, and the rest waits."""
    monkeypatch.setattr("tests.site.server.render", lambda *_: BLOCK_PAGE)
    summary, result = collect(tmp_path / "s.db", "nato")
    assert (summary["ended"], result.exit_code) == ("waiting", 3)
    assert summary["waiting"] > 10
    asked = len(server.hits)
    assert asked < 25
    assert nac("collect", "nato", "--db", tmp_path / "s.db", *OPTIONS).exit_code != 0
    assert len(server.hits) == asked, "neither by the next run"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_in_one_line_and_is_gone_on_with(site, server, tmp_path, number):
    path = tmp_path / "s.db"
    process = start("collect", "nato", "--db", path, "--allow-private", "--pace", "0.05", "--kind", "all", "--option", "languages=en,fr")
    while len(server.hits) < 15:
        assert process.poll() is None
    process.send_signal(number)
    data, told = process.communicate(timeout=20)
    assert (process.returncode, data, told) == (130, "", "nac: interrupted; the same command goes on where it ended.\n")
    summary, _ = collect(path, "nato", "--option", "languages=en,fr")
    assert summary["resumed"]
    with open_store(path) as store:
        assert list_held(store) == expect(site, runs=(1,), archived=False)


def test_a_mirror_is_collected_without_a_request(site, server, tmp_path):
    from tests.site.pages import render

    folder = tmp_path / "pages"
    folder.mkdir()
    documents = [d for d in site.documents.values() if d.addresses[0].layout == "nato_classic" and d.council][:5]
    for document in documents:
        (folder / f"{document.name}.html").write_bytes(render(document, document.addresses[0]))
    summary, result = collect(tmp_path / "s.db", "mirror", folder)
    assert (summary["added"], result.exit_code, os.environ.get("NAC_HOME") is None) == (len(documents), 0, False)
    assert server.hits == []


def test_a_saved_block_page_is_refused_and_not_waited_for(tmp_path):
    """No server stands behind a folder: three challenges in a row are three refused pages, and nothing is left for later."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.html").write_bytes(BLOCK_PAGE)
    for when in ("first", "again"):
        summary, result = collect(tmp_path / "s.db", "mirror", folder)
        assert (summary["ended"], summary["waiting"], summary["failed"]) == ("done", 0, {}), when
    (folder / "d.html").write_bytes((ROOT / "tests" / "pages" / "classic_communique.html").read_bytes())
    summary, result = collect(tmp_path / "s.db", "mirror", folder)
    assert (summary["added"], result.exit_code) == (1, 0)
