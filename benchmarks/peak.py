"""Runs `nac` with the arguments given and says, as a last line of JSON, how much memory that process needed at most."""

from __future__ import annotations

import json
import resource
import sys


def main() -> None:
    from classifier.desk.cli import app

    try:
        code = app(sys.argv[1:], prog_name="nac", standalone_mode=False)
    finally:
        print(json.dumps({"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
    raise SystemExit(code)


if __name__ == "__main__":
    main()
