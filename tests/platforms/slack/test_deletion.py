"""What is deleted takes with it what belongs to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from tests.platforms.slack.running import SEND, Running, Wire
from tests.stubs.slack import faults
from tests.support.fake_app import LINK

Switch = Callable[[], None]


async def test_with_the_question_its_card_and_its_chart_go(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        told = wire.people.delete(wire.music, card["thread_ts"])
        assert told[0].payload["event"]["subtype"] == "message_changed"  # a thread leaves a stone
        await wire.stub.called("files.delete")
    assert wire.now(card) is None
    assert wire.stub.state.files == {}


async def test_whoever_asked_deletes_a_card_with_a_wastebasket(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.people.react(wire.music, card["ts"], wire.ada, "wastebasket")
        await wire.stub.called("files.delete")
    assert wire.now(card) is None


async def test_a_wastebasket_takes_the_chart_along_where_the_app_reads_no_messages(
    wire: Wire,
) -> None:
    wire.stub.state.subscribed -= {"message.channels"}
    async with wire.bot():
        card = await wire.card(LINK)
        wire.people.react(wire.music, card["ts"], wire.ada, "wastebasket")
        await wire.stub.called("files.delete")
    assert wire.now(card) is None
    assert wire.stub.state.files == {}


async def test_a_card_that_cannot_be_deleted_now_keeps_its_chart_and_can_be_deleted_later(
    wire: Wire,
) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.stub.fail("chat.delete", faults.refused("internal_error"))
        told = wire.people.react(wire.music, card["ts"], wire.ada, "wastebasket")
        await wire.stub.called("chat.delete")
        await wire.fence()
        assert len(wire.stub.state.files) == 1
        wire.stub.deliveries.again(told[0])
        await wire.stub.called("files.delete")
    assert wire.now(card) is None


async def test_the_card_of_a_shortcut_goes_with_the_message_it_was_used_on(wire: Wire) -> None:
    written = wire.people.write(wire.music, wire.bob, LINK)
    async with wire.bot():
        wire.shortcut(wire.music, written)
        await wire.stub.called("reactions.add", 4)
        wire.people.delete(wire.music, written["ts"])
        await wire.stub.called("files.delete")
    assert wire.stub.messages(wire.music) == []


async def test_figures_go_with_their_picture_when_whoever_asked_says_so(wire: Wire) -> None:
    async with wire.bot():
        await wire.card(LINK)
        wire.people.command(wire.music, wire.ada, "stats")
        _, figures = await wire.stub.sent(wire.music, 2)
        await wire.stub.called("files.completeUploadExternal", 2)
        wire.people.react(wire.music, figures["ts"], wire.ada, "wastebasket")
        await wire.stub.called("files.delete")
    assert len(wire.stub.messages(wire.music)) == 1  # the card
    assert len(wire.stub.state.files) == 1


async def test_the_wastebasket_of_anybody_else_does_nothing(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        told = wire.people.react(wire.music, card["ts"], wire.bob, "wastebasket")
        await wire.stub.taken(told)
        await wire.fence()
    assert wire.now(card)


async def test_the_card_of_a_command_goes_with_its_chart(wire: Wire) -> None:
    async with wire.bot():
        wire.people.command(wire.music, wire.ada, LINK)
        (card,) = await wire.stub.sent(wire.music)
        await wire.stub.called("reactions.add", 4)
        wire.people.react(wire.music, card["ts"], wire.ada, "wastebasket")
        await wire.stub.called("files.delete")
    assert wire.stub.messages(wire.music) == []


async def test_a_question_that_is_deleted_while_its_card_is_made_is_not_answered(
    wire: Wire,
) -> None:
    async with wire.bot():
        with wire.slow_answer() as (begun, go_on):
            ts, _ = wire.people.post(wire.music, wire.ada, LINK)
            await wire.soon(begun.wait())
            await wire.stub.taken(wire.people.delete(wire.music, ts))
            go_on.set()
            await wire.fence()
    assert len(wire.stub.asked(SEND)) == 1  # the answer to the fence


async def test_a_chart_that_comes_after_its_card_was_deleted_goes_too(wire: Wire) -> None:
    async with wire.bot():
        with wire.slow_chart() as (begun, go_on):
            wire.people.post(wire.music, wire.ada, LINK)
            await wire.soon(begun.wait())
            (card,) = wire.stub.messages(wire.music)
            await wire.stub.taken(wire.people.delete(wire.music, card["ts"]))
            await wire.fence()
            go_on.set()
            await wire.stub.called("files.delete")
    assert wire.stub.state.files == {}


async def test_a_card_that_is_gone_before_it_is_refreshed_is_left_alone(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        del wire.stub.state.messages[wire.music.id, card["ts"]]
        assert await wire.told(wire.choose(card, wire.bob, "jazz")) == "Your vote: jazz. Thank you!"
        (update,) = await wire.stub.called("chat.update")
        await wire.fence()
    assert update.answer["error"] == "message_not_found"


@asynccontextmanager
async def two_processes(wire: Wire) -> AsyncIterator[tuple[Switch, Switch]]:
    """Run two bots on one core; lend two switches: from now on the one, or the other, is told."""
    async with wire.bot(wire.http()) as one, wire.bot(wire.http()) as other:
        yield partial(_tell, wire, one), partial(_tell, wire, other)


def _tell(wire: Wire, running: Running) -> None:
    wire.stub.deliveries.processes = [running.address]


async def test_a_question_whose_deletion_another_process_is_told_of_is_not_answered(
    wire: Wire,
) -> None:
    first = wire.people.write(wire.music, wire.bob, "hello")
    async with two_processes(wire) as (tell_one, tell_other):
        with wire.slow_answer() as (begun, go_on):
            tell_one()
            ts, _ = wire.people.post(wire.music, wire.ada, LINK, first["ts"])
            await wire.soon(begun.wait())
            tell_other()
            await wire.stub.taken(wire.people.delete(wire.music, ts))
            await wire.fence()
            go_on.set()
    assert len(wire.stub.asked(SEND)) == 1  # the answer to the fence


async def test_a_card_that_is_posted_while_another_process_is_told_of_the_deletion_goes(
    wire: Wire,
) -> None:
    remember = wire.app.messages.remember
    posted, go_on = asyncio.Event(), asyncio.Event()

    async def slow(*args: Any, **kwargs: Any) -> None:
        posted.set()
        await go_on.wait()
        await remember(*args, **kwargs)

    async with two_processes(wire) as (tell_one, tell_other):
        wire.app.messages.remember = slow  # type: ignore[method-assign] # until the card is there
        tell_one()
        ts, _ = wire.people.post(wire.music, wire.ada, LINK)
        await wire.soon(posted.wait())
        wire.app.messages.remember = remember  # type: ignore[method-assign] # as it was
        tell_other()
        await wire.stub.taken(wire.people.delete(wire.music, ts))
        await wire.fence()
        go_on.set()
        await wire.stub.called("chat.delete")
    assert len(wire.stub.messages(wire.music)) == 1  # the answer to the fence
    assert wire.stub.state.files == {}
