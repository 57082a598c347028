"""What is suggested while somebody types."""

import pytest

from tests.support.factories import HEROES
from tests.support.fake_app import LINK, FakeApp
from tests.support.group_chats import OTHER


@pytest.mark.parametrize("typed", ["", " ", "h", "  h  ", LINK, f"see {OTHER}"])
async def test_nothing_is_suggested_for_what_names_no_song(world: FakeApp, typed: str) -> None:
    assert await world.room.suggest(typed) == []
    assert world.catalog.asked == 0


async def test_suggestions_are_remembered_however_they_are_typed(world: FakeApp) -> None:
    first = await world.room.suggest("Heroes")
    assert [found.id for found in first] == [HEROES]
    assert await world.room.suggest("  hEROES ") == first
    assert world.catalog.asked == 1


async def test_trouble_suggests_nothing_and_is_not_remembered(world: FakeApp) -> None:
    world.catalog.away = True
    assert await world.room.suggest("Heroes") == []
    world.catalog.away = False
    assert len(await world.room.suggest("Heroes")) == 1
