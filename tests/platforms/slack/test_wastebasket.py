"""The wastebasket on any reply, by the person who asked and by others."""

from collections.abc import Awaitable, Callable

import pytest

from tests.platforms.slack.scene import OTHER_LINK, Scene
from tests.platforms.slack.test_collections import ALBUM_LINK, UPLOADED
from tests.stubs.slack import faults
from tests.stubs.slack.objects import Json
from tests.support.fake_app import LINK

Reply = Callable[[Scene], Awaitable[Json]]
"""Lets ada get a reply, and returns it once it is complete."""


async def card_of_a_link(scene: Scene) -> Json:
    return await scene.paste(LINK)


async def card_of_an_edit(scene: Scene) -> Json:
    ts, _ = scene.actions.post(scene.music, scene.ada, "this one")
    scene.actions.edit(scene.music, ts, LINK)
    await scene.stub.wait_for_calls("reactions.add", 4)
    return scene.stub.messages(scene.music)[-1]


async def card_of_a_shortcut(scene: Scene) -> Json:
    written = scene.actions.write(scene.music, scene.bob, LINK)
    scene.shortcut(scene.music, written)
    await scene.stub.wait_for_calls("reactions.add", 4)
    return scene.stub.messages(scene.music)[-1]


async def card_of_a_command(scene: Scene) -> Json:
    scene.actions.command(scene.music, scene.ada, LINK)
    await scene.stub.wait_for_calls("reactions.add", 4)
    return scene.stub.messages(scene.music)[-1]


async def summary(scene: Scene) -> Json:
    scene.actions.post(scene.music, scene.ada, ALBUM_LINK)
    await scene.stub.wait_for_calls(UPLOADED)
    return scene.stub.messages(scene.music)[-1]


async def sentence(scene: Scene) -> Json:
    scene.actions.post(scene.music, scene.ada, f"{scene.mention} hello")
    return (await scene.stub.wait_for_messages(scene.music))[-1]


async def pointer(scene: Scene) -> Json:
    await scene.paste(LINK)
    scene.actions.post(scene.music, scene.ada, LINK)
    return (await scene.stub.wait_for_messages(scene.music, 2))[-1]


def is_displayed(scene: Scene, message: Json) -> bool:
    return message["ts"] in {one["ts"] for one in scene.stub.messages(scene.music)}


REPLIES = [
    card_of_a_link,
    card_of_an_edit,
    card_of_a_shortcut,
    card_of_a_command,
    summary,
    sentence,
    pointer,
]


@pytest.mark.parametrize("reply", REPLIES)
async def test_only_the_person_who_asked_deletes_a_reply(scene: Scene, reply: Reply) -> None:
    async with scene.bot():
        message = await reply(scene)
        files = len(scene.stub.state.files)
        scene.actions.react(scene.music, message["ts"], scene.bob, "wastebasket")
        await scene.barrier()
        assert is_displayed(scene, message)
        assert len(scene.stub.state.files) == files
        scene.actions.react(scene.music, message["ts"], scene.ada, "wastebasket")
        await scene.stub.until(lambda: not is_displayed(scene, message))
        with_file = reply not in (sentence, pointer)
        await scene.stub.until(lambda: len(scene.stub.state.files) == files - with_file)


@pytest.mark.parametrize("reply", [card_of_a_link, card_of_a_command, summary, sentence])
async def test_reply_of_an_earlier_process_is_deleted_without_the_right_to_read_messages(
    scene: Scene, reply: Reply
) -> None:
    async with scene.bot():
        message = await reply(scene)
    scene.team.scopes -= {"channels:history", "groups:history", "im:history", "mpim:history"}
    async with scene.bot():
        scene.actions.react(scene.music, message["ts"], scene.ada, "wastebasket")
        await scene.stub.until(lambda: not is_displayed(scene, message))
        await scene.stub.until(lambda: not scene.stub.state.files)


async def test_wastebasket_on_a_chart_deletes_the_chart_alone(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        (chart,) = scene.stub.state.files.values()
        _, shown = chart.shared or ("", "")
        scene.actions.react(scene.music, shown, scene.bob, "wastebasket")
        await scene.barrier()
        assert chart.id in scene.stub.state.files
        scene.actions.react(scene.music, shown, scene.ada, "wastebasket")
        await scene.stub.until(lambda: not scene.stub.state.files)
        await scene.barrier()
    assert is_displayed(scene, card)


async def test_wastebasket_on_a_message_that_is_not_recorded_does_nothing(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.app.messages.stored.clear()
        scene.stub.fail("conversations.replies", faults.api_error("missing_scope"))
        scene.actions.react(scene.music, card["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("conversations.replies")
        await scene.barrier()
    assert is_displayed(scene, card)


async def test_deleted_card_is_not_pointed_at(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("files.delete")
        again = await scene.paste(f"{LINK} again")
        await scene.paste(OTHER_LINK)
    assert scene.current(again)
    assert len(scene.stub.messages(scene.music)) == 2
