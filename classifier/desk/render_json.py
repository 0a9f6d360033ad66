"""Records as JSON: one object, a list, or one object a line; written as they come."""

from __future__ import annotations

import json
from typing import Any

from classifier.desk.guard import guard_json
from classifier.desk.outcome import Failure, Outcome
from classifier.desk.output import Output
from classifier.desk.record import build_record


class JsonWriter:
    """One object for a single text, a list for several.

    Args:
        output: standard output.
        single: there is one text at most; if it fails, nothing is written.
    """

    def __init__(self, output: Output, *, single: bool) -> None:
        self._output = output
        self._single = single
        self._before = "[\n"

    def write(self, outcome: Outcome) -> None:
        """Writes one text or failure."""
        if not self._single:
            self._output.write(self._before + lay_out(as_record(outcome)))
            self._before = ",\n"
        elif not isinstance(outcome, Failure):
            self._output.write(lay_out(as_record(outcome)) + "\n")

    def close(self) -> None:
        """Ends a list."""
        if not self._single:
            self._output.write("[]\n" if self._before == "[\n" else "\n]\n")


class JsonLinesWriter:
    """One object a line, in the order of the input.

    Args:
        output: standard output.
        single: there is one text at most; if it fails, nothing is written.
    """

    def __init__(self, output: Output, *, single: bool) -> None:
        self._output = output
        self._single = single

    def write(self, outcome: Outcome) -> None:
        """Writes one text or failure."""
        if not (self._single and isinstance(outcome, Failure)):
            self._output.write(_dump(as_record(outcome)) + "\n")

    def close(self) -> None:
        """Nothing is left to write."""


def as_record(outcome: Outcome) -> dict[str, Any]:
    """The record of a scored text or of a failure."""
    return outcome.as_record() if isinstance(outcome, Failure) else build_record(outcome)


def lay_out(record: dict[str, Any]) -> str:
    """JSON that people can read: a line for each field, and for each item of a field's list."""
    fields = []
    for name, value in record.items():
        words = _dump(value)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            words = "[\n   " + ",\n   ".join(_dump(item) for item in value) + "\n  ]"
        fields.append(f"  {_dump(name)}: {words}")
    return "{\n" + ",\n".join(fields) + "\n}"


def _dump(value: object) -> str:
    return guard_json(json.dumps(value, ensure_ascii=False, allow_nan=False))
