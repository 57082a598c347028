"""Fixtures: the stores in memory, in SQLite and in PostgreSQL, and model stores."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.contract import postgres_server
from tests.contract.all_stores import Stores, fake_stores, open_sql_stores
from tests.contract.model_places import client, fetched, folder, made, moto, place, s3
from tests.support.migrated_sqlite import migrated_sqlite
from tests.support.store_values import sqlite_url

__all__ = ["client", "fetched", "folder", "made", "moto", "place", "s3"]
"""Fixtures of the model stores."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.Server]:
    """Run a PostgreSQL server."""
    if reason := postgres_server.unavailable_reason():
        pytest.skip(reason)
    with postgres_server.run_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database without tables."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "soundslike.db")
    server: postgres_server.Server = request.getfixturevalue("postgres")
    return server.empty()


@pytest.fixture
def sqlite_address(tmp_path: Path) -> str:
    """Return the URL of a SQLite database with empty tables."""
    return migrated_sqlite(tmp_path / "soundslike.db")


@pytest.fixture
def migrated(postgres: postgres_server.Server) -> str:
    """Return the URL of a PostgreSQL database with empty tables."""
    return postgres.migrated()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest) -> str:
    """Return the URL of a database with empty tables."""
    name = "sqlite_address" if request.param == "sqlite" else "migrated"
    address: str = request.getfixturevalue(name)
    return address


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
async def stores(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stores]:
    """Open empty stores."""
    if request.param == "fake":
        yield fake_stores()
        return
    if request.param == "sqlite":
        address = migrated_sqlite(tmp_path / "soundslike.db")
    else:
        address = request.getfixturevalue("postgres").migrated()
    async with open_sql_stores(address) as opened:
        yield opened
