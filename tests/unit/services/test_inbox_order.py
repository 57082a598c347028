"""Jobs in large numbers: fairness, order, what does not fit into memory, and kills."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import StorageFailed
from bot.domain.jobs import StoredJob
from bot.services.job_outcomes import RetryLater
from bot.services.job_scheduler import (
    MAX_CONCURRENT,
    MAX_CONCURRENT_OF_WORKSPACE,
    QUEUE_SIZE,
    RETRY_DELAY,
    WORKSPACE_QUEUE_SIZE,
)
from tests.support.job_processes import Process, Processes, job, settle
from tests.support.virtual_time import in_virtual_time


async def a_second(_: StoredJob) -> None:
    await asyncio.sleep(1)


@in_virtual_time
async def test_jobs_of_one_order_are_handled_one_after_another() -> None:
    processes = Processes()
    running = 0

    async def do(_: StoredJob) -> None:
        nonlocal running
        running += 1
        assert running == 1
        await asyncio.sleep(random.random())  # noqa: S311 - no secret
        running -= 1

    processes.do = do
    async with processes.running() as runner:
        for number in range(20):
            await runner.accept(job(str(number), order="card/ann"))
        await asyncio.sleep(30)
    assert processes.handled == [str(number) for number in range(20)]


@in_virtual_time
async def test_jobs_of_one_order_do_not_delay_others_of_their_workspace() -> None:
    processes = Processes()
    processes.do = a_second
    async with processes.running() as runner:
        for number in range(50):
            await runner.accept(job(f"ann {number}", order="card/ann"))
        await runner.accept(job("bob", order="card/bob"))
        await settle()
        assert processes.begun == ["ann 0", "bob"]


@pytest.mark.parametrize("error", [RetryLater(1), StorageFailed("locked")], ids=repr)
@in_virtual_time
async def test_order_holds_although_the_first_job_is_repeated(error: Exception) -> None:
    processes = Processes()
    failed = False

    async def do(stored: StoredJob) -> None:
        nonlocal failed
        if stored.job.id == "vote" and not failed:
            failed = True
            raise error

    processes.do = do
    async with processes.running() as runner:
        await runner.accept(job("vote", order="card/ann"))
        await settle()
        await runner.accept(job("withdrawal", order="card/ann"))
        await asyncio.sleep(RETRY_DELAY + 2)
    assert processes.handled == ["vote", "withdrawal"]


@in_virtual_time
async def test_concurrency_is_limited_in_total_and_for_each_workspace() -> None:
    processes = Processes()
    running: Counter[str] = Counter()
    most_in_total = most_of_one = 0

    async def do(stored: StoredJob) -> None:
        nonlocal most_in_total, most_of_one
        workspace = stored.job.place.workspace
        running[workspace] += 1
        most_in_total = max(most_in_total, running.total())
        most_of_one = max(most_of_one, running[workspace])
        await asyncio.sleep(1)
        running[workspace] -= 1

    processes.do = do
    async with processes.running() as runner:
        for number in range(200):
            await runner.accept(job(str(number), workspace=str(max(0, number // 10 - 10))))
        await asyncio.sleep(60)
    assert (most_in_total, most_of_one) == (MAX_CONCURRENT, MAX_CONCURRENT_OF_WORKSPACE)
    assert len(processes.handled) == 200


@in_virtual_time
async def test_many_jobs_of_one_workspace_do_not_delay_another_one() -> None:
    processes = Processes()
    processes.do = a_second
    async with processes.running() as runner:
        await asyncio.gather(*(runner.accept(job(f"busy {n}", "busy")) for n in range(1000)))
        await settle()
        await runner.accept(job("quiet", "quiet"))
        await settle()
        assert "quiet" in processes.begun


@in_virtual_time
async def test_jobs_beyond_the_memory_wait_in_the_database_and_all_are_handled_once() -> None:
    processes = Processes()
    processes.do = a_second
    expected = [f"{workspace} {n}" for n in range(500) for workspace in "abcd"]
    async with processes.running() as runner:
        for name in expected:
            await runner.accept(job(name, workspace=name[0]))
        assert sum(row.owner is None for row in processes.inbox.rows.values()) > 500
        await asyncio.sleep(120)
        assert processes.inbox.rows == {}
    assert processes.counts == Counter(expected)


@in_virtual_time
async def test_jobs_beyond_the_memory_keep_their_order() -> None:
    processes = Processes()

    async def do(_: StoredJob) -> None:
        await asyncio.sleep(0.1)

    processes.do = do
    count = WORKSPACE_QUEUE_SIZE * 2
    async with processes.running() as runner:
        for number in range(count):
            await runner.accept(job(str(number)))
        for number in range(count, count + 100):
            await asyncio.sleep(0.05)
            await runner.accept(job(str(number)))
        await asyncio.sleep(60)
    late = [position - int(name) for position, name in enumerate(processes.begun)]
    assert len(processes.begun) == count + 100
    assert max(map(abs, late)) < MAX_CONCURRENT


@in_virtual_time
async def test_jobs_that_wait_in_the_database_are_not_moved_with_each_one_that_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    processes = Processes()
    claim, moved = processes.inbox.claim, 0

    async def counted(*arguments: Any) -> Sequence[StoredJob]:
        nonlocal moved
        jobs = await claim(*arguments)
        moved += len(jobs)
        return jobs

    async def do(_: StoredJob) -> None:
        await asyncio.sleep(random.random() / 100)  # noqa: S311 - no secret

    monkeypatch.setattr(processes.inbox, "claim", counted)
    processes.do = do
    async with processes.running() as runner:
        await asyncio.gather(*(runner.accept(job(str(n))) for n in range(1000)))
        await asyncio.sleep(20)
        assert len(processes.handled) == 1000
    assert moved < 3 * 1000


@in_virtual_time
async def test_memory_is_bounded() -> None:
    processes = Processes()

    async def do(_: StoredJob) -> None:
        raise RetryLater(60)

    processes.do = do
    async with processes.running() as runner:
        for n in range(3 * QUEUE_SIZE):
            await runner.accept(job(str(n), workspace=str(n % 100)))
            await asyncio.sleep(0.01)
        in_memory = sum(row.owner is not None for row in processes.inbox.rows.values())
        assert in_memory <= QUEUE_SIZE + MAX_CONCURRENT


@settings(max_examples=25)
@given(st.integers(), st.booleans())
def test_each_job_is_handled_at_least_once_and_without_kills_exactly_once(
    seed: int,
    kills: bool,  # noqa: FBT001 - hypothesis gives it
) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret

    @in_virtual_time
    async def run() -> None:
        processes = Processes()

        async def do(_: StoredJob) -> None:
            await asyncio.sleep(dice.choice([0, 0.01, 1, 5]))
            if dice.random() < 0.1:
                raise dice.choice([RetryLater(), StorageFailed("locked")])

        processes.do = do
        running: list[Process] = []
        expected = [f"{dice.choice('abc')} {number}" for number in range(100)]
        for name in expected:
            while len(running) < 2:
                process = processes.open()
                process.runner.start()
                running.append(process)
            process = dice.choice(running)
            order = dice.choice([None, name[0]])
            await process.runner.accept(job(name, workspace=name[0], order=order))
            await asyncio.sleep(dice.choice([0, 0, 0.5, 20]))
            processes.inbox.locked = False
            if dice.random() < 0.1:
                running.remove(process)
                if kills:
                    process.kill()
                else:
                    await process.runner.stop(60)
        for process in running:
            process.kill() if kills else await process.runner.stop(60)
        async with processes.running():
            await asyncio.sleep(900)
            assert processes.inbox.rows == {}
        assert set(processes.counts) == set(expected)
        if not kills:
            assert set(processes.counts.values()) == {1}

    run()
