"""Where the command `nac` begins: loads the rest late, and lets no traceback out."""

from __future__ import annotations

import errno
import logging
import sys
import traceback
import warnings
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from classifier.desk.startup import begin_loading

INTERRUPTED = 130
_NO_ROOM = (errno.ENOSPC, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC))  # Windows has no EDQUOT


def main() -> NoReturn:
    """Runs the command line and ends the process with its exit code."""
    sys.excepthook = tell_of_fault
    begin_loading()
    # What libraries log and warn of is for those who program with them; a user reads our lines alone.
    logging.getLogger().addHandler(logging.NullHandler())
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    try:
        from classifier.desk.cli import run_command_line

        run_command_line()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    sys.exit(0)


def tell_of_fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Says in one line what nobody foresaw: such an error is a fault of this program, but where a disk is full or has failed."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        place = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"nac: {place}no more can be written ({error.strerror}). Free some space, or write elsewhere.\n")
        return
    frames = traceback.extract_tb(trace)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    what = " ".join(str(error).split())[:200]
    sys.stderr.write(f"nac: internal error: {kind.__name__}: {what}{place}. Please report it with the command given.\n")
