"""`nac releases`: what the store holds, listed, shown and exported."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from classifier.desk.commands.endings import USAGE, end
from classifier.desk.commands.options import Database, takes
from classifier.desk.commands.settings import make_app
from classifier.desk.kept import build_entry, build_filter, build_version, reading_store
from classifier.desk.output import Output, tell

if TYPE_CHECKING:
    from scraper.store.library import Filter

_EPILOG = """
Examples:

\b
  nac releases list --since 2022-02-24 --language en
  nac releases list --format csv --db store.db > releases.csv
  nac releases show https://www.nato.int/cps/en/natohq/official_texts_1234.htm
  nac releases export --format jsonl | nac score - --format jsonl
  nac releases export --format parquet --output releases.parquet

\b
Exit codes:
  0    done, even if nothing matched
  1    no store, no such release, or it cannot be read
  2    usage
  130  interrupted
"""

app = make_app(help="List, show and export the releases in the store.", epilog=_EPILOG, no_args_is_help=True)

Language = Annotated[str | None, typer.Option("--language", metavar="CODE", help="Two letters; else each in its main language.")]
_FILTER = {
    "since": Annotated[str | None, typer.Option("--since", metavar="DAY", help="First day, 2022-02-24.")],
    "until": Annotated[str | None, typer.Option("--until", metavar="DAY", help="Last day.")],
    "kind": Annotated[str | None, typer.Option("--kind", metavar="KIND", help="nac, speech, news, ministerial or other.")],
    "source": Annotated[str | None, typer.Option("--source", metavar="NAME", help="The source it was collected from.")],
    "language": Language,
}
Limit = Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="At most so many.")]


class ListFormat(StrEnum):
    """Forms of a list."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"


class ShowFormat(StrEnum):
    """Forms of one release."""

    table = "table"
    json = "json"


class ExportFormat(StrEnum):
    """Forms of an export."""

    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"


@app.command("list", epilog=_EPILOG)
@takes("chosen", _FILTER, build_filter)
def list_releases(
    limit: Limit = None,
    output_format: Annotated[ListFormat, typer.Option("--format", "-f", help="How the list is written.")] = ListFormat.table,
    db: Database = None,
    *,
    chosen: Filter,
) -> None:
    """List releases by day, one a line, without their texts."""
    with reading_store(db) as store:
        from classifier.desk.export import csv_lines, jsonl_lines
        from classifier.desk.render_kept import show_line

        entries = islice(store.library.releases(chosen), limit)
        output = Output(sys.stdout, exact=output_format is not ListFormat.table)
        lines: Iterable[str] = (f"{show_line(entry)}\n" for entry in entries)
        if output_format is not ListFormat.table:
            lines = csv_lines(entries, text=False) if output_format is ListFormat.csv else jsonl_lines(entries, text=False)
        written = 0
        for line in lines:
            output.write(line)
            written += 1
        if written <= (output_format is ListFormat.csv):  # its heading
            tell("nothing in the store matches.")


@app.command("show", epilog=_EPILOG)
def show_release(
    name: Annotated[str, typer.Argument(metavar="ID|ADDRESS", help="The release's id, or any address that leads to it.")],
    language: Language = None,
    version: Annotated[str | None, typer.Option("--version", metavar="HASH", help="Another wording, by the beginning of its hash.")] = None,
    output_format: Annotated[ShowFormat, typer.Option("--format", "-f", help="How it is written.")] = ShowFormat.table,
    db: Database = None,
) -> None:
    """Show a release: its text, its addresses, and all wordings it was met in."""
    with reading_store(db) as store:
        from classifier.desk.render_kept import show_entry
        from scraper.errors import Malformed
        from scraper.identity import canonical_address

        entry = store.library.release(name, language)
        if entry is None:
            try:
                entry = store.library.release(canonical_address(name), language)
            except Malformed:
                entry = None
        if entry is None:
            where = f" in language {language}" if language else ""
            end(f"{name}: there is no such release in the store{where}", 'see "nac releases list"', 1)
        versions = store.library.versions(entry.key)
        text = entry.release.text
        if version is not None:
            found = [one for one in versions if one.version.startswith(version.lower())]
            if len({one.version for one in found}) != 1 or not version:
                end(f"--version: {version!r} names {'several' if found else 'no'} wordings of it", "give more of the hash", USAGE)
            text = found[0].release.text
        output = Output(sys.stdout, exact=output_format is ShowFormat.json)
        if output_format is ShowFormat.table:
            output.write(show_entry(entry, versions, text))
        else:
            record = build_entry(entry) | {"text": text, "wordings": [build_version(one) for one in versions]}
            output.write(json.dumps(record, indent=2) + "\n")


@app.command("export", epilog=_EPILOG)
@takes("chosen", _FILTER, build_filter)
def export_releases(
    limit: Limit = None,
    output_format: Annotated[ExportFormat, typer.Option("--format", "-f", help="How releases are written.")] = ExportFormat.jsonl,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="A file in place of standard output.")] = None,
    db: Database = None,
    *,
    chosen: Filter,
) -> None:
    """Export releases with their texts; JSON lines and CSV can be given to `nac score`."""
    if output_format is ExportFormat.parquet and output is None:
        end("--format parquet: Parquet is no text", "name a file with --output", USAGE)
    with reading_store(db) as store:
        from classifier.desk.export import csv_lines, jsonl_lines, whole_file, write_parquet

        entries = islice(store.library.releases(chosen), limit)
        lines = (csv_lines if output_format is ExportFormat.csv else jsonl_lines)(entries)
        if output is None:
            stdout = Output(sys.stdout, exact=True)
            for line in lines:
                stdout.write(line)
            return
        with whole_file(output) as stream:
            if output_format is not ExportFormat.parquet:
                stream.writelines(line.encode() for line in lines)
                return
            try:
                write_parquet(entries, stream)
            except ImportError:
                end("--format parquet: pyarrow is not installed", 'install it: pip install "nac-stance[parquet]"', 1)
