"""Writing rows alike on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, insert, update


def add_row(connection: Connection, table: Table, values: dict[str, Any]) -> int:
    """Adds a row and returns its number."""
    key = connection.execute(insert(table), values).inserted_primary_key
    return int(key[0]) if key else 0


def put_row(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Changes the row with that key, or adds it; the caller is the only writer."""
    change = update(table).values(**values)
    for name, value in key.items():
        change = change.where(table.c[name] == value)
    if connection.execute(change).rowcount == 0:
        connection.execute(insert(table).values(**key, **values))
