"""All rows of a store, to compare two stores: what depends on the hour or on who wrote it is left out."""

from sqlalchemy import select

from scraper.store.tables import METADATA

LEFT_OUT = {
    "migrations": {"applied_at"},
    "runs": {"started_at", "ended_at"},
    "queue": {"owner", "leased_at", "lease_until"},
}


def rows_of(store):
    """Table -> rows in the order of their keys, numbers included."""
    found = {}
    with store.database.read() as connection:
        for table in METADATA.sorted_tables:
            columns = [column for column in table.c if column.name not in LEFT_OUT.get(table.name, ())]
            found[table.name] = [tuple(row) for row in connection.execute(select(*columns).order_by(*table.primary_key.columns))]
    return found


def raw_of(store):
    """Raw bytes by hash, each read and checked."""
    return {digest: store.raw.get(digest) for digest in store.raw.digests()}
