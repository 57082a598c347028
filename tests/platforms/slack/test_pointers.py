"""A second person's shortcut points at the card that a channel displays."""

import pytest

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from tests.platforms.slack.scene import Scene, text_of
from tests.support.fake_app import LINK


async def test_second_shortcut_gets_a_private_pointer_to_the_card(scene: Scene) -> None:
    written = scene.actions.write(scene.music, scene.bob, LINK)
    async with scene.bot():
        scene.shortcut(scene.music, written)
        await scene.stub.wait_for_calls("reactions.add", 4)
        (card,) = scene.stub.messages(scene.music)
        stored = dict(scene.app.messages.stored)
        scene.app.wait(hours=1)  # however old the card is
        again = scene.actions.shortcut(scene.music, scene.bob, written, "sounds_like")
        (pointer,) = await scene.stub.wait_for_responses(again)
    assert f"p{card['ts'].replace('.', '')}" in text_of(pointer)
    assert pointer["response_type"] == "ephemeral"
    assert scene.app.messages.stored == stored
    assert scene.stub.messages(scene.music)[-1]["ts"] == card["ts"]


@pytest.mark.parametrize("mode", [Mode.AUTO, Mode.QUIET])
async def test_shortcut_on_a_card_points_at_it_privately(scene: Scene, mode: Mode) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.set_settings(ChannelSettings(mode))
        (pointer,) = await scene.stub.wait_for_responses(scene.shortcut(scene.music, card))
    assert f"p{card['ts'].replace('.', '')}" in text_of(pointer)
    assert pointer["response_type"] == "ephemeral"
    assert scene.stub.messages(scene.music)[-1]["ts"] == card["ts"]


async def test_shortcut_on_a_card_is_declined_where_the_bot_is_switched_off(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.set_settings(ChannelSettings(Mode.OFF))
        said = await scene.response_text(scene.shortcut(scene.music, card))
    assert said == texts.SWITCHED_OFF


async def test_shortcut_on_a_message_whose_card_is_gone_gets_the_card_in_the_thread(
    scene: Scene,
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        del scene.stub.state.messages[scene.music.id, card["ts"]]
        written = scene.stub.state.messages[scene.music.id, card["thread_ts"]]
        again = scene.shortcut(scene.music, written)
        (new,) = await scene.stub.wait_for_messages(scene.music)
        await scene.stub.wait_for_calls("reactions.add", 8)
    assert new["thread_ts"] == written["ts"]
    assert scene.stub.responses(again) == []


async def test_link_that_is_pasted_after_a_shortcut_need_not_wait(scene: Scene) -> None:
    written = scene.actions.write(scene.music, scene.bob, LINK)
    async with scene.bot():
        scene.shortcut(scene.music, written)
        await scene.stub.wait_for_calls("reactions.add", 4)
        (card,) = scene.stub.messages(scene.music)
        scene.actions.react(scene.music, card["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("files.delete")
        assert "Old Town Road" in text_of(await scene.paste(LINK))
