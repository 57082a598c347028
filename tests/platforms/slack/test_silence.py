"""Messages that ask not to be answered, with and without `link_shared`."""

import pytest

from bot import texts
from tests.platforms.slack.scene import OTHER_LINK, SEND, Scene, text_of
from tests.stubs.slack import block_kit
from tests.support.fake_app import LINK


@pytest.mark.parametrize("text", [f"! {LINK}", f"-play {LINK}", f"`{LINK}`", f"```\n{LINK}\n```"])
async def test_silenced_message_and_its_shared_link_are_not_answered(
    scene: Scene, text: str
) -> None:
    scene.link_delay = 0.05
    async with scene.bot():
        _, deliveries = scene.actions.post(scene.music, scene.ada, text)
        kinds = [delivery.payload["event"]["type"] for delivery in deliveries]
        assert kinds == ["message", "link_shared"]
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 1  # the barrier's hint


async def test_silenced_message_is_answered_if_it_addresses_the_bot(scene: Scene) -> None:
    direct = scene.actions.channel(scene.team, "im")
    async with scene.bot():
        await scene.paste(f"! {LINK}", direct)
        await scene.paste(f"`{LINK}` {scene.mention}")
    assert len(scene.stub.calls_to(SEND)) == 2


async def test_link_beside_code_is_answered_alone(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(f"`{OTHER_LINK}` but {LINK}")
        await scene.barrier()
    assert "Old Town Road" in text_of(card)
    assert len(scene.stub.calls_to(SEND)) == 2  # with the barrier's hint


async def test_shortcut_answers_a_silenced_message(scene: Scene) -> None:
    written = scene.actions.write(scene.music, scene.bob, f"! `{LINK}`")
    async with scene.bot():
        scene.shortcut(scene.music, written)
        (card,) = await scene.stub.wait_for_messages(scene.music)
    assert "Old Town Road" in text_of(card)


async def test_silenced_sound_file_is_not_fetched(scene: Scene) -> None:
    file = {"id": "F1", "mimetype": "audio/mpeg", "name": "song.mp3"}
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, "! listen", files=[file])
        await scene.barrier()
    assert scene.stub.calls_to("files.info") == []
    (hint,) = scene.stub.messages(scene.music)
    assert list(block_kit.texts(hint["blocks"], "plain_text")) == [texts.HINT]
