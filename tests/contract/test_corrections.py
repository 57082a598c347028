"""Corrections since the last training, in databases."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import insert

from bot.storage.database import Database
from bot.storage.engine import open_database
from bot.storage.learning_tables import training_runs
from tests.contract.all_stores import sql_stores
from tests.support.store_values import BOB, FOLK, JAZZ


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    new = request.getfixturevalue("sqlite_address" if request.param == "sqlite" else "migrated")
    async with open_database(new) as opened:
        yield opened


@pytest.mark.parametrize(
    ("model", "state", "expected"),
    [
        ("wide", "active", 1),
        ("wide", "rejected", 1),
        ("wide", "failed", 2),
        ("wide", "running", 2),
        ("study", "active", 2),
    ],
)
async def test_corrections_count_from_the_last_training_that_did_not_fail(
    database: Database, model: str, state: str, expected: int
) -> None:
    stores = sql_stores(database)
    card = await stores.add_card()
    await stores.vote(card, JAZZ)
    run = {"model": model, "cause": "time", "state": state, "reasons": [], "announced": True}
    await database.execute(insert(training_runs).values({**run, "started_at": stores.now()}))
    await stores.vote(card, FOLK, BOB)
    assert await stores.stats.corrections_since_last("wide") == expected
