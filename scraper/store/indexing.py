"""Words of each version in the database's full-text index: FTS5 or tsvector.

Both databases get words cut and folded here, so that a query finds the same on both: case and accents do not count.
"""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import Connection, select, text

from scraper.store.tables import VERSIONS

MOST_WORDS = 15_000
"""Words of a text that PostgreSQL indexes: it counts no positions above 16,383."""

LONGEST_WORD = 200
_WORD = re.compile(r"[^\W_]+")
_ADD_TO_FTS5 = text("INSERT INTO search (rowid, words) VALUES (:id, :words)")
_ADD_TO_TSVECTOR = text("INSERT INTO search (version_id, words) VALUES (:id, to_tsvector('simple', :words))")


def fold_words(words: str) -> list[str]:
    """The words of a text without case and accents."""
    if words.isascii():
        return [word[:LONGEST_WORD] for word in _WORD.findall(words.lower())]
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(letter))
    return [word[:LONGEST_WORD] for word in _WORD.findall(bare)]


def place_words(text: str) -> list[tuple[str, int, int]]:
    """The words that `fold_words` finds, each with where it begins and ends in the text, in code points.

    Letters are folded one by one, since a sign that is no letter may become one ("⼀", "½").
    """
    letters, places = [], []
    for place, letter in enumerate(text):
        for folded in unicodedata.normalize("NFKD", letter.casefold()):
            if not unicodedata.combining(folded):
                letters.append(folded)
                places.append(place)
    found = _WORD.finditer("".join(letters))
    return [(word[0][:LONGEST_WORD], places[word.start()], places[word.end() - 1] + 1) for word in found]


def index_version(connection: Connection, version_id: int, title: str, body: str) -> None:
    """Adds a version's title and text to the index."""
    words = [*fold_words(title), *fold_words(body)]
    if connection.dialect.name == "sqlite":
        connection.execute(_ADD_TO_FTS5, {"id": version_id, "words": " ".join(words)})
        return
    connection.execute(_ADD_TO_TSVECTOR, {"id": version_id, "words": " ".join(words[:MOST_WORDS])})


def unindex_version(connection: Connection, version_id: int) -> None:
    """Takes a version out of the index; its row must still be there."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("DELETE FROM search WHERE version_id = :id"), {"id": version_id})
        return
    row = connection.execute(select(VERSIONS.c.title, VERSIONS.c.text).where(VERSIONS.c.id == version_id)).one()
    words = " ".join([*fold_words(row.title or ""), *fold_words(row.text)])
    connection.execute(text("INSERT INTO search (search, rowid, words) VALUES ('delete', :id, :words)"), {"id": version_id, "words": words})
