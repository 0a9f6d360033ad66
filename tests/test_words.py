"""Words that may not be in the repository: registry hosts, and sentences of the real labelled texts."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RUN = 12  # words in a row: longer than any stock phrase or list of names met


def tracked(*patterns):
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", *patterns], capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_registry_host():
    # Put together here, so that this file does not name them either.
    hosts = re.compile("|".join(["py" + r"pi\.(org|python)", "files.python" + "hosted", r"registry\.npm" + "js", "deb.deb" + r"ian\.org"]))
    for path in tracked():
        assert not hosts.search(path.read_text(encoding="utf-8", errors="replace")), path


def test_no_sentence_of_the_real_texts(given_data):
    def runs(text):
        words = re.findall(r"[a-z0-9']+", text.lower())
        return {" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}

    real = set()
    for name in ("releases.jsonl", "pool.jsonl"):
        for line in (given_data / name).read_text(encoding="utf-8").splitlines():
            real |= runs(json.loads(line)["text"])
    for path in tracked("*.jsonl", "*.txt", "*.md", "*.html", "*.json"):
        if "models" not in path.parts or path.suffix != ".txt":
            assert not runs(path.read_text(encoding="utf-8", errors="replace")) & real, path
