"""Contract of SourceLedger, for databases and the fake."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from bot.domain.source_states import Condition, SourceState
from bot.storage.engine import open_database
from bot.storage.source_ledger import KEPT, SqlSourceLedger
from bot.storage.tables import source_calls
from tests.contract.all_stores import Stores
from tests.support.store_values import TickingClock

HOUR = timedelta(hours=1)


async def test_latest_state_of_each_source_is_returned_by_name(stores: Stores) -> None:
    ledger = stores.ledger
    assert list(await ledger.states()) == []
    at = stores.now()
    waiting = SourceState(
        "spotify", Condition.WAITING, at + HOUR, "the quota is used up", at, budget_left=7
    )
    ready = SourceState("deezer", Condition.READY)
    await ledger.save(waiting)
    await ledger.save(replace(waiting, condition=Condition.OFF))
    await ledger.save(ready)
    await ledger.save(waiting)
    assert list(await ledger.states()) == [ready, replace(waiting, budget_left=None)]


async def test_calls_of_a_source_add_up(stores: Stores) -> None:
    start = stores.now()
    await stores.ledger.count("spotify", 3)
    await stores.ledger.count("spotify", 4)
    await stores.ledger.count("deezer", 5)
    assert await stores.ledger.counted("spotify", start) == 7
    assert await stores.ledger.counted("deezer", start) == 5
    assert await stores.ledger.counted("itunes", start) == 0


async def test_calls_count_by_the_hour(stores: Stores) -> None:
    await stores.ledger.count("spotify", 3)
    stores.now.time += 5 * HOUR
    await stores.ledger.count("spotify", 4)
    now = stores.now.time
    assert await stores.ledger.counted("spotify", now) == 4
    assert await stores.ledger.counted("spotify", now - 4 * HOUR) == 4
    assert await stores.ledger.counted("spotify", now - 5 * HOUR) == 7
    assert await stores.ledger.counted("spotify", now + HOUR) == 0


async def test_old_counts_are_deleted(empty_database: str) -> None:
    now = TickingClock()
    async with open_database(empty_database) as database:
        ledger = SqlSourceLedger(database, now)
        await ledger.count("spotify", 3)
        now.time += KEPT + HOUR
        await ledger.count("deezer", 4)
        async with database.read() as connection:
            rows = await connection.scalar(select(func.count()).select_from(source_calls))
    assert rows == 1
