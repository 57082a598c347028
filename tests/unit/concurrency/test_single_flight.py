"""Single flight and its cache."""

import asyncio

import pytest

from bot.concurrency.deadline import deadline, remaining
from bot.concurrency.single_flight import SingleFlight


class Work:
    """Counts its calls; waits for `gate`; fails the first `failures` times."""

    def __init__(self, failures: int = 0) -> None:
        self.calls = 0
        self.failures = failures
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self) -> int:
        self.calls += 1
        number = self.calls
        await self.gate.wait()
        if number <= self.failures:
            raise ValueError
        return number


async def test_concurrent_calls_share_one_execution() -> None:
    flight, work = SingleFlight[int](), Work()
    work.gate.clear()
    callers = [asyncio.create_task(flight.get("a", work)) for _ in range(3)]
    await asyncio.sleep(0)
    work.gate.set()
    assert await asyncio.gather(*callers) == [1, 1, 1]


@pytest.mark.parametrize(("cache_size", "calls"), [(0, 2), (1, 1)])
async def test_results_are_cached_only_on_request(cache_size: int, calls: int) -> None:
    flight, work = SingleFlight[int](cache_size), Work()
    await flight.get("a", work)
    await flight.get("a", work)
    assert work.calls == calls


async def test_the_least_recently_used_result_is_evicted() -> None:
    flight, work = SingleFlight[int](2), Work()
    for key in ("a", "b", "a", "c", "a", "b"):
        await flight.get(key, work)
    assert work.calls == 4  # a, b, c, and b again


async def test_that_there_is_nothing_is_a_result_that_is_kept() -> None:
    flight: SingleFlight[int | None] = SingleFlight(1)
    asked = []

    async def nothing() -> None:
        asked.append(1)

    assert await flight.get("a", nothing) is None
    assert await flight.get("a", nothing) is None
    assert "a" in flight
    assert len(asked) == 1


async def test_an_error_reaches_every_caller_and_is_not_cached() -> None:
    flight, work = SingleFlight[int](1), Work(failures=1)
    results = await asyncio.gather(
        flight.get("a", work), flight.get("a", work), return_exceptions=True
    )
    assert [type(result) for result in results] == [ValueError, ValueError]
    assert await flight.get("a", work) == 2


async def test_a_cancelled_caller_does_not_cancel_the_call() -> None:
    flight, work = SingleFlight[int](), Work()
    work.gate.clear()
    first, second = (asyncio.create_task(flight.get("a", work)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    work.gate.set()
    assert await second == 1


async def test_closing_cancels_calls_in_flight() -> None:
    flight, work = SingleFlight[int](), Work()
    work.gate.clear()
    caller = asyncio.create_task(flight.get("a", work))
    await asyncio.sleep(0)
    await flight.close()
    with pytest.raises(asyncio.CancelledError):
        await caller


async def test_a_discarded_result_is_computed_again() -> None:
    flight, work = SingleFlight[int](1), Work()
    await flight.get("a", work)
    flight.discard("a")
    assert await flight.get("a", work) == 2


async def test_the_deadline_of_the_first_caller_is_not_that_of_the_others() -> None:
    flight: SingleFlight[float] = SingleFlight()

    async def seconds_left() -> float:
        await asyncio.sleep(0)
        return remaining(default=100.0)

    async def in_a_hurry() -> float:
        async with deadline(0.5):
            return await flight.get("key", seconds_left)

    left = await asyncio.gather(in_a_hurry(), flight.get("key", seconds_left))
    assert list(left) == [100.0, 100.0]


async def test_joining_starts_no_call_and_cancels_none() -> None:
    flight, work = SingleFlight[int](1), Work()
    assert await flight.join("a") is None
    work.gate.clear()
    call = asyncio.create_task(flight.get("a", work))
    await asyncio.sleep(0)
    joined, left = asyncio.create_task(flight.join("a")), asyncio.create_task(flight.join("a"))
    await asyncio.sleep(0)
    left.cancel()
    work.gate.set()
    assert await call == await joined == await flight.join("a") == 1
    assert work.calls == 1
