"""A million rows need no more memory than ten thousand: measured in a process of its own."""

import json
import subprocess
import sys

import pytest

CODE = """
import resource, sys
from pathlib import Path
from classifier.learning.labelled.read import read_labelled
count = sum(1 for row in read_labelled(Path(sys.argv[1])))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
SPARE_KIB = 24 * 1024


def write_rows(path, count):
    with path.open("w", encoding="utf-8") as stream:
        stream.write("id,text,label,split\n" if path.suffix == ".csv" else "")
        for n in range(count):
            text, label = f"Row {n} says that Allies met.", "firm" if n % 3 else "calm"
            row = {"id": n, "text": text, "label": label}
            stream.write(f"{n},{text},{label},train\n" if path.suffix == ".csv" else f"{json.dumps(row)}\n")
    return path


def measure(path):
    done = subprocess.run([sys.executable, "-c", CODE, str(path)], capture_output=True, text=True, check=True)
    return map(int, done.stdout.split())


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_memory_does_not_grow_with_the_rows(tmp_path, name):
    few, small = measure(write_rows(tmp_path / name, 10_000))
    many, large = measure(write_rows(tmp_path / name, 1_000_000))
    assert (few, many) == (10_000, 1_000_000)
    assert large - small < SPARE_KIB, f"{large} KiB against {small} KiB"
