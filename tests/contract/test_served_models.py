"""Contract of ServedModelStore, for databases and the fake."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.served_models import ServedModel
from bot.storage.served_models import KEPT
from tests.contract.all_stores import Stores

AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
ONE = ServedModel("one", "wide", "1", {"rock": 0.75, "jazz": 0.25}, AT)
LATER = AT + timedelta(hours=1)
TWO = ServedModel("two", "study", "2", {"rock": 1.0}, AT + timedelta(minutes=1))


async def test_processes_are_returned_by_name_with_what_they_said_last(stores: Stores) -> None:
    await stores.served_models.put(TWO)
    await stores.served_models.put(ONE)
    assert list(await stores.served_models.live(AT, LATER)) == [ONE, TWO]
    later = replace(ONE, version="3", answer={"jazz": 1.0}, at=AT + timedelta(minutes=2))
    await stores.served_models.put(later)
    assert list(await stores.served_models.live(AT, LATER)) == [later, TWO]


async def test_processes_that_said_nothing_since_are_not_live(stores: Stores) -> None:
    await stores.served_models.put(ONE)
    await stores.served_models.put(TWO)
    assert list(await stores.served_models.live(TWO.at, LATER)) == [TWO]
    assert list(await stores.served_models.live(TWO.at + timedelta(seconds=1), LATER)) == []


async def test_a_process_that_ends_is_removed(stores: Stores) -> None:
    await stores.served_models.put(ONE)
    await stores.served_models.put(TWO)
    await stores.served_models.remove("one")
    await stores.served_models.remove("unknown")
    assert list(await stores.served_models.live(AT, LATER)) == [TWO]


async def test_row_of_a_wrong_clock_is_not_live(stores: Stores) -> None:
    await stores.served_models.put(ONE)
    await stores.served_models.put(replace(TWO, at=LATER + timedelta(days=365)))
    assert list(await stores.served_models.live(AT, LATER)) == [ONE]


async def test_processes_with_a_wrong_clock_do_not_delete_the_rows_of_others(
    stores: Stores,
) -> None:
    await stores.served_models.put(ONE)
    await stores.served_models.put(replace(TWO, at=AT + timedelta(days=4000)))
    assert list(await stores.served_models.live(AT, LATER)) == [ONE]


async def test_only_the_newest_rows_are_kept(stores: Stores) -> None:
    others = [replace(TWO, process=f"p{number:03}") for number in range(KEPT)]
    for row in (ONE, *others):
        await stores.served_models.put(row)
    assert list(await stores.served_models.live(AT, LATER)) == others
    behind = replace(ONE, at=AT - timedelta(days=4000))
    await stores.served_models.put(behind)
    assert behind in await stores.served_models.live(behind.at, LATER)
