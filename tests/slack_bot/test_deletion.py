"""What is deleted takes with it what belongs to it."""

from tests.slack_bot.running import SEND, Wire
from tests.world import LINK


async def test_with_the_question_its_card_and_its_chart_go(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        told = wire.people.delete(wire.music, card["thread_ts"])
        assert told[0].payload["event"]["subtype"] == "message_changed"  # a thread leaves a stone
        await wire.stub.called("files.delete")
    assert wire.now(card) is None
    assert wire.stub.world.files == {}


async def test_whoever_asked_deletes_a_card_with_a_wastebasket(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.people.react(wire.music, card["ts"], wire.ada, "wastebasket")
        await wire.stub.called("files.delete")
    assert wire.now(card) is None


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
    assert wire.stub.world.files == {}


async def test_a_card_that_is_gone_before_it_is_refreshed_is_left_alone(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        del wire.stub.world.messages[wire.music.id, card["ts"]]
        assert await wire.told(wire.choose(card, wire.bob, "jazz")) == "Noted: jazz. Thank you!"
        (update,) = await wire.stub.called("chat.update")
        await wire.fence()
    assert update.answer["error"] == "message_not_found"
