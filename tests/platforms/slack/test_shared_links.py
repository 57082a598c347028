"""What Slack tells of links alone, besides the message or without it."""

import pytest

from tests.platforms.slack.scene import SEND, Scene, text_of
from tests.stubs.slack import faults
from tests.stubs.slack.objects import Json
from tests.support.factories import HEROES
from tests.support.fake_app import LINK

MESSAGES = "message.channels"
LOOKED_UP = "users.info"


def by_app(scene: Scene, **fields: str) -> Json:
    """Let another app write a message with a link."""
    jukebox = scene.actions.user("jukebox", bot=True)
    return scene.actions.write(scene.music, jukebox, f"now playing {LINK}") | fields


async def test_where_messages_are_not_sent_a_shared_link_is_enough(scene: Scene) -> None:
    scene.stub.state.subscribed -= {"message.channels"}
    async with scene.bot():
        card = await scene.paste(LINK)
    assert "Old Town Road" in text_of(card)


async def test_a_shared_link_in_a_thread_is_answered_in_that_thread(scene: Scene) -> None:
    scene.stub.state.subscribed -= {"message.channels"}
    first = scene.actions.write(scene.music, scene.bob, "hello")
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, LINK, first["ts"])
        (card,) = await scene.stub.wait_for_messages(scene.music)
    assert card["thread_ts"] == first["ts"]


async def test_a_link_in_a_message_that_is_still_being_written_is_not_answered(
    scene: Scene,
) -> None:
    draft = {"ts": f"{scene.music.id}-draft"}
    async with scene.bot():
        told = scene.actions.share_links(scene.music, scene.ada, [LINK], draft, source="composer")
        await scene.stub.wait_for_acks(told)
        await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 1  # the barrier's hint


async def test_a_link_in_a_channel_that_the_app_is_not_in_is_not_answered(scene: Scene) -> None:
    elsewhere = scene.actions.channel(scene.team, joined=False)
    async with scene.bot():
        _, told = scene.actions.post(elsewhere, scene.ada, LINK)
        assert len(told) == 1
        await scene.stub.wait_for_acks(told)
        await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 1  # the barrier's hint


async def test_the_whole_message_is_answered_also_when_its_link_is_told_of_first(
    scene: Scene,
) -> None:
    scene.link_delay = 1
    async with scene.bot():
        message = scene.actions.write(scene.music, scene.ada, f"{LINK} and spotify:track:{HEROES}")
        told = scene.actions.share_links(scene.music, scene.ada, [LINK], message)
        await scene.stub.wait_for_acks(told)
        await scene.barrier()
        scene.actions.send_message_event(scene.music, message)
        await scene.stub.wait_for_messages(scene.music, 3)
    assert len(scene.stub.messages(scene.music)) == 3  # two cards, and the barrier's hint


@pytest.mark.parametrize("sign", [{"bot_id": "B0JUKEBOX"}, {"subtype": "bot_message"}])
async def test_another_apps_message_is_not_answered_also_when_its_link_is_told_of(
    scene: Scene, sign: dict[str, str]
) -> None:
    message = by_app(scene, **sign)
    async with scene.bot():
        scene.actions.send_message_event(scene.music, message)
        await scene.barrier()
        # From somebody whom Slack would not call a bot: the message itself has to be remembered.
        told = scene.actions.share_links(scene.music, scene.bob, [LINK], message)
        await scene.stub.wait_for_acks(told)
        await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 2  # the hints of the barriers


async def test_where_messages_are_not_sent_another_apps_link_is_not_answered(scene: Scene) -> None:
    scene.stub.state.subscribed.discard(MESSAGES)
    message = by_app(scene)
    async with scene.bot():
        jukebox = scene.stub.state.users[message["user"]]
        for _ in range(2):
            told = scene.actions.share_links(scene.music, jukebox, [LINK], message)
            await scene.stub.wait_for_acks(told)
        await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 1  # the barrier's hint
    assert len(scene.stub.calls_to(LOOKED_UP)) == 1


async def test_who_cannot_be_looked_up_is_taken_for_a_person(scene: Scene) -> None:
    scene.stub.state.subscribed.discard(MESSAGES)
    scene.stub.fail(LOOKED_UP, faults.api_error("missing_scope"))
    async with scene.bot():
        card = await scene.paste(LINK)
    assert "Old Town Road" in text_of(card)


async def test_of_other_apps_messages_without_a_spotify_link_nothing_is_noted(scene: Scene) -> None:
    message = by_app(scene, bot_id="B0JUKEBOX", text="now playing: something else")
    async with scene.bot():
        scene.actions.send_message_event(scene.music, message)
        await scene.barrier()
    assert not any(message["ts"] in event for event in scene.app.events.seen)
