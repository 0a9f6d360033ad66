"""Notices when a site's layout has changed: too many of its pages hold no text that can be read, or are read as another layout.

A page or two are always odd. A share of them, once enough were seen, means that nothing collected from now on can be trusted.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from scraper.durable import write_whole
from scraper.errors import BlockPage, LayoutChanged, ReadError, ScraperError
from scraper.pages import Page
from scraper.release import Release


@dataclass(frozen=True, slots=True)
class Sample:
    """A page that was refused, and why."""

    page: Page
    code: str
    reason: str


@dataclass(slots=True)
class LayoutWatch:
    """Counts pages read and refused.

    Args:
        source: name, for messages.
        usual_layouts: what its pages should be read as (`Source.usual_layouts`); empty where any layout will do.
        share: of pages refused, from 0 to 1, above which the layout counts as changed.
        least: pages that must have been seen before.
        most_samples: pages kept as samples.
    """

    source: str
    usual_layouts: frozenset[str] = frozenset()
    share: float = 0.5
    least: int = 20
    most_samples: int = 5
    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)

    def count_read(self, page: Page, release: Release) -> None:
        """A page was read; one that an unusual layout had to read counts as refused."""
        layout = release.provenance.layout
        if self.usual_layouts and layout not in self.usual_layouts:
            self._refuse(page, "unusual_layout", f"read as {layout}, not as {' or '.join(sorted(self.usual_layouts))}")
        else:
            self.read += 1

    def count_refused(self, page: Page, error: ScraperError) -> None:
        """A page came and could not be read; pages that never came, and challenges in their place, say nothing of the layout."""
        if isinstance(error, ReadError) and not isinstance(error, BlockPage):
            self._refuse(page, error.code, error.message)

    @property
    def refused_share(self) -> float:
        """Share of the pages seen that were refused, 0 before the first."""
        refused = self.refused.total()
        return refused / (self.read + refused) if refused else 0.0

    def check(self) -> None:
        """Lets pass a source whose pages are read as they should be.

        Raises:
            LayoutChanged: they are not; `save_samples` keeps the evidence.
        """
        seen = self.read + self.refused.total()
        if seen < self.least or self.refused_share <= self.share:
            return
        reasons = ", ".join(f"{code} {count}" for code, count in self.refused.most_common(3))
        message = f"{self.source}: {self.refused.total()} of {seen} pages could not be read as they should be ({reasons})"
        raise LayoutChanged(message, hint="compare the saved samples with the layout in scraper/sites", source=self.source)

    def save_samples(self, folder: Path) -> list[Path]:
        """Writes the samples, each as it came (`.html`) with a `.json` of its address and reason beside it.

        Args:
            folder: made if it is not there; a sample of the same name is replaced.

        Returns:
            The pages' files.
        """
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for number, sample in enumerate(self.samples, start=1):
            path = folder / f"{re.sub(r'[^a-z0-9]+', '-', self.source)}-{number}.html"
            known = {
                "url": sample.page.final_url,
                "retrieved_at": sample.page.retrieved_at,
                "content_type": sample.page.content_type,
                "code": sample.code,
                "reason": sample.reason,
            }
            write_whole(path, sample.page.content)
            write_whole(path.with_suffix(".json"), json.dumps(known, ensure_ascii=False, indent=1).encode())
            written.append(path)
        return written

    def _refuse(self, page: Page, code: str, reason: str) -> None:
        self.refused[code] += 1
        if len(self.samples) < self.most_samples:
            self.samples.append(Sample(page, code, reason))
