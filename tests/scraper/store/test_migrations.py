"""What the steps make is what the program reads and writes."""

import pytest
from sqlalchemy import inspect, text

from scraper.store.migrations import ALL
from scraper.store.tables import METADATA


def test_steps_are_numbered_from_one():
    assert [step.number for step in ALL] == list(range(1, len(ALL) + 1))


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: table.name)
def test_tables_are_as_described(store, table):
    with store.database.read() as connection:
        found = inspect(connection)
        columns = {column["name"]: column for column in found.get_columns(table.name)}
        assert set(columns) == {column.name for column in table.columns}
        for column in table.columns:
            if not column.primary_key:
                assert columns[column.name]["nullable"] == column.nullable, column
        keys = {(tuple(key["constrained_columns"]), key["referred_table"]) for key in found.get_foreign_keys(table.name)}
        assert keys == {((key.parent.name,), key.column.table.name) for key in table.foreign_keys}
        assert set(found.get_pk_constraint(table.name)["constrained_columns"]) == {column.name for column in table.primary_key}
        unique = {tuple(one["column_names"]) for one in found.get_unique_constraints(table.name)}
        wanted = {tuple(column.name for column in one.columns) for one in table.constraints if type(one).__name__ == "UniqueConstraint"}
        assert unique == wanted


def test_how_a_sqlite_store_is_set_up(store):
    if not store.database.is_sqlite:
        pytest.skip("of SQLite alone")
    with store.database.read() as connection:
        settings = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys", "synchronous")}
        assert settings == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 30_000
