"""What is deleted, and who may delete it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.places import Place
from tests.support.fake_app import LINK, FakeApp
from tests.support.group_chats import HERE, OTHER, broken, paste


async def test_deleting_a_message_names_all_answers_to_it(world: FakeApp) -> None:
    await paste(world, f"{LINK} {OTHER}", "m1")
    assert set(await world.room.on_deleted(HERE, "m1")) == {"re:m1:0", "re:m1:1"}
    assert await world.room.on_deleted(HERE, "m1") == []


async def test_a_message_that_was_deleted_is_known_to_be_gone(world: FakeApp) -> None:
    await paste(world, LINK, "m1")
    await world.room.on_deleted(HERE, "m1")
    assert await world.room.is_gone(HERE, "m1")
    assert not await world.room.is_gone(HERE, "re:m1:0")
    assert not await world.room.is_gone(replace(HERE, channel="d"), "m1")


async def test_a_message_is_known_to_be_gone_before_its_answers_are_looked_for(
    world: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop, known = world.messages.drop, []

    async def look(place: Place, message_id: str) -> Sequence[str]:
        known.append(await world.room.is_gone(place, message_id))
        return await drop(place, message_id)

    monkeypatch.setattr(world.messages, "drop", look)
    await world.room.on_deleted(HERE, "m1")
    assert known == [True]


async def test_a_message_is_not_taken_for_gone_when_the_database_is_away(
    world: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.room.on_deleted(HERE, "m1")
    monkeypatch.setattr(world.events, "known", broken)
    assert not await world.room.is_gone(HERE, "m1")


async def test_nothing_is_deleted_when_the_database_is_away(
    world: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.messages, "drop", broken)
    assert await world.room.on_deleted(HERE, "m1") == []


async def test_only_the_asker_has_asked(world: FakeApp) -> None:
    await paste(world, LINK, "m1")
    assert await world.room.asked(HERE, "re:m1:0", "ann")
    assert not await world.room.asked(HERE, "re:m1:0", "bob")
    assert not await world.room.asked(HERE, "another", "ann")


async def test_nobody_has_asked_when_the_database_is_away(
    world: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.messages, "asked", broken)
    assert not await world.room.asked(HERE, "re:m1:0", "ann")
