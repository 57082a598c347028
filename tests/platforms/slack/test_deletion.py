"""What is deleted takes with it what belongs to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from tests.platforms.slack.scene import SEND, RunningBot, Scene
from tests.stubs.slack import faults
from tests.support.fake_app import LINK

Switch = Callable[[], None]


async def test_with_the_question_its_card_and_its_chart_go(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        told = scene.actions.delete(scene.music, card["thread_ts"])
        assert (
            told[0].payload["event"]["subtype"] == "message_changed"
        )  # a thread leaves a tombstone
        await scene.stub.wait_for_calls("files.delete")
    assert scene.current(card) is None
    assert scene.stub.state.files == {}


async def test_whoever_asked_deletes_a_card_with_a_wastebasket(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("files.delete")
    assert scene.current(card) is None


async def test_a_wastebasket_takes_the_chart_along_where_the_app_reads_no_messages(
    scene: Scene,
) -> None:
    scene.stub.state.subscribed -= {"message.channels"}
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("files.delete")
    assert scene.current(card) is None
    assert scene.stub.state.files == {}


async def test_a_card_that_cannot_be_deleted_now_keeps_its_chart_and_can_be_deleted_later(
    scene: Scene,
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.stub.fail("chat.delete", faults.api_error("internal_error"))
        told = scene.actions.react(scene.music, card["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("chat.delete")
        await scene.barrier()
        assert len(scene.stub.state.files) == 1
        scene.stub.deliveries.resend(told[0])
        await scene.stub.wait_for_calls("files.delete")
    assert scene.current(card) is None


async def test_the_card_of_a_shortcut_goes_with_the_message_it_was_used_on(scene: Scene) -> None:
    written = scene.actions.write(scene.music, scene.bob, LINK)
    async with scene.bot():
        scene.shortcut(scene.music, written)
        await scene.stub.wait_for_calls("reactions.add", 4)
        scene.actions.delete(scene.music, written["ts"])
        await scene.stub.wait_for_calls("files.delete")
    assert scene.stub.messages(scene.music) == []


async def test_figures_go_with_their_picture_when_whoever_asked_says_so(scene: Scene) -> None:
    async with scene.bot():
        await scene.paste(LINK)
        scene.actions.command(scene.music, scene.ada, "stats")
        _, figures = await scene.stub.wait_for_messages(scene.music, 2)
        await scene.stub.wait_for_calls("files.completeUploadExternal", 2)
        scene.actions.react(scene.music, figures["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("files.delete")
    assert len(scene.stub.messages(scene.music)) == 1  # the card
    assert len(scene.stub.state.files) == 1


async def test_the_wastebasket_of_anybody_else_does_nothing(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        told = scene.actions.react(scene.music, card["ts"], scene.bob, "wastebasket")
        await scene.stub.wait_for_acks(told)
        await scene.barrier()
    assert scene.current(card)


async def test_the_card_of_a_command_goes_with_its_chart(scene: Scene) -> None:
    async with scene.bot():
        scene.actions.command(scene.music, scene.ada, LINK)
        (card,) = await scene.stub.wait_for_messages(scene.music)
        await scene.stub.wait_for_calls("reactions.add", 4)
        scene.actions.react(scene.music, card["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("files.delete")
    assert scene.stub.messages(scene.music) == []


async def test_a_question_that_is_deleted_while_its_card_is_made_is_not_answered(
    scene: Scene,
) -> None:
    async with scene.bot():
        with scene.blocked_features() as (started, proceed):
            ts, _ = scene.actions.post(scene.music, scene.ada, LINK)
            await scene.within_timeout(started.wait())
            await scene.stub.wait_for_acks(scene.actions.delete(scene.music, ts))
            proceed.set()
            await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 1  # the barrier's hint


async def test_a_chart_that_comes_after_its_card_was_deleted_goes_too(scene: Scene) -> None:
    async with scene.bot():
        with scene.blocked_chart() as (started, proceed):
            scene.actions.post(scene.music, scene.ada, LINK)
            await scene.within_timeout(started.wait())
            (card,) = scene.stub.messages(scene.music)
            await scene.stub.wait_for_acks(scene.actions.delete(scene.music, card["ts"]))
            await scene.barrier()
            proceed.set()
            await scene.stub.wait_for_calls("files.delete")
    assert scene.stub.state.files == {}


async def test_a_card_that_is_gone_before_it_is_refreshed_is_left_alone(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        del scene.stub.state.messages[scene.music.id, card["ts"]]
        assert (
            await scene.response_text(scene.choose(card, scene.bob, "jazz"))
            == "Your vote: jazz. Thank you!"
        )
        (update,) = await scene.stub.wait_for_calls("chat.update")
        await scene.barrier()
    assert update.reply["error"] == "message_not_found"


@asynccontextmanager
async def two_processes(scene: Scene) -> AsyncIterator[tuple[Switch, Switch]]:
    """Run two bots on one core; lend two switches: from now on the one, or the other, is told."""
    async with (
        scene.bot(scene.http_credentials()) as one,
        scene.bot(scene.http_credentials()) as other,
    ):
        yield partial(_tell, scene, one), partial(_tell, scene, other)


def _tell(scene: Scene, running: RunningBot) -> None:
    scene.stub.deliveries.processes = [running.address]


async def test_a_question_whose_deletion_another_process_is_told_of_is_not_answered(
    scene: Scene,
) -> None:
    first = scene.actions.write(scene.music, scene.bob, "hello")
    async with two_processes(scene) as (tell_one, tell_other):
        with scene.blocked_features() as (started, proceed):
            tell_one()
            ts, _ = scene.actions.post(scene.music, scene.ada, LINK, first["ts"])
            await scene.within_timeout(started.wait())
            tell_other()
            await scene.stub.wait_for_acks(scene.actions.delete(scene.music, ts))
            await scene.barrier()
            proceed.set()
    assert len(scene.stub.calls_to(SEND)) == 1  # the barrier's hint


async def test_a_card_that_is_posted_while_another_process_is_told_of_the_deletion_goes(
    scene: Scene,
) -> None:
    remember = scene.app.messages.remember
    posted, proceed = asyncio.Event(), asyncio.Event()

    async def slow(*args: Any, **kwargs: Any) -> None:
        posted.set()
        await proceed.wait()
        await remember(*args, **kwargs)

    async with two_processes(scene) as (tell_one, tell_other):
        scene.app.messages.remember = slow  # type: ignore[method-assign] # until the card is there
        tell_one()
        ts, _ = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.within_timeout(posted.wait())
        scene.app.messages.remember = remember  # type: ignore[method-assign] # as it was
        tell_other()
        await scene.stub.wait_for_acks(scene.actions.delete(scene.music, ts))
        await scene.barrier()
        proceed.set()
        await scene.stub.wait_for_calls("chat.delete")
    assert len(scene.stub.messages(scene.music)) == 1  # the barrier's hint
    assert scene.stub.state.files == {}
