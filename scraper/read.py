"""Bytes or text of any kind into a `Release`; nothing here touches the network.

A plain text is kept exactly as given and offsets are valid in it; a page's text is its paragraphs, parted by
an empty line. Only a page can be refused as holding no statement: a single sentence of plain text is a text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING

from scraper.decoding import decode, find_charset, find_page_charset
from scraper.errors import ReadError, ScraperError, Unsupported
from scraper.given_text import LARGEST_TEXT, Known, build_release, check_size, name_locally
from scraper.identity import canonical_address, find_archived_original
from scraper.kinds import find_kind, refuse_binary, refuse_document
from scraper.language import detect_language
from scraper.release import Paragraph, Provenance, Release

if TYPE_CHECKING:
    from scraper.rows import FieldNames, Row, TableFormat
    from scraper.sites.layouts import Layout

LARGEST_PAGE = 10_000_000
"""Characters of markup above which a page is refused."""

PARAGRAPH_BREAK = "\n\n"
TABLE_FORMATS: dict[str, TableFormat] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv"}
_HTML, _MARKDOWN = "text/html", "text/markdown"
_CONTENT_TYPES = {".html": _HTML, ".htm": _HTML, ".xhtml": _HTML, ".md": _MARKDOWN, ".markdown": _MARKDOWN}


def read_release(
    source: bytes | str,
    *,
    source_name: str,
    url: str | None = None,
    content_type: str | None = None,
    charset: str | None = None,
    retrieved_at: str | None = None,
    layouts: Sequence[Layout] = (),
) -> Release:
    """Read a page, a Markdown file or a plain text.

    Args:
        source: the bytes as received, or a text decoded already.
        source_name: what the user named; a file's name is the release's id where there is no `url`.
        url: the address that answered; an Internet Archive capture counts as the page it captured.
        content_type: the Content-Type header, charset and all; what the content shows outranks it.
        charset: the declared charset, if it is known apart from `content_type`.
        retrieved_at: ISO 8601 time in UTC.
        layouts: tried before those of `scraper.sites`, for a page of a site that has its own.

    Raises:
        Unsupported: PDF, DOCX, feeds, pictures, other binaries.
        NotAStatement: a page without a statement; `BlockPage` if a challenge stands in its place.
        Malformed: markup or characters that cannot be read, or a `url` that is none.
        ReadError: no usable text, or too much of it.
    """
    archived = find_archived_original(url) is not None
    provenance = Provenance(source=source_name, layout="text", url=url, retrieved_at=retrieved_at, archived=archived)
    if isinstance(source, bytes):
        text, provenance = _decoded(source, charset or find_charset(content_type), provenance)
    else:
        text = source
        refuse_document(source[:16].encode("utf-8", "replace"), source=source_name)
    address = canonical_address(url) if url else None
    kind = find_kind(text, content_type=content_type, source=source_name)
    if kind == "html":
        return _release_of_page(text, address, provenance, layouts)
    return build_release(text, provenance, Known(url=address), markdown=kind == "markdown")


def read_text(
    text: str,
    *,
    source_name: str,
    id: str | None = None,
    title: str | None = None,
    date: str | None = None,
    url: str | None = None,
) -> Release:
    """A text with what is known of it; nothing in it is taken for markup.

    Args:
        text: kept exactly as given.
        source_name: what the user named.
        id: the document's identity; else the canonical address, else the file's name or the text's hash.
        title: as given.
        date: a day in ISO 8601 or as statements write it; what is no day is noted and left out.
        url: the text's address.

    Raises:
        ReadError: no usable text, or above 100,000,000 characters.
        Malformed: the text holds half of a character pair (a lone surrogate).
    """
    provenance = Provenance(source=source_name, layout="text", url=url)
    return build_release(text, provenance, Known(id=id, title=title, date=date, url=url))


def read_file(path: str | Path) -> Release:
    """Read a file of one text: .txt, .md, .html, .htm, or anything that turns out to be text.

    Raises:
        ReadError: there is no such file, it cannot be opened, or it is larger than 100 MB.
        Unsupported: a table (use `read_rows`), PDF, DOCX or another binary.
        NotAStatement: a page without a statement.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in TABLE_FORMATS:
        message = f"{path}: this is a table of texts, not one text"
        raise Unsupported(message, hint="give it where tables are read, row by row", source=str(path))
    _check_file(path)
    try:
        check_size(path.stat().st_size, LARGEST_TEXT, str(path))
        data = path.read_bytes()
    except OSError as error:
        raise _unopened(path, error) from error
    return read_release(data, source_name=str(path), content_type=_CONTENT_TYPES.get(suffix))


def read_rows(
    path_or_stream: str | Path | IO[bytes] | IO[str], *, text_field: str | None = None, id_field: str | None = None
) -> Iterator[Release | ScraperError]:
    """Read a table of texts row by row: JSON Lines, CSV, TSV.

    Args:
        path_or_stream: a file (.jsonl, .ndjson, .csv, .tsv), or an open stream, judged by its name or first line.
        text_field: the field that holds the text; else `text`, `body` or `content`.
        id_field: the field that holds the id; else `id`, else the address, else the line's number.

    Yields:
        A release for each row, or the error that stands in its place; the run goes on after it.

    Raises:
        ReadError: there is no such file (raised at once), or it cannot be opened.
    """
    from scraper.rows import FieldNames  # tables are read in a room of their own, which a single text does without

    names = FieldNames(text=text_field, id=id_field)
    if isinstance(path_or_stream, str | Path):
        _check_file(Path(path_or_stream))
        return _releases_in_file(Path(path_or_stream), names)
    name = getattr(path_or_stream, "name", None)
    return _releases(path_or_stream, name if isinstance(name, str) else "rows", names)


def _decoded(data: bytes, declared: str | None, provenance: Provenance) -> tuple[str, Provenance]:
    check_size(len(data), LARGEST_TEXT, provenance.source)
    declared = declared or find_page_charset(data)
    refuse_binary(data, source=provenance.source, encoding_named=declared is not None)
    decoded = decode(data, declared=declared)
    digest = hashlib.sha256(data).hexdigest()
    return decoded.text, replace(provenance, encoding=decoded.encoding, raw_sha256=digest, notes=decoded.notes)


def _release_of_page(markup: str, address: str | None, provenance: Provenance, layouts: Sequence[Layout]) -> Release:
    from scraper.sites.layouts import read_page  # loads the parsers of pages, which a plain text does without

    source = provenance.source
    if not markup.strip():
        raise ReadError(f"{source}: no usable text, the page is empty", hint="save the page again", source=source)
    check_size(len(markup), LARGEST_PAGE, source)
    page = read_page(markup, url=address, source=source, first=layouts)
    spans, position = [], 0
    for words in page.paragraphs:
        spans.append(Paragraph(position, position + len(words)))
        position += len(words) + len(PARAGRAPH_BREAK)
    text = PARAGRAPH_BREAK.join(page.paragraphs)
    return Release(
        id=address or name_locally(source, text),
        text=text,
        paragraphs=tuple(spans),
        provenance=replace(provenance, layout=page.layout, notes=(*provenance.notes, *page.notes)),
        title=page.title,
        subtitle=page.subtitle,
        number=page.number,
        date=page.date,
        date_source=page.date_source,
        language=detect_language(text),
        url=address,
    )


def _releases_in_file(path: Path, names: FieldNames) -> Iterator[Release | ScraperError]:
    try:
        with path.open("rb") as stream:
            yield from _releases(stream, str(path), names)
    except OSError as error:
        raise _unopened(path, error) from error


def _releases(stream: IO[bytes] | IO[str], source: str, names: FieldNames) -> Iterator[Release | ScraperError]:
    from scraper.rows import read_table_rows

    table_format = TABLE_FORMATS.get(PurePath(source).suffix.lower())
    for row in read_table_rows(stream, source=source, table_format=table_format, names=names):
        try:
            yield row if isinstance(row, ScraperError) else _release_of_row(row, source)
        except ReadError as error:
            yield error


def _release_of_row(row: Row, source: str) -> Release:
    place = f"{source}:{row.line}"
    name = row.id or (None if row.url else f"{PurePath(source).name}:{row.line}")
    known = Known(id=name, title=row.title, date=row.date, url=row.url)
    return build_release(row.text, Provenance(source=place, layout="row", url=row.url), known)


def _check_file(path: Path) -> None:
    if not path.exists():
        raise ReadError(f"{path}: there is no such file", hint="check its name and folder", source=str(path))
    if path.is_dir():
        raise ReadError(f"{path}: this is a folder", hint="give the files in it", source=str(path))


def _unopened(path: Path, error: OSError) -> ReadError:
    return ReadError(f"{path}: cannot be opened ({error.strerror})", hint="check its permissions", source=str(path))
