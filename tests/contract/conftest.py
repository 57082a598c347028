"""The stores, three times: in memory, in SQLite, in PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.contract import stores_postgres
from tests.contract.stores_open import Stores, fakes, opened
from tests.contract.stores_values import url


@pytest.fixture(scope="session")
def postgres() -> Iterator[stores_postgres.Server]:
    """Run a PostgreSQL server."""
    if reason := stores_postgres.missing():
        pytest.skip(reason)
    with stores_postgres.running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a database that has no tables yet."""
    if request.param == "sqlite":
        return url(tmp_path / "soundslike.db")
    server: stores_postgres.Server = request.getfixturevalue("postgres")
    return server.empty()


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
async def stores(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stores]:
    """Open stores that are empty."""
    if request.param == "fake":
        yield fakes()
        return
    if request.param == "sqlite":
        address = url(tmp_path / "soundslike.db")
    else:
        address = request.getfixturevalue("postgres").migrated()
    async with opened(address) as real:
        yield real
