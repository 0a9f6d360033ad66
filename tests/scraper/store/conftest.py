"""Stores to test with: a SQLite file each, and a schema each on a PostgreSQL server where NAC_TEST_POSTGRES names one."""

import os
import secrets

import pytest
from sqlalchemy import create_engine, text

from scraper.store.opening import open_store

SERVER = os.environ.get("NAC_TEST_POSTGRES")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """The address of a store that is not there yet."""
    if request.param == "sqlite":
        yield str(tmp_path / "store.db")
        return
    if not SERVER:
        pytest.skip("NAC_TEST_POSTGRES names no server: run .ci/postgres make test")
    schema = f"t{secrets.token_hex(6)}"
    engine = create_engine(SERVER.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield f"{SERVER}?options=-csearch_path%3D{schema}"
    with engine.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def store(address, tmp_path):
    """An empty store on either database."""
    with open_store(address, raw=tmp_path / "store.raw") as opened:
        yield opened
