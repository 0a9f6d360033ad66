"""What stands in for scoring where a worker must die: no user can reach it, since it is named by tests alone."""

import os
import signal
from functools import partial

from classifier.batch.record import Chunk, Done, Task
from classifier.batch.work import work_chunk


def die_of_some(chunk: Chunk, task: Task, killed: str, ended: str, once: str | None) -> Done:
    """Scores a chunk, but its process dies on a record whose text holds a mark: by SIGKILL, or by an end without a word.

    With `once`, only until that file is there.
    """
    for record in chunk.records:
        mark = next((mark for mark in (killed, ended) if mark and mark in (record.text or "")), None)
        if mark is None:
            continue
        if once is not None:
            try:
                os.close(os.open(once, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                continue
        if mark == killed:
            os.kill(os.getpid(), signal.SIGKILL)
        os._exit(3)
    return work_chunk(chunk, task=task)


def killing(task: Task, *, killed: str = "", ended: str = "", once: str | None = None):
    return partial(die_of_some, task=task, killed=killed, ended=ended, once=once)
