"""One limit for what is stopped one after another."""

import asyncio

from bot.concurrency.stop_time import StopTime
from tests.support.virtual_time import in_virtual_time


@in_virtual_time
async def test_time_is_left_that_was_not_used_before() -> None:
    stopping = StopTime(10)
    with stopping.begins_at_end():
        await asyncio.sleep(100)
        assert stopping.left == 10
    await asyncio.sleep(4)
    assert stopping.left == 6
    await asyncio.sleep(7)
    assert stopping.left == 0
