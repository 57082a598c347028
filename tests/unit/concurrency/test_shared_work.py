import asyncio

import pytest

from bot.concurrency.deadline import deadline, remaining
from bot.concurrency.shared_work import Report, SharedWork
from tests.support.virtual_time import in_virtual_time


class Countdown:
    """Work of `steps` seconds that reports each of them."""

    def __init__(self, steps: int = 3) -> None:
        self.steps = steps
        self.started = 0
        self.cancelled = 0
        self.error: Exception | None = None

    async def __call__(self, report: Report) -> str:
        self.started += 1
        try:
            for step in range(self.steps):
                report(step, self.steps)
                await asyncio.sleep(1)
            if self.error:
                raise self.error
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return "done"


class Follower:
    """Keeps what it was told; takes `seconds` for each."""

    def __init__(self, seconds: float = 0) -> None:
        self.seconds = seconds
        self.told: list[tuple[int, int]] = []

    async def __call__(self, done: int, total: int) -> None:
        self.told.append((done, total))
        await asyncio.sleep(self.seconds)


@in_virtual_time
async def test_concurrent_callers_share_the_work_and_each_is_told_how_far_it_is() -> None:
    shared, work = SharedWork[str](), Countdown()
    first, second = Follower(), Follower()
    early = asyncio.create_task(shared.get("a", work, first))
    await asyncio.sleep(1.5)
    late = asyncio.create_task(shared.get("a", work, second))
    assert list(await asyncio.gather(early, late)) == ["done", "done"]
    assert work.started == 1
    assert first.told == [(0, 3), (1, 3), (2, 3)]
    assert second.told == [(1, 3), (2, 3)]


@in_virtual_time
async def test_slow_follower_is_told_the_latest_only_and_delays_no_work() -> None:
    shared, slow = SharedWork[str](), Follower(seconds=2.6)
    assert await shared.get("a", Countdown(6), slow) == "done"
    assert slow.told == [(0, 6), (2, 6), (5, 6)]
    assert asyncio.get_running_loop().time() == pytest.approx(7.8)


@in_virtual_time
async def test_other_keys_and_later_calls_are_work_of_their_own() -> None:
    shared, work = SharedWork[str](), Countdown()
    await asyncio.gather(shared.get("a", work), shared.get("b", work))
    await shared.get("a", work)
    assert work.started == 3


@pytest.mark.parametrize("follow", [Follower(), None])
@in_virtual_time
async def test_work_goes_on_for_the_callers_that_stay(follow: Follower | None) -> None:
    shared, work = SharedWork[str](), Countdown()
    leaving, staying = [asyncio.create_task(shared.get("a", work, follow)) for _ in range(2)]
    await asyncio.sleep(0.5)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert await staying == "done"
    assert not work.cancelled


@in_virtual_time
async def test_work_ends_when_its_last_caller_is_cancelled() -> None:
    shared, work = SharedWork[str](), Countdown()
    callers = [asyncio.create_task(shared.get("a", work, Follower())) for _ in range(2)]
    await asyncio.sleep(0.5)
    for caller in callers:
        caller.cancel()
    await asyncio.wait(callers)
    assert work.cancelled == 1
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert await shared.get("a", work) == "done"


@in_virtual_time
async def test_errors_of_the_work_reach_all_callers() -> None:
    shared, work = SharedWork[str](), Countdown()
    work.error = ValueError("broken")
    results = await asyncio.gather(
        shared.get("a", work, Follower()), shared.get("a", work), return_exceptions=True
    )
    assert list(results) == [work.error] * 2


@in_virtual_time
async def test_error_of_a_follower_reaches_its_caller_only() -> None:
    async def fail(done: int, total: int) -> None:
        raise ValueError(f"{done} of {total}")

    shared, work = SharedWork[str](), Countdown()
    results = await asyncio.gather(
        shared.get("a", work, fail), shared.get("a", work), return_exceptions=True
    )
    assert isinstance(results[0], ValueError)
    assert results[1] == "done"


@in_virtual_time
async def test_deadline_of_the_first_caller_is_not_that_of_the_work() -> None:
    async def look(report: Report) -> str:
        report(0, 1)
        await asyncio.sleep(1)
        return f"{remaining(60):g} s"

    shared = SharedWork[str]()
    async with deadline(5):
        assert await shared.get("a", look) == "60 s"
