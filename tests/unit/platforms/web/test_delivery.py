"""What the chat keeps in memory."""

import asyncio

from bot.domain.places import Message
from bot.platforms.web.delivery import PLACE, REMEMBERED, Delivery
from tests.support.fake_services import FakeHandlers


async def test_only_the_latest_answers_are_kept_in_memory(handlers: FakeHandlers) -> None:
    chat = Delivery(handlers)
    for number in range(REMEMBERED + 20):
        await chat.say(Message(PLACE, f"message-{number}", "someone", "hello"))
    assert len(chat._answers) == REMEMBERED


async def test_a_message_that_failed_is_asked_again(handlers: FakeHandlers) -> None:
    chat = Delivery(handlers)
    message = Message(PLACE, "message-1", "someone", "heroes")
    handlers.broken = RuntimeError()
    try:
        await chat.say(message)
    except RuntimeError:
        handlers.broken = None
    assert len(await chat.say(message)) == 1
    assert handlers.cards


async def test_one_who_stops_waiting_does_not_take_the_answer_from_another(
    handlers: FakeHandlers,
) -> None:
    chat = Delivery(handlers)
    message = Message(PLACE, "message-1", "someone", "heroes")
    handlers.gate.clear()
    one, other = (asyncio.create_task(chat.say(message)) for _ in range(2))
    await handlers.arrived.wait()
    one.cancel()
    handlers.gate.set()
    assert len(await other) == 1
    assert one.cancelled()
