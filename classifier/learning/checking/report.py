"""What a check of a corpus found: figures, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from classifier.learning.checking.agreement import Agreement

MOST_LINES = 10
"""Lines that a finding names."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    `refused`: it would make figures false, so nothing should be learnt or measured before it is mended. `code` is a stable
    word for machines; `count` how many rows or pairs are concerned; `lines` the first of them.
    """

    level: Literal["refused", "warning"]
    code: str
    message: str
    hint: str
    count: int = 1
    lines: tuple[int, ...] = ()

    def as_record(self) -> dict[str, Any]:
        """As JSON has it."""
        own = {"level": self.level, "code": self.code, "message": self.message, "hint": self.hint}
        return own | {"count": self.count, "lines": list(self.lines)}


@dataclass(frozen=True, slots=True)
class Spread:
    """Lengths: least, middle, 95th percentile, most."""

    least: int
    median: int
    high: int
    most: int

    def as_record(self) -> dict[str, int]:
        """As JSON has it."""
        return {"min": self.least, "median": self.median, "p95": self.high, "max": self.most}


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """All that a check gives; counts are of rows unless their name says otherwise."""

    file: str
    shape: str
    rows: int
    unlabelled: int
    classes: Mapping[str, int]
    characters: Spread | None
    words: Spread | None
    splits: Mapping[str, Mapping[str, int]]
    groups: int
    dates: tuple[str, str] | None
    exact_duplicates: int
    near_duplicates: int
    languages: Mapping[str, int]
    agreement: Agreement | None
    findings: tuple[Finding, ...] = field(default_factory=tuple)

    @property
    def refused(self) -> bool:
        """Whether figures made with this corpus would be false."""
        return any(finding.level == "refused" for finding in self.findings)

    def as_record(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "file": self.file,
            "shape": self.shape,
            "rows": self.rows,
            "unlabelled": self.unlabelled,
            "classes": dict(self.classes),
            "lengths": {
                "characters": self.characters.as_record() if self.characters else None,
                "words": self.words.as_record() if self.words else None,
            },
            "splits": {name: dict(counts) for name, counts in self.splits.items()},
            "groups": self.groups,
            "dates": {"first": self.dates[0], "last": self.dates[1]} if self.dates else None,
            "duplicates": {"exact": self.exact_duplicates, "near": self.near_duplicates},
            "languages": dict(self.languages),
            "agreement": self.agreement.as_record() if self.agreement else None,
            "refused": self.refused,
            "findings": [finding.as_record() for finding in self.findings],
        }
