"""`nac find`: full-text search in the store."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

from classifier.desk.commands.endings import USAGE, end
from classifier.desk.commands.options import Database
from classifier.desk.commands.settings import make_app
from classifier.desk.kept import SCHEMA, reading_store
from classifier.desk.output import Output, tell

_EPILOG = """
Examples:

\b
  nac find airspace violation
  nac find '"air policing"' -exercise --limit 5
  nac find --format jsonl 'Article 4' | jq -r .id

All words must occur; words in quotation marks must follow each other; words after - must not occur. Case and
accents do not count, endings do.

\b
Exit codes:
  0    done, even if nothing was found
  1    no store, or it cannot be read
  2    usage; a query that names no word
  130  interrupted
"""

app = make_app()


class FindFormat(StrEnum):
    """Forms of what was found."""

    table = "table"
    jsonl = "jsonl"


# A word after - is no option, so this command has no options of one letter, and none that is unknown is an error.
@app.command("find", epilog=_EPILOG, context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
def find_releases(
    query: Annotated[list[str], typer.Argument(metavar="QUERY...", help='Words, "phrases" in quotation marks, -words.')],
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=100_000, help="At most so many.")] = 20,
    language: Annotated[str | None, typer.Option("--language", metavar="CODE", help="Two letters; else all.")] = None,
    all_versions: Annotated[bool, typer.Option("--all-versions", help="Also wordings that were replaced since.")] = False,
    output_format: Annotated[FindFormat, typer.Option("--format", help="How results are written.")] = FindFormat.table,
    db: Database = None,
) -> None:
    """Find releases by their words, the best match first."""
    if unknown := [word for word in query if word.startswith("--")]:
        end(f"{unknown[0]}: there is no such option", "see nac find --help", USAGE)
    with reading_store(db) as store:
        from classifier.desk.render_kept import find_excerpt, show_hit
        from scraper.store.searching import parse_query

        words = " ".join(query)
        terms = parse_query(words)
        hits = store.search.find(words, limit=limit, all_versions=all_versions, language=language.lower() if language else None)
        output = Output(sys.stdout, exact=output_format is FindFormat.jsonl)
        for hit in hits:
            if output_format is FindFormat.table:
                output.write(show_hit(hit, terms))
                continue
            release = hit.release
            record = {"schema": SCHEMA, "id": hit.key, "title": release.title, "date": release.date, "language": hit.language}
            record |= {"url": release.url, "version": hit.version, "current": hit.current, "excerpt": find_excerpt(release.text, terms)}
            output.write(json.dumps(record) + "\n")
        if not hits:
            tell("nothing in the store matches.")
