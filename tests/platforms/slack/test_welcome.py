"""The bot greets a channel that it is added to, once."""

import pytest

from bot.domain.channel_settings import ChannelSettings, Mode
from bot.texts import slack as words
from tests.platforms.slack.scene import SEND, Scene, text_of
from tests.stubs.slack import block_kit


@pytest.mark.parametrize("kind", ["channel", "group"])
async def test_channel_is_greeted_once_with_how_to_switch_the_bot_off(
    scene: Scene, kind: str
) -> None:
    new = scene.actions.channel(scene.team, kind, joined=False)
    async with scene.bot():
        scene.actions.invite_app(new, scene.ada)
        (welcome,) = await scene.stub.wait_for_messages(new)
        again = scene.actions.invite_app(new, scene.bob)
        await scene.stub.wait_for_acks(again)
        await scene.barrier(new)
    assert "/genre settings off" in text_of(welcome)
    assert "thread_ts" not in welcome
    assert len(list(block_kit.elements(welcome["blocks"], "button"))) == 1
    assert len(scene.stub.messages(new)) == 2  # with the barrier's hint


async def test_people_who_join_are_not_greeted(scene: Scene) -> None:
    async with scene.bot():
        deliveries = scene.actions.join(scene.music, scene.bob)
        assert len(deliveries) == 1
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 1  # the barrier's hint


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.QUIET])
async def test_channel_in_which_messages_are_not_answered_is_not_greeted(
    scene: Scene, mode: Mode
) -> None:
    scene.set_settings(ChannelSettings(mode=mode))
    async with scene.bot():
        await scene.stub.wait_for_acks(scene.actions.invite_app(scene.music, scene.ada))
        await scene.barrier(scene.actions.channel(scene.team, "im"))
    assert len(scene.stub.calls_to(SEND)) == 1  # the barrier's hint


async def test_greeting_says_to_mention_the_bot_where_it_answers_on_request(scene: Scene) -> None:
    scene.set_settings(ChannelSettings(mode=Mode.ON_REQUEST))
    async with scene.bot():
        scene.actions.invite_app(scene.music, None)
        (welcome,) = await scene.stub.wait_for_messages(scene.music)
    assert "Mention me" in text_of(welcome)


async def test_example_of_the_greeting_is_answered_in_its_thread(scene: Scene) -> None:
    async with scene.bot():
        scene.actions.invite_app(scene.music, scene.ada)
        (welcome,) = await scene.stub.wait_for_messages(scene.music)
        scene.pick(welcome, scene.bob, words.EXAMPLES[0].label)
        _, card = await scene.stub.wait_for_messages(scene.music, 2)
        await scene.stub.wait_for_calls("reactions.add", 4)
    assert card["thread_ts"] == welcome["ts"]


async def test_wastebasket_by_who_added_the_bot_deletes_the_greeting(scene: Scene) -> None:
    async with scene.bot():
        scene.actions.invite_app(scene.music, scene.ada)
        (welcome,) = await scene.stub.wait_for_messages(scene.music)
        scene.actions.react(scene.music, welcome["ts"], scene.bob, "wastebasket")
        await scene.barrier()
        assert scene.current(welcome)
        scene.actions.react(scene.music, welcome["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("chat.delete")
    assert scene.current(welcome) is None
