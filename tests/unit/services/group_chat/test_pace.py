"""Nobody is answered too often."""

from bot.domain.cards import Notice
from bot.services.group_chat import PER_CHANNEL, PER_PERSON
from tests.support.factories import message
from tests.support.fake_app import LINK, FakeApp
from tests.support.group_chats import paste


async def test_whoever_pastes_too_often_is_told_once_and_waits(world: FakeApp) -> None:
    for number in range(PER_PERSON):
        assert len(await paste(world, LINK, f"m{number}")) == 1
    (told,) = await paste(world, LINK, "told")
    assert isinstance(told, Notice)
    assert told.code == "busy"
    assert await paste(world, LINK, "silence") == []
    assert len(await paste(world, LINK, "bob's", "bob")) == 1


async def test_whoever_asks_too_often_is_told_each_time(world: FakeApp) -> None:
    for number in range(PER_PERSON):
        await world.room.on_asked(message(LINK, f"m{number}"))
    for number in range(2):
        (told,) = await world.room.on_asked(message(LINK, f"told{number}"))
        assert isinstance(told, Notice)
        assert told.code == "busy"


async def test_a_channel_has_a_pace_of_its_own(world: FakeApp) -> None:
    for number in range(PER_CHANNEL):
        assert len(await paste(world, LINK, f"m{number}", f"user{number}")) == 1
    (told,) = await paste(world, LINK, "told", "someone else")
    assert isinstance(told, Notice)
    assert told.code == "channel_busy"
    assert await paste(world, LINK, "told again", "another one") == []
    replies = await world.room.on_pasted(message(LINK, channel="d"), addressed=False)
    assert len(replies) == 1
