"""Contract of ServedModelStore, for databases and the fake."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.served_models import ServedModel
from tests.contract.all_stores import Stores

AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
ONE = ServedModel("one", "wide", "1", {"rock": 0.75, "jazz": 0.25}, AT)
TWO = ServedModel("two", "study", "2", {"rock": 1.0}, AT + timedelta(minutes=1))


async def test_processes_are_returned_by_name_with_what_they_said_last(stores: Stores) -> None:
    await stores.served_models.put(TWO)
    await stores.served_models.put(ONE)
    assert list(await stores.served_models.live(AT)) == [ONE, TWO]
    later = replace(ONE, version="3", answer={"jazz": 1.0}, at=AT + timedelta(minutes=2))
    await stores.served_models.put(later)
    assert list(await stores.served_models.live(AT)) == [later, TWO]


async def test_processes_that_said_nothing_since_are_not_live(stores: Stores) -> None:
    await stores.served_models.put(ONE)
    await stores.served_models.put(TWO)
    assert list(await stores.served_models.live(TWO.at)) == [TWO]
    assert list(await stores.served_models.live(TWO.at + timedelta(seconds=1))) == []


async def test_a_process_that_ends_is_removed(stores: Stores) -> None:
    await stores.served_models.put(ONE)
    await stores.served_models.put(TWO)
    await stores.served_models.remove("one")
    await stores.served_models.remove("unknown")
    assert list(await stores.served_models.live(AT)) == [TWO]


async def test_processes_that_were_killed_are_deleted_after_a_day(stores: Stores) -> None:
    await stores.served_models.put(ONE)
    await stores.served_models.put(replace(TWO, at=AT + timedelta(days=1, seconds=1)))
    assert [one.process for one in await stores.served_models.live(AT)] == ["two"]
