"""A model folder is whole at every moment, also when the process that saves it is killed."""

import random
import signal
import subprocess
import sys
import time

import pytest

from classifier.learning.folder import SCRATCH, replace_folder
from classifier.scoring.artefact import read_model

SAVES_FOR_EVER = """
import sys
from dataclasses import replace
from pathlib import Path
from classifier.learning.labelled.row import Fields
from classifier.learning.lessons import gather_lessons
from classifier.learning.texts.save_text import save_text_model
from classifier.learning.texts.train_text import TextTraining, train_text_model

folder = Path(sys.argv[2])
made = train_text_model(gather_lessons(Path(sys.argv[1]), Fields()), TextTraining(budget=1, folds=2, lexicon=False), folder)
print("saved", flush=True)
number = 0
while True:
    number += 1
    model = replace(made.model, version=f"1.0.{number}")
    save_text_model(model, folder, facts={}, metrics={}, card="# made\\n")
    print(model.version, flush=True)
"""


def test_a_kill_while_saving_leaves_a_whole_model(tmp_path):
    from tests.learning.made_rows import make_rows, write_rows

    rows, folder = write_rows(tmp_path / "rows.jsonl", make_rows(2, 40)), tmp_path / "models" / "made"
    child = subprocess.Popen([sys.executable, "-c", SAVES_FOR_EVER, str(rows), str(folder)], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "saved\n"
    rng = random.Random(3)
    try:
        time.sleep(rng.uniform(0.0, 1.5))
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    assert read_model(folder).name == "made"
    left = list(folder.parent.glob(f"{SCRATCH}*"))
    replace_folder(folder.parent / "other", lambda made: (made / "file").write_text("x"))
    assert not [path for path in left if path.exists()], "what the killed process left is taken away by the next"
    assert read_model(folder).name == "made"


@pytest.mark.parametrize("moment", range(12))
def test_a_kill_at_any_moment_of_the_exchange_leaves_old_or_new(tmp_path, moment):
    """The child ends without any clean-up at its n-th call to the operating system."""
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from classifier.learning import folder\n"
        "left = int(sys.argv[2])\n"
        "def kill(event, given):\n"
        "    global left\n"
        "    if event in ('open', 'os.rename', 'os.mkdir', 'shutil.rmtree', 'os.remove', 'ctypes.dlopen', 'os.rmdir'):\n"
        "        left -= 1\n"
        "        if left < 0: os.kill(os.getpid(), 9)\n"
        "def write(made):\n"
        "    for name in 'abc': (made / name).write_text('new')\n"
        "sys.addaudithook(kill)\n"
        "folder.replace_folder(Path(sys.argv[1]), write)\n"
    )
    target = tmp_path / "made"
    replace_folder(target, lambda made: [(made / name).write_text("old") for name in "abc"])
    done = subprocess.run([sys.executable, "-c", code, str(target), str(moment)], capture_output=True, text=True)
    found = {(target / name).read_text() for name in "abc"}
    assert found in ({"old"}, {"new"})
    assert done.returncode == -signal.SIGKILL or found == {"new"}


def test_an_error_while_writing_leaves_the_old_folder(tmp_path):
    def fail(made):
        (made / "half").write_text("half")
        raise OSError(28, "No space left on device")

    replace_folder(tmp_path / "made", lambda made: (made / "file").write_text("old"))
    with pytest.raises(OSError, match="No space"):
        replace_folder(tmp_path / "made", fail)
    assert [path.name for path in tmp_path.iterdir()] == ["made"]
    assert (tmp_path / "made" / "file").read_text() == "old"
