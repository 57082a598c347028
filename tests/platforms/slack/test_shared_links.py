"""What Slack tells of links alone, besides the message or without it."""

import pytest

from tests.platforms.slack.running import SEND, Wire, words
from tests.stubs.slack import faults
from tests.stubs.slack.values import Json
from tests.support.factories import HEROES
from tests.support.fake_app import LINK

MESSAGES = "message.channels"
LOOKED_UP = "users.info"


def by_app(wire: Wire, **fields: str) -> Json:
    """Let another app write a message with a link."""
    jukebox = wire.people.user("jukebox", bot=True)
    return wire.people.write(wire.music, jukebox, f"now playing {LINK}") | fields


async def test_where_messages_are_not_sent_a_shared_link_is_enough(wire: Wire) -> None:
    wire.stub.state.subscribed -= {"message.channels"}
    async with wire.bot():
        card = await wire.card(LINK)
    assert "Old Town Road" in words(card)


async def test_a_shared_link_in_a_thread_is_answered_in_that_thread(wire: Wire) -> None:
    wire.stub.state.subscribed -= {"message.channels"}
    first = wire.people.write(wire.music, wire.bob, "hello")
    async with wire.bot():
        wire.people.post(wire.music, wire.ada, LINK, first["ts"])
        (card,) = await wire.stub.sent(wire.music)
    assert card["thread_ts"] == first["ts"]


async def test_a_link_in_a_message_that_is_still_being_written_is_not_answered(wire: Wire) -> None:
    draft = {"ts": f"{wire.music.id}-draft"}
    async with wire.bot():
        told = wire.people.share(wire.music, wire.ada, [LINK], draft, source="composer")
        await wire.stub.taken(told)
        await wire.fence()
    assert len(wire.stub.asked(SEND)) == 1  # the answer to the fence


async def test_a_link_in_a_channel_that_the_app_is_not_in_is_not_answered(wire: Wire) -> None:
    elsewhere = wire.people.channel(wire.team, joined=False)
    async with wire.bot():
        _, told = wire.people.post(elsewhere, wire.ada, LINK)
        assert len(told) == 1
        await wire.stub.taken(told)
        await wire.fence()
    assert len(wire.stub.asked(SEND)) == 1  # the answer to the fence


async def test_the_whole_message_is_answered_also_when_its_link_is_told_of_first(
    wire: Wire,
) -> None:
    wire.link_delay = 1
    async with wire.bot():
        message = wire.people.write(wire.music, wire.ada, f"{LINK} and spotify:track:{HEROES}")
        told = wire.people.share(wire.music, wire.ada, [LINK], message)
        await wire.stub.taken(told)
        await wire.fence()
        wire.people.told(wire.music, message)
        await wire.stub.sent(wire.music, 3)
    assert len(wire.stub.messages(wire.music)) == 3  # two cards, and the answer to the fence


@pytest.mark.parametrize("sign", [{"bot_id": "B0JUKEBOX"}, {"subtype": "bot_message"}])
async def test_another_apps_message_is_not_answered_also_when_its_link_is_told_of(
    wire: Wire, sign: dict[str, str]
) -> None:
    message = by_app(wire, **sign)
    async with wire.bot():
        wire.people.told(wire.music, message)
        await wire.fence()
        # From somebody whom Slack would not call a bot: the message itself has to be remembered.
        told = wire.people.share(wire.music, wire.bob, [LINK], message)
        await wire.stub.taken(told)
        await wire.fence()
    assert len(wire.stub.asked(SEND)) == 2  # the answers to the fences


async def test_where_messages_are_not_sent_another_apps_link_is_not_answered(wire: Wire) -> None:
    wire.stub.state.subscribed.discard(MESSAGES)
    message = by_app(wire)
    async with wire.bot():
        jukebox = wire.stub.state.users[message["user"]]
        for _ in range(2):
            told = wire.people.share(wire.music, jukebox, [LINK], message)
            await wire.stub.taken(told)
        await wire.fence()
    assert len(wire.stub.asked(SEND)) == 1  # the answer to the fence
    assert len(wire.stub.asked(LOOKED_UP)) == 1


async def test_who_cannot_be_looked_up_is_taken_for_a_person(wire: Wire) -> None:
    wire.stub.state.subscribed.discard(MESSAGES)
    wire.stub.fail(LOOKED_UP, faults.refused("missing_scope"))
    async with wire.bot():
        card = await wire.card(LINK)
    assert "Old Town Road" in words(card)


async def test_of_other_apps_messages_without_a_spotify_link_nothing_is_noted(wire: Wire) -> None:
    message = by_app(wire, bot_id="B0JUKEBOX", text="now playing: something else")
    async with wire.bot():
        wire.people.told(wire.music, message)
        await wire.fence()
    assert not any(message["ts"] in event for event in wire.app.events.seen)
