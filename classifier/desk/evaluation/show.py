"""Writes the records of an evaluation in the format asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from classifier.desk.guard import guard_json
from classifier.desk.output import Output

Record = dict[str, Any]


def show_records(records: Sequence[Record], form: str, output: Output, *, single: bool) -> None:
    """Writes them; as JSON one record alone is an object, several are a list.

    Raises:
        OutputError: standard output could not be written.
    """
    if form == "json":
        value: object = records[0] if single else list(records)
        output.write(guard_json(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)) + "\n")
    elif form == "html":
        from classifier.desk.evaluation.page import build_page

        for piece in build_page(records):
            output.write(piece)
    else:
        from classifier.desk.evaluation.table import build_table

        output.write(build_table(records))
