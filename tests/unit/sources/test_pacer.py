"""The pacer keeps a host's limits, and refuses callers that would wait too long."""

import asyncio

import pytest

from bot.concurrency.deadline import deadline
from bot.domain.errors import Unavailable
from bot.sources.limits import MAX_WAIT, Limits
from bot.sources.pacer import MARGIN, Pacer
from tests.support.virtual_time import in_virtual_time


def clock() -> float:
    return asyncio.get_running_loop().time()


class Host:
    """Records when calls start and how many run at a time; each takes `duration` seconds."""

    def __init__(self, limits: Limits, duration: float = 0.1) -> None:
        self.pacer = Pacer("host", limits, clock)
        self.duration = duration
        self.starts: list[float] = []
        self.running = self.most = 0

    async def call(self) -> None:
        async with self.pacer.turn():
            self.starts.append(clock())
            self.running += 1
            self.most = max(self.most, self.running)
            await asyncio.sleep(self.duration)
            self.running -= 1

    async def calls(self, count: int) -> list[BaseException]:
        """Call at the same time; return the errors."""
        tasks = [asyncio.create_task(self.call()) for _ in range(count)]
        results = await asyncio.gather(*tasks, return_exceptions=True)
        return [result for result in results if result is not None]


@in_virtual_time
async def test_no_window_has_more_calls_than_allowed() -> None:
    host = Host(Limits(50, 5.0))
    async with deadline(60):
        assert await host.calls(160) == []
    assert len(host.starts) == 160
    for first, beyond in zip(host.starts, host.starts[50:], strict=False):
        assert beyond - first >= 5.0
    assert host.starts[-1] <= 3 * (5.0 + MARGIN) + 0.01, "no slower than the limit demands"


@in_virtual_time
async def test_caller_that_would_wait_too_long_is_refused_at_once() -> None:
    host = Host(Limits(1, 1.0))
    errors = await host.calls(10)
    assert len(host.starts) == 3
    assert len(errors) == 7
    assert all(isinstance(error, Unavailable) for error in errors)


@in_virtual_time
async def test_refused_callers_do_not_wait() -> None:
    host = Host(Limits(1, 100.0))
    await host.call()
    before = clock()
    with pytest.raises(Unavailable) as raised:
        await host.call()
    assert clock() == before
    assert raised.value.retry_after == pytest.approx(100, abs=1)


@in_virtual_time
async def test_deadline_of_the_caller_counts() -> None:
    host = Host(Limits(1, 10.0))
    async with deadline(100):
        assert await host.calls(5) == []
    with pytest.raises(Unavailable):
        async with deadline(1):
            await host.call()


@in_virtual_time
async def test_turn_of_a_cancelled_caller_is_free_again() -> None:
    host = Host(Limits(1, 1.0))
    await host.call()
    waiting = asyncio.create_task(host.call())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await host.call()
    assert host.starts[1] == pytest.approx(1 + MARGIN, abs=0.01)


@in_virtual_time
async def test_calls_run_one_after_another_with_a_pause_between() -> None:
    host = Host(Limits(concurrent=1, pause=0.12), duration=0.5)
    assert await host.calls(5) == []
    assert host.most == 1
    ends = [start + 0.5 for start in host.starts]
    gaps = [after - end for end, after in zip(ends, host.starts[1:], strict=False)]
    assert gaps == [pytest.approx(0.12)] * 4


@in_virtual_time
async def test_no_queue_grows_before_a_slow_host() -> None:
    host = Host(Limits(concurrent=1), duration=2.0)
    await host.call()
    before = clock()
    errors = await host.calls(20)
    assert 1 <= 20 - len(errors) <= 3
    assert clock() - before <= MAX_WAIT + host.duration


@in_virtual_time
async def test_call_that_ends_with_an_error_frees_its_slot() -> None:
    host = Host(Limits(concurrent=1))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with host.pacer.turn():
                raise ZeroDivisionError
    await host.call()


@in_virtual_time
async def test_held_calls_wait_as_long_as_the_service_said() -> None:
    host = Host(Limits())
    host.pacer.hold(2.0)
    await host.call()
    assert host.starts == [2.0]
    host.pacer.hold(60.0)
    with pytest.raises(Unavailable):
        await host.call()
