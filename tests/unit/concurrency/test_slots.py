"""Slots: how much is worked on at once, how much waits, and how long."""

import asyncio

import pytest

from bot.concurrency.slots import NoSlot, Slots
from tests.support.virtual_time import in_virtual_time


class Work:
    """Tasks that have or wait for a slot.

    Attributes:
        order: Numbers of the tasks in the order in which they got a slot.
    """

    def __init__(self, slots: Slots) -> None:
        self.order: list[int] = []
        self.may_end = asyncio.Event()
        self._slots = slots

    def start(self, number: int) -> asyncio.Task[None]:
        return asyncio.create_task(self._run(number))

    async def _run(self, number: int) -> None:
        async with self._slots.take():
            self.order.append(number)
            await self.may_end.wait()


async def settle() -> None:
    """Let all tasks run until they wait."""
    for _ in range(10):
        await asyncio.sleep(0)


@in_virtual_time
async def test_callers_wait_in_order() -> None:
    slots = Slots(2, waiting=10, seconds=1)
    work = Work(slots)
    tasks = [work.start(number) for number in range(5)]
    await settle()
    assert (work.order, slots.waiting) == ([0, 1], 3)
    work.may_end.set()
    await asyncio.gather(*tasks)
    assert (work.order, slots.waiting) == ([0, 1, 2, 3, 4], 0)


@in_virtual_time
async def test_caller_beyond_those_that_may_wait_is_refused_at_once() -> None:
    slots = Slots(1, waiting=1, seconds=1)
    work = Work(slots)
    tasks = [work.start(number) for number in range(2)]
    await settle()
    with pytest.raises(NoSlot):
        async with slots.take():
            pass
    work.may_end.set()
    await asyncio.gather(*tasks)
    async with slots.take():
        pass


@in_virtual_time
async def test_caller_waits_a_limited_time() -> None:
    slots = Slots(1, waiting=1, seconds=30)
    work = Work(slots)
    task = work.start(0)
    await settle()
    with pytest.raises(NoSlot):
        async with slots.take():
            pass
    assert asyncio.get_running_loop().time() == 30
    assert slots.waiting == 0
    work.may_end.set()
    await task


@in_virtual_time
async def test_work_that_times_out_is_no_missing_slot() -> None:
    with pytest.raises(TimeoutError):
        async with Slots(1, waiting=1, seconds=30).take():
            raise TimeoutError


@in_virtual_time
async def test_caller_that_is_cancelled_frees_its_place() -> None:
    slots = Slots(1, waiting=1, seconds=30)
    work = Work(slots)
    first, second = (work.start(number) for number in range(2))
    await settle()
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    assert slots.waiting == 0
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    async with slots.take():
        pass
