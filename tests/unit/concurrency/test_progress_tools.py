"""Throttle, and work that ends once nobody wants its result."""

import asyncio

import pytest

from bot.concurrency.throttle import Throttle
from bot.concurrency.wanted_work import NotWanted, while_wanted
from tests.support.virtual_time import in_virtual_time


class Recorder:
    """Records what is passed on and when; each call takes `seconds`."""

    def __init__(self, seconds: float = 0) -> None:
        self.seconds = seconds
        self.calls: list[tuple[float, str]] = []

    async def __call__(self, value: str) -> None:
        self.calls.append((asyncio.get_running_loop().time(), value))
        await asyncio.sleep(self.seconds)


async def put_each_second(throttle: Throttle[str], count: int) -> None:
    for second in range(count):
        throttle.put(f"value {second}")
        await asyncio.sleep(1)


@in_virtual_time
async def test_newest_value_is_passed_on_after_the_delay_and_then_at_intervals() -> None:
    record = Recorder()
    throttle = Throttle(record, delay=1.5, interval=3)
    await put_each_second(throttle, 9)
    await throttle.stop()
    assert record.calls == [(1.5, "value 1"), (4.5, "value 4"), (7.5, "value 7")]


@in_virtual_time
async def test_value_that_comes_after_a_pause_is_passed_on_at_once() -> None:
    record = Recorder()
    throttle = Throttle(record, delay=1, interval=3)
    throttle.put("first")
    throttle.put("first")
    await asyncio.sleep(100)
    throttle.put("second")
    await asyncio.sleep(0)
    await throttle.stop()
    assert record.calls == [(1, "first"), (100, "second")]


@in_virtual_time
async def test_value_that_was_passed_on_is_not_passed_on_again() -> None:
    record = Recorder()
    throttle = Throttle(record, delay=0, interval=1)
    for _ in range(3):
        throttle.put("first")
        await asyncio.sleep(10)
    await throttle.stop()
    assert record.calls == [(0, "first")]


@in_virtual_time
async def test_nothing_is_passed_on_if_it_is_stopped_within_the_delay() -> None:
    record = Recorder()
    throttle = Throttle(record, delay=1, interval=3)
    throttle.put("first")
    await throttle.stop()
    throttle.put("second")
    await asyncio.sleep(100)
    assert record.calls == []


@in_virtual_time
async def test_stop_waits_for_the_call_in_progress() -> None:
    record = Recorder(seconds=10)
    throttle = Throttle(record, delay=0, interval=0)
    throttle.put("first")
    await asyncio.sleep(1)
    throttle.put("second")
    await throttle.stop()
    assert asyncio.get_running_loop().time() == 10
    assert record.calls == [(0, "first")]


@in_virtual_time
async def test_cancel_ends_the_call_in_progress() -> None:
    throttle = Throttle(Recorder(seconds=10), delay=0, interval=0)
    throttle.put("first")
    await asyncio.sleep(1)
    throttle.cancel()
    await throttle.stop()
    assert asyncio.get_running_loop().time() == 1


async def wanted() -> bool:
    return True


@in_virtual_time
async def test_result_of_work_that_is_wanted_is_returned() -> None:
    assert await while_wanted(asyncio.sleep(10, "done"), wanted, 1) == "done"
    assert asyncio.get_running_loop().time() == 10


@in_virtual_time
async def test_error_of_the_work_is_raised() -> None:
    async def fail() -> None:
        await asyncio.sleep(10)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await while_wanted(fail(), wanted, 1)


class Work:
    """Takes a hundred seconds, and one to end when it is cancelled."""

    ended = False

    async def __call__(self) -> None:
        try:
            await asyncio.sleep(100)
        finally:
            await asyncio.sleep(1)
            self.ended = True


@in_virtual_time
async def test_work_that_is_not_wanted_any_more_is_cancelled() -> None:
    work = Work()

    async def for_five_seconds() -> bool:
        return asyncio.get_running_loop().time() < 5

    with pytest.raises(NotWanted):
        await while_wanted(work(), for_five_seconds, 2)
    assert work.ended
    assert asyncio.get_running_loop().time() == 6 + 1


@in_virtual_time
async def test_work_is_cancelled_with_its_caller() -> None:
    work = Work()
    calling = asyncio.create_task(while_wanted(work(), wanted, 1))
    await asyncio.sleep(10)
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    assert work.ended
