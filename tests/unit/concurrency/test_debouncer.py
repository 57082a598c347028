"""Debouncer, keyed locks, task tracker and back-off."""

import asyncio

from bot.concurrency.backoff import Backoff
from bot.concurrency.debouncer import Debouncer
from bot.concurrency.keyed_locks import KeyedLocks
from bot.concurrency.task_tracker import TaskTracker


async def test_work_for_a_key_runs_once_however_often_it_is_scheduled() -> None:
    done: list[str] = []
    finished = asyncio.Event()
    debouncer = Debouncer(0)

    async def work(key: str) -> None:
        done.append(key)
        if len(done) == 2:
            finished.set()

    for key in ("a", "a", "b", "a"):
        debouncer.schedule(key, lambda key=key: work(key))  # type: ignore[misc]  # bound now
    await asyncio.wait_for(finished.wait(), 5)
    await debouncer.close()
    assert sorted(done) == ["a", "b"]


async def test_closing_drops_scheduled_work() -> None:
    debouncer = Debouncer(3600)
    ran = False

    async def work() -> None:
        nonlocal ran
        ran = True

    debouncer.schedule("a", work)
    await debouncer.close()
    assert not ran


async def test_one_lock_for_each_key_and_none_are_kept() -> None:
    locks = KeyedLocks()
    assert locks.of("a") is not locks.of("b")
    async with locks.of("a"):
        assert locks.of("a").locked()
    assert not locks._locks


async def test_waiting_for_tracked_tasks_is_bounded() -> None:
    tracker, release = TaskTracker(), asyncio.Event()

    async def handle() -> None:
        tracker.track_current()
        await release.wait()

    task = asyncio.create_task(handle())
    await asyncio.sleep(0)
    await tracker.wait(0)
    assert not task.done()
    release.set()
    await tracker.wait(5)
    assert task.done()


def test_delays_double_up_to_the_maximum_and_start_again_after_a_success() -> None:
    backoff = Backoff(2, 10)
    assert [backoff.next_delay() for _ in range(4)] == [2, 4, 8, 10]
    backoff.reset()
    assert backoff.next_delay() == 2
