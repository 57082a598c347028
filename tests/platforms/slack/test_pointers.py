"""A second person's shortcut points at the card that a channel displays."""

from tests.platforms.slack.scene import Scene, text_of
from tests.support.fake_app import LINK


async def test_second_shortcut_gets_a_private_pointer_to_the_card(scene: Scene) -> None:
    written = scene.actions.write(scene.music, scene.bob, LINK)
    async with scene.bot():
        scene.shortcut(scene.music, written)
        await scene.stub.wait_for_calls("reactions.add", 4)
        (card,) = scene.stub.messages(scene.music)[1:] or scene.stub.messages(scene.music)
        stored = dict(scene.app.messages.stored)
        scene.app.wait(hours=1)  # however old the card is
        again = scene.actions.shortcut(scene.music, scene.bob, written, "sounds_like")
        (pointer,) = await scene.stub.wait_for_responses(again)
    assert f"p{card['ts'].replace('.', '')}" in text_of(pointer)
    assert pointer["response_type"] == "ephemeral"
    assert scene.app.messages.stored == stored
    assert scene.stub.messages(scene.music)[-1]["ts"] == card["ts"]


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


async def test_link_pasted_meanwhile_does_not_wait_for_a_private_answer(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        written = scene.stub.state.messages[scene.music.id, card["thread_ts"]]
        await scene.stub.wait_for_responses(scene.shortcut(scene.music, written))
        assert scene.app.services.cards._recent_cards._pending == {}
