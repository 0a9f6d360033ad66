"""From what the user named to the texts in it: an address, a file, standard input, or a table of rows."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from classifier.desk.outcome import Failure, failure_of
from classifier.desk.wording import name_language
from scraper.errors import ScraperError
from scraper.given_text import name_locally
from scraper.read import TABLE_FORMATS, read_release, read_rows, read_text
from scraper.release import Release

if TYPE_CHECKING:
    from scraper.pages import Page

STDIN = "-"
LARGEST_TEXT = 20_000_000
"""Bytes of a file or page, or characters of a row, above which a text is refused."""

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_CREDENTIALS = re.compile(r"//[^/?#]*@")
_ROWS_BEGIN = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*"|\[\s*\{)')
_MISSING_SCHEME = re.compile(r"(?:www\.[\w.-]+|[\w-]+(?:\.[\w-]+)*\.(?:int|org|com|net|gov|eu))(?:/\S*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How sources are to be opened.

    `get` fetches an address; `stdin` is standard input in bytes; `text_field` and `id_field` name
    the fields of rows that hold the text and the id.
    """

    get: Callable[[str], Page]
    stdin: BinaryIO
    text_field: str | None = None
    id_field: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A source ready to be read: its texts, or what failed in their place; `many` for a table of rows."""

    many: bool
    items: Iterator[Release | Failure]


def open_source(source: str, wishes: Wishes) -> Opened:
    """Opens what the user named; nothing is fetched or read before its items are asked for.

    Args:
        source: an address, a file's path, or `-`.
        wishes: how to open it.
    """
    if _ADDRESS.match(source):
        name = _CREDENTIALS.sub("//", source)
        return Opened(False, _read_one(name, lambda: _read_address(source, name, wishes)))
    name = source.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        return _open_stream(wishes.stdin, STDIN, wishes) if source == STDIN else _open_path(source, name, wishes)
    except OSError as error:
        return Opened(False, iter([_unopened(name, error)]))


def open_text(text: str) -> Opened:
    """A text given on the command line; nothing in it is taken for markup."""
    name = "--text"
    return Opened(False, _read_one(name, lambda: read_text(text, source_name=name, id=name_locally(STDIN, text))))


def _open_path(source: str, name: str, wishes: Wishes) -> Opened:
    path = Path(source)
    if not path.exists():
        return Opened(False, iter([Failure(name, "no_such_file", "there is no such file", _hint_for(source), 1)]))
    if path.is_dir():
        hint = "give the files in it, for example with FOLDER/*.txt"
        return Opened(False, iter([Failure(name, "is_folder", "this is a folder", hint, 1)]))
    stream = path.open("rb", buffering=0)
    if path.suffix.lower() in TABLE_FORMATS:
        return Opened(True, _read_table(_NamedReader(stream, name), name, wishes))
    return _open_stream(stream, name, wishes)


def _hint_for(source: str) -> str:
    if _MISSING_SCHEME.fullmatch(source):
        return "an address begins with https://"
    if " " in source.strip():
        return 'a text is given with --text "..."'
    return "check its name and folder"


def _unopened(name: str, error: OSError) -> Failure:
    hint = "check its name and permissions"
    return Failure(name, "cannot_open", f"cannot be read ({error.strerror or error})", hint, 1)


def _open_stream(stream: BinaryIO, name: str, wishes: Wishes) -> Opened:
    """A text, unless its first line is that of JSON rows."""
    reader = _NamedReader(stream, name)
    try:
        head = reader.peek(1)
    except OSError:
        reader.close()
        raise
    if _ROWS_BEGIN.match(head):
        return Opened(True, _read_table(reader, name, wishes))
    return Opened(False, _read_one(name, lambda: _read_bytes(reader, name)))


class _NamedReader(io.BufferedReader):
    """Bytes that can be looked at before they are read, under the name that messages give them."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        super().__init__(cast(io.RawIOBase, stream))
        self._shown = name

    @property
    def name(self) -> str:
        return self._shown


def _read_one(name: str, read: Callable[[], Release | Failure]) -> Iterator[Release | Failure]:
    try:
        found = read()
        yield _accept(found) if isinstance(found, Release) else found
    except ScraperError as error:
        yield failure_of(error, name)
    except OSError as error:
        yield _unopened(name, error)


def _read_bytes(stream: io.BufferedReader, name: str) -> Release | Failure:
    with stream:
        data = stream.read(LARGEST_TEXT + 1)
    if len(data) > LARGEST_TEXT:
        return _too_large(name)
    return read_release(data, source_name=name)


def _read_address(url: str, name: str, wishes: Wishes) -> Release | Failure:
    page = wishes.get(url)
    return read_release(
        page.content,
        source_name=name,
        url=page.final_url,
        content_type=page.content_type,
        charset=page.charset,
        retrieved_at=page.retrieved_at,
    )


def _read_table(stream: io.BufferedReader, name: str, wishes: Wishes) -> Iterator[Release | Failure]:
    try:
        with stream:
            for row in read_rows(stream, text_field=wishes.text_field, id_field=wishes.id_field):
                yield failure_of(row, name) if isinstance(row, ScraperError) else _accept(row)
    except ScraperError as error:
        yield failure_of(error, name)
    except OSError as error:
        yield _unopened(name, error)


def _accept(release: Release) -> Release | Failure:
    """The release, unless it is too large or clearly not English."""
    source = release.provenance.source
    if len(release.text) > LARGEST_TEXT:
        return replace(_too_large(source), id=release.id)
    if release.language not in (None, "en"):
        language = name_language(str(release.language))
        message = f"the text is in {language}, and only English is scored"
        return Failure(source, "not_english", message, "score an English translation", 5, release.id)
    return release


def _too_large(source: str) -> Failure:
    message = f"more than {LARGEST_TEXT // 1_000_000} MB of text, which is more than is scored at once"
    return Failure(source, "too_large", message, "split it into single statements", 5)
