"""Delivery: each message is answered once."""

import asyncio

import pytest

from bot.domain.places import Message
from bot.platforms.web.commands import Commands
from bot.platforms.web.delivery import CACHE_SIZE, Delivery
from bot.platforms.web.ids import PLACE
from tests.support.fake_services import FakeServices


@pytest.fixture
def delivery(fake: FakeServices) -> Delivery:
    services = fake.services
    return Delivery(
        Commands(services),
        services.cards,
        services.collections,
    )


async def test_number_of_cached_replies_is_limited(delivery: Delivery, fake: FakeServices) -> None:
    for number in range(CACHE_SIZE + 1):
        await delivery.reply(Message(PLACE, f"message-{number}", "ann", "hello"))
    count = len(fake.ask.asked)
    await delivery.reply(Message(PLACE, f"message-{CACHE_SIZE}", "ann", "hello"))
    assert len(fake.ask.asked) == count
    await delivery.reply(Message(PLACE, "message-0", "ann", "hello"))
    assert len(fake.ask.asked) == count + 1


async def test_failed_message_is_answered_when_sent_again(
    delivery: Delivery, fake: FakeServices
) -> None:
    message = Message(PLACE, "message-1", "ann", "heroes")
    fake.ask.broken = RuntimeError()
    with pytest.raises(RuntimeError):
        await delivery.reply(message)
    fake.ask.broken = None
    assert len(await delivery.reply(message)) == 1


async def test_cancelled_request_does_not_cancel_a_concurrent_one(
    delivery: Delivery, fake: FakeServices
) -> None:
    message = Message(PLACE, "message-1", "ann", "heroes")
    fake.ask.gate.clear()
    one, other = (asyncio.create_task(delivery.reply(message)) for _ in range(2))
    await fake.ask.arrived.wait()
    one.cancel()
    fake.ask.gate.set()
    assert len(await other) == 1
    assert one.cancelled()
