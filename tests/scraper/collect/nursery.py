"""A process without threads that has loaded the collector and forks a child for each collection.

The children are real processes to be killed; they begin within milliseconds. Run as a program it is that process:
each line on its input is a wish in JSON, and it answers with the child's number, then with how the child ended.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[3]


class Child:
    """A collection in a process of its own."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self._nursery = nursery
        self.pid = pid

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Its exit code, or minus the number of the signal that ended it."""
        return self._nursery.ask({"wait": self.pid})

    def is_alive(self) -> bool:
        return self._nursery.ask({"alive": self.pid}) == 1


class Nursery:
    """The parent of all children, for a test."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.scraper.collect.nursery"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def ask(self, question: dict[str, Any]) -> int:
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def collect(self, store: Path, origin: str, source: str = "nato", **wishes: Any) -> Child:
        """Begins a collection; `wishes`: pace, kind, options, largest_file (bytes), jumps (of the clock), max_requests."""
        return Child(self, self.ask({"store": str(store), "origin": origin, "source": source, **wishes}))


def collect_once(wish: dict[str, Any]):
    """One collection as `nac collect` does it, with failures tried again at once."""
    import random
    import time

    from scraper.collect.collection import Collection
    from scraper.collect.patience import Patience
    from scraper.discover.candidate import Window
    from scraper.discover.source import Settings
    from scraper.fetch import Fetcher
    from scraper.registry import open_source
    from scraper.store.opening import open_store

    usual = {"languages": "en,fr"} if wish["source"] == "nato" else {"captures": "each", "index_pace": "0", "replay_pace": "0"}
    settings = Settings(target=wish.get("target"), origin=wish["origin"], archive=wish["origin"], options=usual | wish.get("options", {}))
    dice, shift = random.Random(wish.get("jumps")), 0.0

    def now() -> float:
        """The clock; it jumps by days, to and fro, where that is wished for."""
        nonlocal shift
        if wish.get("jumps") is not None and dice.random() < 0.05:
            shift = dice.choice((-1, 1)) * dice.uniform(0, 200_000)
        return time.time() + shift

    with open_store(Path(wish["store"])) as store:
        fetcher = Fetcher(
            pace=wish.get("pace", 0.0), allow_private=True, memory=store.hosts, wall=now, max_requests=wish.get("max_requests")
        )
        collection = Collection(
            open_source(wish["source"], settings),
            store,
            fetcher,
            Window(kind=wish.get("kind", "all"), since=wish.get("since")),
            patience=Patience(first=0.02),
            now=now,
        )
        return collection.collect()


def _raise_child(wish: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # answers are the parent's alone
        if "largest_file" in wish:
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (wish["largest_file"], wish["largest_file"]))
        from scraper.errors import ScraperError

        try:
            code = collect_once(wish).exit_code
        except ScraperError as error:
            code = 100 + error.exit_code
    except BaseException:  # noqa: BLE001 - a fault, shown where pytest shows it
        traceback.print_exc()
    finally:
        os._exit(code)


def _answer(question: dict[str, Any]) -> int:
    if "wait" in question:
        return os.waitstatus_to_exitcode(os.waitpid(question["wait"], 0)[1])
    if "alive" in question:
        path = Path(f"/proc/{question['alive']}/stat")
        return int(path.exists() and path.read_text().rpartition(")")[2].split()[0] != "Z")
    return _raise_child(question)


def _load() -> None:
    """What every collection needs, loaded before the first fork."""
    import scraper.collect.collection
    import scraper.fetch
    import scraper.registry
    import scraper.sites.layouts
    import scraper.sources.nato
    import scraper.sources.nato_archive
    import scraper.store.opening  # noqa: F401
    from scraper.language import detect_language

    detect_language("Les ministres ont pris note du rapport et ils feront rapport dans les dix jours.")  # its model unpacks a file


if __name__ == "__main__":
    _load()
    for line in sys.stdin:
        sys.stdout.write(f"{_answer(json.loads(line))}\n")
        sys.stdout.flush()
