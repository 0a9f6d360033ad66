"""Full-text search with one query language on both databases: words, "phrases", -not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, TextClause, text

from scraper.errors import QueryError
from scraper.release import Release
from scraper.store.codec import release_of
from scraper.store.connecting import Database
from scraper.store.indexing import fold_words, place_words

LONGEST_QUERY = 1000
_TERM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_HINT = 'write words, "phrases" in quotation marks, and -words that must not occur'


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must, or must not, follow each other in a text; folded."""

    words: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A release whose words match: `start` and `end` of the first match in `release.text` are given by `find_words`."""

    key: str
    language: str | None
    current: bool
    version: str
    release: Release


def parse_query(query: str) -> tuple[Term, ...]:
    """The terms of a query; whatever is neither letter nor digit only parts words.

    Raises:
        QueryError: no word to look for, or longer than `LONGEST_QUERY`.
    """
    if len(query) > LONGEST_QUERY:
        raise QueryError(f"the query has more than {LONGEST_QUERY:,} characters", hint=_HINT, source=query[:80])
    terms = []
    for found in _TERM.finditer(query):
        words = tuple(fold_words(found["phrase"] if found["phrase"] is not None else found["word"]))
        if words:
            terms.append(Term(words, bool(found["minus"])))
    if all(term.negated for term in terms):
        raise QueryError(f"the query {query[:80]!r} names no word to look for", hint=_HINT, source=query[:80])
    return tuple(terms)


@dataclass(frozen=True, slots=True)
class Search:
    """The full-text index of a store."""

    database: Database

    def find(self, query: str, *, limit: int = 20, all_versions: bool = False, language: str | None = None) -> list[Hit]:
        """Releases that hold all the words, the best match first.

        Args:
            query: words, "phrases", -not; case and accents do not count.
            limit: how many at most.
            all_versions: also wordings that were replaced since.
            language: two letters; null for all.

        Raises:
            QueryError: the query names no word.
            StoreError: the store cannot be read.
        """
        terms = parse_query(query)
        with self.database.read() as connection:
            clause, values = _clause(connection, terms)
            conditions = [] if all_versions else ["v.current = 1"]
            if language is not None:
                conditions.append("v.language = :language")
            extra = "".join(f" AND {condition}" for condition in conditions)
            statement = _statement(connection, clause, extra)
            rows = connection.execute(statement, {**values, "language": language, "limit": limit}).mappings().all()
            return [Hit(row["key"], row["language"] or None, bool(row["current"]), row["sha256"], release_of(row)) for row in rows]


def find_words(body: str, terms: Sequence[Term]) -> tuple[int, int] | None:
    """Where the first of a query's terms that stands in a text begins and ends, in code points; null if only its title matched."""
    words = place_words(body)
    best: tuple[int, int] | None = None
    for term in terms:
        wanted = list(term.words)
        for at in range(len(words) - len(wanted) + 1):
            if not term.negated and [word for word, *_ in words[at : at + len(wanted)]] == wanted:
                place = (words[at][1], words[at + len(wanted) - 1][2])
                best = min(best or place, place)
                break
    return best


def _clause(connection: Connection, terms: Sequence[Term]) -> tuple[str, dict[str, Any]]:
    """The query in the database's own language, with its values; words are letters and digits alone, so none can be an operator."""
    wanted = [term for term in terms if not term.negated]
    unwanted = [term for term in terms if term.negated]
    if connection.dialect.name == "sqlite":
        query = " AND ".join(f'"{" ".join(term.words)}"' for term in wanted)
        query = f"({query})" + "".join(f' NOT "{" ".join(term.words)}"' for term in unwanted)
        return "search MATCH :query", {"query": query}
    values = {f"term{i}": " ".join(term.words) for i, term in enumerate([*wanted, *unwanted])}
    parts = [f"{'!! ' if i >= len(wanted) else ''}phraseto_tsquery('simple', :term{i})" for i in range(len(values))]
    return f"s.words @@ ({' && '.join(parts)})", values


def _statement(connection: Connection, clause: str, extra: str) -> TextClause:
    columns = "r.key, v.id, v.language, v.current, v.sha256, v.text, v.details"
    provenance = "(SELECT c.provenance FROM captures c WHERE c.version_id = v.id ORDER BY c.id LIMIT 1) AS provenance"
    joined = "JOIN releases r ON r.id = v.release_id"
    if connection.dialect.name == "sqlite":
        source = f"FROM search s JOIN versions v ON v.id = s.rowid {joined}"
        rank = "bm25(search)"
    else:
        source = f"FROM search s JOIN versions v ON v.id = s.version_id {joined}"
        query = clause.partition("@@ ")[2]
        rank = f"-ts_rank_cd(s.words, {query})"
    return text(f"SELECT {columns}, {provenance} {source} WHERE {clause}{extra} ORDER BY {rank}, v.id LIMIT :limit")
