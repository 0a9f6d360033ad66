"""`make bench-collect`, second half: what a collection needs as the site grows.

A made-up site on this machine is collected into a fresh store by a process of its own, at pace 0 and without faults: peak memory
at 20,000 pages beside 2,000, and pages a second in the last tenth of the pages beside the first (does the store slow down?).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZES = (2_000, 20_000)
LIMITS = {"memory": 1.25}
"""At most: peak memory of the large collection / of the small one."""


def collect(pages: int) -> dict[str, float]:
    """Peak memory (MB) and seconds of a collection, and the pace of its first and last tenth (pages a second)."""
    from tests.site.plan import build_site
    from tests.site.server import SiteServer

    parent = "/dev/shm" if Path("/dev/shm").is_dir() else None
    site = build_site(pages)
    site.blocked.clear()  # many challenges or indexes in a row would end the collection
    site.hubs.clear()
    with tempfile.TemporaryDirectory(dir=parent, prefix="nac-collect-bench-") as folder, SiteServer(site, faults=0) as server:
        environment = os.environ | {"NAC_NATO_URL": server.origin, "NAC_ARCHIVE_URL": server.origin, "NAC_HOME": folder}
        options = ["--allow-private", "--pace", "0", "--patience", "0", "--kind", "all", "--quiet"]
        peak, begun = 0.0, time.perf_counter()
        for source in ("nato", "nato-archive"):
            more = ["--option", "languages=en,fr"] if source == "nato" else ["--option", "captures=each"]
            command = [sys.executable, "-m", "benchmarks.peak", "collect", source, *options, *more]
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
            peak = max(peak, json.loads(done.stdout.splitlines()[-1])["peak_mb"])
        times = [hit.time for hit in server.hits if "/20" in hit.path and "/web/" not in hit.path]
        tenth = len(times) // 10
        first, last = tenth / (times[tenth] - times[0]), tenth / (times[-1] - times[-1 - tenth])
        return {"pages": len(times), "peak MB": peak, "seconds": time.perf_counter() - begun, "first tenth": first, "last tenth": last}


def main() -> int:
    """Prints a line for each size and the ratios; returns how many limits were missed."""
    small, large = (collect(pages) for pages in SIZES)
    for found in (small, large):
        print("  ".join(f"{name} {value:,.0f}" for name, value in found.items()))
    memory = large["peak MB"] / small["peak MB"]
    print(f"memory {memory:.3f} (at most {LIMITS['memory']}){'' if memory <= LIMITS['memory'] else '  MISSED'}")
    print(f"last tenth / first tenth at {SIZES[1]:,} pages: {large['last tenth'] / large['first tenth']:.2f}")
    return int(memory > LIMITS["memory"])


if __name__ == "__main__":
    raise SystemExit(1 if main() else 0)
