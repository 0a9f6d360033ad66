"""Several processes on one store: one pace, one robots.txt, one pause for each host, as the server saw it."""

import subprocess
import sys
from itertools import pairwise

from tests.fault_server import FaultServer, build_reply

PACE = 0.25
CODE = """
import sys
from scraper.errors import Blocked
from scraper.fetch import Fetcher
from scraper.store.opening import open_store

with open_store(sys.argv[1]) as store:
    fetcher = Fetcher(pace=float(sys.argv[3]), allow_private=True, memory=store.hosts)
    for path in sys.argv[4:]:
        try:
            print(fetcher.get(sys.argv[2] + path).status)
        except Blocked as error:
            print("blocked", round(error.pause))
"""


def run(folder, server, *paths, processes=1):
    command = [sys.executable, "-c", CODE, str(folder / "store.db"), f"http://127.0.0.1:{server.port}", str(PACE), *paths]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(processes)]
    ended = [child.communicate(timeout=120) for child in children]
    assert [child.returncode for child in children] == [0] * processes, [errors for _, errors in ended]
    return [output.split("\n")[:-1] for output, _ in ended]


def test_processes_share_one_pace(tmp_path):
    with FaultServer() as server:
        server.play("/a", [0.02, build_reply(b"<p>Allies agreed.</p>")])
        run(tmp_path, server)  # makes the store
        assert run(tmp_path, server, *["/a"] * 4, processes=3) == [["200"] * 4] * 3
        assert server.paths.count("/a") == 12
        assert min(later - earlier for earlier, later in pairwise(server.times)) >= PACE


def test_a_pause_outlives_the_process_that_was_told_of_it(tmp_path):
    with FaultServer() as server:
        server.play("/a", build_reply(status=429, Retry_After="5000"))
        server.play("/b", build_reply(b"<p>Allies agreed.</p>"))
        assert run(tmp_path, server, "/a", "/b") == [["blocked 5000", "blocked 5000"]]
        (again,) = run(tmp_path, server, "/b")
        said, left = again[0].split()
        assert said == "blocked"
        assert 4000 < int(left) <= 5000, "what is left of the pause, less the start of a process"
        assert server.paths == ["/robots.txt", "/a"], "robots.txt is kept too"
