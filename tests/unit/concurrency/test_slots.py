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

    def start(self, number: int, group: str = "") -> asyncio.Task[None]:
        return asyncio.create_task(self._run(number, group))

    async def _run(self, number: int, group: str) -> None:
        async with self._slots.take(group):
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


@in_virtual_time
async def test_group_has_few_slots_at_once_and_leaves_the_others_theirs() -> None:
    slots = Slots(3, waiting=9, seconds=30, per_group=2)
    work = Work(slots)
    tasks = [work.start(number, "many") for number in range(4)]
    await settle()
    assert (work.order, slots.waiting) == ([0, 1], 2)
    tasks.append(work.start(9, "one"))
    await settle()
    assert (work.order, slots.waiting) == ([0, 1, 9], 2)
    work.may_end.set()
    await asyncio.gather(*tasks)
    assert (work.order, slots.waiting) == ([0, 1, 9, 2, 3], 0)


@in_virtual_time
async def test_groups_that_wait_have_their_turns() -> None:
    slots = Slots(1, waiting=9, seconds=30)
    work = Work(slots)
    tasks = [work.start(number, "many") for number in range(4)]
    tasks.append(work.start(9, "one"))
    await settle()
    work.may_end.set()
    await asyncio.gather(*tasks)
    assert work.order.index(9) == 2  # behind the one that began and the one that waited longest


@in_virtual_time
async def test_slot_that_comes_in_the_moment_of_a_cancellation_is_free_again() -> None:
    slots = Slots(1, waiting=9, seconds=30)
    work = Work(slots)
    first, second = (work.start(number) for number in range(2))
    await settle()
    first.cancel()
    await asyncio.sleep(0)  # the slot is given to the second one, which does not run yet
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    async with slots.take():
        assert (work.order, slots.waiting) == ([0], 0)
