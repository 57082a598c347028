"""Contract of Leases, for databases and the fake."""

import asyncio
from datetime import timedelta

from bot.storage.engine import open_database
from bot.storage.leases import SqlLeases
from tests.contract.all_stores import Stores
from tests.support.store_values import TickingClock

LENGTH = timedelta(minutes=1)


async def test_one_owner_at_a_time_has_a_lease(stores: Stores) -> None:
    leases = stores.leases
    assert await leases.take("retraining", "a", LENGTH)
    assert await leases.take("retraining", "a", LENGTH), "it is the owner's"
    assert not await leases.take("retraining", "b", LENGTH)
    assert await leases.take("announcing", "b", LENGTH), "another lease"
    assert not await leases.renew("retraining", "b", LENGTH)
    await leases.release("retraining", "b")
    assert await leases.renew("retraining", "a", LENGTH), "that of another owner was not ended"
    await leases.release("retraining", "a")
    assert not await leases.renew("retraining", "a", LENGTH)
    assert await leases.take("retraining", "b", LENGTH)


async def test_lease_that_has_ended_is_taken_over(stores: Stores) -> None:
    leases = stores.leases
    assert await leases.take("retraining", "a", LENGTH)
    stores.now.time += LENGTH - timedelta(seconds=5)
    assert not await leases.take("retraining", "b", LENGTH)
    assert await leases.renew("retraining", "a", LENGTH)
    stores.now.time += LENGTH - timedelta(seconds=5)
    assert not await leases.take("retraining", "b", LENGTH), "it was renewed"
    stores.now.time += timedelta(seconds=5)
    assert await leases.take("retraining", "b", LENGTH)
    assert not await leases.renew("retraining", "a", LENGTH)


async def test_lease_that_was_taken_with_a_wrong_clock_is_taken_over(stores: Stores) -> None:
    leases, right = stores.leases, stores.now.time
    stores.now.time += timedelta(days=365)
    assert await leases.take("retraining", "a", LENGTH)
    stores.now.time = right
    assert await leases.take("retraining", "b", LENGTH)
    assert not await leases.renew("retraining", "a", LENGTH)
    stores.now.time -= timedelta(seconds=30)  # clocks of two computers differ by that much
    assert not await leases.take("retraining", "a", LENGTH)


async def test_one_of_several_owners_at_once_gets_a_lease(stores: Stores) -> None:
    owners = [str(number) for number in range(8)]
    taken = await asyncio.gather(
        *(stores.leases.take("retraining", owner, LENGTH) for owner in owners)
    )
    assert sum(taken) == 1


async def test_one_of_two_processes_gets_a_lease(empty_database: str) -> None:
    async with open_database(empty_database) as first, open_database(empty_database) as second:
        processes = [SqlLeases(database, TickingClock()) for database in (first, second)]
        for name in map(str, range(10)):
            taken = await asyncio.gather(
                *(leases.take(name, str(owner), LENGTH) for owner, leases in enumerate(processes))
            )
            assert sorted(taken) == [False, True]
