"""What came of a source: a scored text, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from classifier.desk.reasons import Reason
from classifier.scoring.verdict import ReleaseScore
from scraper.errors import ScraperError
from scraper.release import Release

SEVERAL_KINDS = 1


@dataclass(frozen=True, slots=True)
class Scored:
    """A text with its score and the words that made it so."""

    release: Release
    result: ReleaseScore
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a source, or a row of one, was not scored.

    `code` is a stable word for machines, `message` says who failed and how, `hint` what to do next,
    `exit_code` is what the command answers with if nothing else failed.
    """

    source: str
    code: str
    message: str
    hint: str
    exit_code: int
    id: str | None = None

    @property
    def line(self) -> str:
        """Source, message and hint as one sentence after the other."""
        hint = f" {self.hint[:1].upper()}{self.hint[1:]}." if self.hint else ""
        return f"{self.source}: {self.message}.{hint}"

    def as_record(self) -> dict[str, Any]:
        """The record that stands in the place of the score."""
        error = {"code": self.code, "message": self.message, "hint": self.hint}
        return {"source": self.source, "id": self.id, "error": error}


Outcome = Scored | Failure


def failure_of(error: ScraperError, source: str) -> Failure:
    """The failure that an error of the scraper stands for; a source already named in its message is not named twice.

    Args:
        error: as raised, or as it stands in a row's place.
        source: what the user named; a row's error names its line itself.
    """
    own = error.source if error.source.startswith(f"{source}:") else source
    message = error.message.removeprefix(f"{own}: ").removeprefix(f"{source}: ")
    return Failure(own, error.code, message, error.hint, error.exit_code)


def exit_code_of(failures: Iterable[int]) -> int:
    """0 without failures, their exit code where all failed in one way, else 1."""
    kinds = set(failures)
    return kinds.pop() if len(kinds) == 1 else SEVERAL_KINDS if kinds else 0
