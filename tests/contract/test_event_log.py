"""Contract of EventLog, for databases and the fake."""

from tests.contract.all_stores import Stores


async def test_event_is_new_once(stores: Stores) -> None:
    assert await stores.events.first_time("e1")
    assert not await stores.events.first_time("e1")
    assert await stores.events.first_time("e2")
    assert not await stores.events.first_time("e1")


async def test_event_is_known_after_it_was_stored(stores: Stores) -> None:
    assert not await stores.events.known("e1")
    await stores.events.first_time("e1")
    assert await stores.events.known("e1")
    assert not await stores.events.known("e2")
