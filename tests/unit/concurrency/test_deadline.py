"""A deadline ends its block in time, and the code in it knows how long it has."""

import asyncio

import pytest

from bot.concurrency.deadline import deadline, remaining
from tests.support.virtual_time import in_virtual_time


@in_virtual_time
async def test_block_ends_at_its_deadline() -> None:
    with pytest.raises(TimeoutError):
        async with deadline(5):
            await asyncio.sleep(6)
    assert asyncio.get_running_loop().time() == pytest.approx(5)


@in_virtual_time
async def test_remaining_time_is_known_in_the_block_and_its_tasks() -> None:
    assert remaining(3) == 3
    async with deadline(10):
        await asyncio.sleep(4)
        assert remaining(3) == pytest.approx(6)
        assert await asyncio.create_task(_remaining()) == pytest.approx(6)
    assert remaining(3) == 3


@in_virtual_time
async def test_inner_deadline_does_not_outlast_the_outer_one() -> None:
    async with deadline(10):
        async with deadline(20):
            assert remaining(3) == pytest.approx(10)
        async with deadline(2):
            assert remaining(3) == pytest.approx(2)
        assert remaining(3) == pytest.approx(10)


async def _remaining() -> float:
    return remaining(3)
