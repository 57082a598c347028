"""A card of a moment ago is pointed to."""

import asyncio

from bot.domain.cards import AlreadyShown, Card
from bot.domain.channel_settings import SettingsChange
from tests.support.factories import message
from tests.support.fake_app import LINK, FakeApp
from tests.support.group_chats import HERE, OTHER, paste


async def test_a_card_is_pointed_to_for_ten_minutes(world: FakeApp) -> None:
    (card,) = await paste(world, LINK, "m1")
    assert isinstance(card, Card)
    world.wait(minutes=10)
    assert await paste(world, LINK, "m2", "bob") == [AlreadyShown(card, "re:m1:0")]
    world.wait(seconds=1)
    (later,) = await paste(world, LINK, "m3")
    assert isinstance(later, Card)


async def test_of_two_who_paste_a_link_at_once_the_second_is_pointed_to_the_card(
    world: FakeApp,
) -> None:
    first, second = await asyncio.gather(paste(world, LINK, "m1"), paste(world, LINK, "m2", "bob"))
    assert isinstance(first[0], Card)
    assert second == [AlreadyShown(first[0], "re:m1:0")]


async def test_a_card_that_never_arrived_holds_nobody_up(world: FakeApp) -> None:
    lost = message(LINK, "m1")
    await world.room.on_pasted(lost, addressed=False)
    await world.room.on_undelivered(lost)
    assert isinstance((await paste(world, LINK, "m2"))[0], Card)
    assert isinstance((await world.room.on_pasted(lost, addressed=False))[0], AlreadyShown)


async def test_a_card_of_another_model_is_not_pointed_to(world: FakeApp) -> None:
    await paste(world, LINK, "m1")
    await world.room.change(HERE, SettingsChange(model="other"))
    assert isinstance((await paste(world, LINK, "m2"))[0], Card)


async def test_a_card_that_was_deleted_is_not_pointed_to(world: FakeApp) -> None:
    await paste(world, LINK, "m1")
    await world.room.on_deleted(HERE, "re:m1:0")
    assert isinstance((await paste(world, LINK, "m2"))[0], Card)


async def test_a_card_in_another_channel_is_not_pointed_to(world: FakeApp) -> None:
    await paste(world, LINK, "m1")
    (reply,) = await world.room.on_pasted(message(LINK, channel="d"), addressed=False)
    assert isinstance(reply, Card)


async def test_a_command_gets_a_card_where_a_link_is_pointed_to_one(world: FakeApp) -> None:
    await paste(world, LINK, "m1")
    (reply,) = await world.room.on_asked(message(LINK, "m2"))
    assert isinstance(reply, Card)


async def test_new_and_known_links_of_a_message_keep_their_order(world: FakeApp) -> None:
    await paste(world, LINK, "m1")
    again, card = await paste(world, f"{LINK} {OTHER}", "m2")
    assert isinstance(again, AlreadyShown)
    assert isinstance(card, Card)
