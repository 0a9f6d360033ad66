"""`make bench-collect`, first half: the reader beside trafilatura's `extract` on the same pages.

Pages are those of the made-up site (`tests/site`), whose texts are known. Pages a second on one core, by turns in one
process, median of the ratios of five rounds; F1 of the words of the body against the truth, mean over pages.
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

LAYOUTS = ("nato", "nato_classic", "docu_pr", "docu_comm")
LIMITS = {"speed": 1.0, "f1": 0.99}
ROUNDS = 5


@dataclass(frozen=True)
class Page:
    """A page's bytes and address, and the text that stands on it."""

    content: bytes
    url: str
    truth: str


def make_pages(pages: int = 600) -> dict[str, list[Page]]:
    """Pages by layout."""
    from tests.site.pages import render
    from tests.site.plan import build_site

    made: dict[str, list[Page]] = {layout: [] for layout in LAYOUTS}
    for document, address in build_site(pages).addresses():
        truth = address.wording.text(address.version or 1)
        made[address.layout].append(Page(render(document, address), f"https://www.nato.int{address.path}", truth))
    return made


def measure_f1(found: str, truth: str) -> float:
    """F1 of two texts as bags of words, in [0, 1]."""
    ours, theirs = Counter(found.split()), Counter(truth.split())
    return 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total())


def time_pass(read: Callable[[Page], str], pages: Iterable[Page]) -> tuple[float, list[str]]:
    """Seconds of one pass, and what was read."""
    begun = time.perf_counter()
    texts = [read(page) for page in pages]
    return time.perf_counter() - begun, texts


def read_ours(page: Page) -> str:
    from scraper.read import read_release

    return read_release(page.content, source_name="page", url=page.url).text


def read_theirs(page: Page) -> str:
    import trafilatura

    return trafilatura.extract(page.content) or ""


def measure_reader(pages: list[Page]) -> dict[str, float]:
    """Ratio of the speeds, pages a second of both, F1 of both."""
    time_pass(read_ours, pages[:5]), time_pass(read_theirs, pages[:5])
    ratios, ours, theirs = [], [], []
    for _ in range(ROUNDS):
        our_time, our_texts = time_pass(read_ours, pages)
        their_time, their_texts = time_pass(read_theirs, pages)
        ratios.append(their_time / our_time)
        ours.append(len(pages) / our_time)
        theirs.append(len(pages) / their_time)
    return {
        "speed": statistics.median(ratios),
        "pages a second": statistics.median(ours),
        "trafilatura's": statistics.median(theirs),
        "f1": statistics.fmean(measure_f1(found, page.truth) for found, page in zip(our_texts, pages, strict=True)),
        "trafilatura's f1": statistics.fmean(measure_f1(found, page.truth) for found, page in zip(their_texts, pages, strict=True)),
    }


def main() -> int:
    """Prints a line for each layout; returns how many limits were missed."""
    missed = 0
    for layout, pages in make_pages().items():
        found = measure_reader(pages)
        failed = [name for name, limit in LIMITS.items() if found[name] < limit]
        missed += len(failed)
        shown = "  ".join(f"{name} {value:.3f}" if value < 10 else f"{name} {value:.0f}" for name, value in found.items())
        print(f"{layout:13s} {len(pages):4d} pages  {shown}{'  MISSED ' + ', '.join(failed) if failed else ''}")
    return missed


if __name__ == "__main__":
    raise SystemExit(1 if main() else 0)
