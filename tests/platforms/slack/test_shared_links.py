"""Event link_shared, with the message event or without it."""

import pytest

from tests.platforms.slack.scene import SEND, Scene, text_of
from tests.stubs.slack import faults
from tests.stubs.slack.objects import Json
from tests.support.factories import HEROES
from tests.support.fake_app import LINK

MESSAGE_EVENTS = "message.channels"
USER_INFO = "users.info"


def by_app(scene: Scene, **fields: str) -> Json:
    """Write a message with a link as another app."""
    jukebox = scene.actions.user("jukebox", bot=True)
    return scene.actions.write(scene.music, jukebox, f"now playing {LINK}") | fields


async def test_shared_link_is_answered_without_message_events(scene: Scene) -> None:
    scene.stub.state.subscribed -= {"message.channels"}
    async with scene.bot():
        card = await scene.paste(LINK)
    assert "Old Town Road" in text_of(card)


async def test_shared_link_in_a_thread_is_answered_in_that_thread(scene: Scene) -> None:
    scene.stub.state.subscribed -= {"message.channels"}
    first = scene.actions.write(scene.music, scene.bob, "hello")
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, LINK, first["ts"])
        (card,) = await scene.stub.wait_for_messages(scene.music)
    assert card["thread_ts"] == first["ts"]


async def test_link_in_an_unsent_draft_is_not_answered(
    scene: Scene,
) -> None:
    draft = {"ts": f"{scene.music.id}-draft"}
    async with scene.bot():
        deliveries = scene.actions.share_links(
            scene.music, scene.ada, [LINK], draft, source="composer"
        )
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 1  # the barrier's hint


async def test_link_in_a_channel_without_the_app_is_not_answered(scene: Scene) -> None:
    elsewhere = scene.actions.channel(scene.team, joined=False)
    async with scene.bot():
        _, deliveries = scene.actions.post(elsewhere, scene.ada, LINK)
        assert len(deliveries) == 1
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 1  # the barrier's hint


async def test_whole_message_is_answered_if_link_shared_arrives_first(
    scene: Scene,
) -> None:
    scene.link_delay = 1
    async with scene.bot():
        message = scene.actions.write(scene.music, scene.ada, f"{LINK} and spotify:track:{HEROES}")
        deliveries = scene.actions.share_links(scene.music, scene.ada, [LINK], message)
        scene.actions.send_message_event(scene.music, message)
        await scene.stub.wait_for_messages(scene.music, 2)
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 3  # two cards, and the barrier's hint


@pytest.mark.parametrize("fields", [{"bot_id": "B0JUKEBOX"}, {"subtype": "bot_message"}])
async def test_message_of_another_app_is_not_answered_after_link_shared(
    scene: Scene, fields: dict[str, str]
) -> None:
    message = by_app(scene, **fields)
    async with scene.bot():
        scene.actions.send_message_event(scene.music, message)
        await scene.barrier()
        # The user is not a bot, so the message itself must have been stored.
        deliveries = scene.actions.share_links(scene.music, scene.bob, [LINK], message)
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 2  # the hints of the barriers


async def test_link_of_another_app_is_not_answered_without_message_events(scene: Scene) -> None:
    scene.stub.state.subscribed.discard(MESSAGE_EVENTS)
    message = by_app(scene)
    async with scene.bot():
        jukebox = scene.stub.state.users[message["user"]]
        for _ in range(2):
            deliveries = scene.actions.share_links(scene.music, jukebox, [LINK], message)
            await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 1  # the barrier's hint
    assert len(scene.stub.calls_to(USER_INFO)) == 1


async def test_user_that_cannot_be_looked_up_is_assumed_to_be_a_person(scene: Scene) -> None:
    scene.stub.state.subscribed.discard(MESSAGE_EVENTS)
    scene.stub.fail(USER_INFO, faults.api_error("missing_scope"))
    async with scene.bot():
        card = await scene.paste(LINK)
    assert "Old Town Road" in text_of(card)


async def test_message_of_another_app_without_spotify_link_is_not_stored(scene: Scene) -> None:
    message = by_app(scene, bot_id="B0JUKEBOX", text="now playing: something else")
    async with scene.bot():
        scene.actions.send_message_event(scene.music, message)
        await scene.barrier()
    assert not any(message["ts"] in event for event in scene.app.events.seen)
