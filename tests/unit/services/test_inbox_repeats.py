"""Jobs that fail or wait are repeated, and others go on."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.errors import StorageFailed
from bot.domain.jobs import MAX_ATTEMPTS, JobKind, StoredJob
from bot.services.job_outcomes import HandBack, Parked, RetryLater
from bot.services.job_scheduler import MAX_WAIT, RETRY_DELAY
from tests.support.job_processes import (
    Processes,
    job,
    raising,
    settle,
)
from tests.support.virtual_time import in_virtual_time

PRIVATE = "text of a user"


@in_virtual_time
async def test_job_is_repeated_after_a_failure_of_the_database() -> None:
    processes = Processes()
    processes.do = raising(StorageFailed("locked"), times=2)
    async with processes.running() as runner:
        await runner.accept(job("1"))
        await asyncio.sleep(RETRY_DELAY - 0.5)
        assert processes.begun == ["1"]
        await asyncio.sleep(RETRY_DELAY + 1)
    assert processes.begun == ["1"] * 3
    assert processes.handled == ["1"]


@in_virtual_time
async def test_job_that_fails_each_time_is_given_up() -> None:
    processes = Processes()
    processes.do = raising(StorageFailed("broken"), times=100)
    async with processes.running() as runner:
        await runner.accept(job("1"))
        await asyncio.sleep(RETRY_DELAY * (MAX_ATTEMPTS + 5))
        assert processes.inbox.rows == {}
    assert len(processes.begun) == MAX_ATTEMPTS


@in_virtual_time
async def test_repeated_job_sees_the_plan_that_was_stored_before() -> None:
    processes = Processes()
    plans: list[object] = []

    async def do(stored: StoredJob) -> None:
        plans.append(stored.plan)
        await processes.inbox.plan(stored, [])
        if len(plans) == 1:
            raise StorageFailed("locked")

    processes.do = do
    async with processes.running() as runner:
        await runner.accept(job("1"))
        await asyncio.sleep(RETRY_DELAY + 1)
    assert plans == [None, []]


@in_virtual_time
async def test_job_may_wait_for_another_one() -> None:
    processes = Processes()
    processes.do = raising(RetryLater(3), times=2)
    async with processes.running() as runner:
        await runner.accept(job("1"))
        await asyncio.sleep(2.9)
        assert processes.begun == ["1"]
        await asyncio.sleep(3.2)
    assert processes.begun == ["1"] * 3
    assert processes.handled == ["1"]


@in_virtual_time
async def test_job_that_waits_too_long_is_dropped() -> None:
    processes = Processes()
    processes.do = raising(RetryLater(), times=10_000)
    async with processes.running() as runner:
        await runner.accept(job("1"))
        await asyncio.sleep(MAX_WAIT.total_seconds() + 2)
        attempts = len(processes.begun)
        assert processes.inbox.rows == {}
        await asyncio.sleep(60)
    assert len(processes.begun) == attempts


@in_virtual_time
async def test_job_that_waits_is_not_taken_a_second_time() -> None:
    processes = Processes()
    processes.do = raising(RetryLater(30), times=3)
    async with processes.running() as runner, processes.running():
        await runner.accept(job("1"))
        await asyncio.sleep(100)
    assert processes.begun == ["1"] * 4
    assert processes.handled == ["1"]


@in_virtual_time
async def test_old_job_of_another_process_may_wait_as_long_as_a_new_one() -> None:
    processes = Processes()
    await processes.inbox.add([job("1", kind=JobKind.REACTION)], "ended", timedelta())
    await asyncio.sleep(3600)
    processes.do = raising(RetryLater(), times=30)
    async with processes.running():
        await asyncio.sleep(40)
    assert processes.handled == ["1"]


@in_virtual_time
async def test_job_that_is_handed_back_is_repeated_without_a_limit() -> None:
    processes = Processes()
    processes.do = raising(HandBack(30), times=20)
    async with processes.running() as runner:
        await runner.accept(job("1"))
        await asyncio.sleep(29)
        assert processes.begun == ["1"]
        await asyncio.sleep(20 * 31)
    assert processes.begun == ["1"] * 21
    assert processes.handled == ["1"]


@in_virtual_time
async def test_parked_job_stays_until_it_is_released() -> None:
    processes = Processes()

    async def do(stored: StoredJob) -> None:
        if stored.job.kind is JobKind.RELEASE:
            await processes.inbox.release(stored.job.place)
        elif not stored.released:
            await processes.inbox.park(stored.id)
            raise Parked

    processes.do = do
    async with processes.running() as runner:
        await runner.accept(job("1"))
        await asyncio.sleep(100)
        assert processes.handled == []
        assert len(processes.inbox.rows) == 1
        await runner.accept(job("2", kind=JobKind.RELEASE))
        await settle()
        assert processes.handled == ["2", "1"]
        assert processes.inbox.rows == {}


@in_virtual_time
async def test_unexpected_exception_ends_one_job_and_is_logged_without_its_message(
    caplog: pytest.LogCaptureFixture,
) -> None:
    processes = Processes()

    async def do(stored: StoredJob) -> None:
        if stored.job.id == "1":
            raise RuntimeError(PRIVATE)

    processes.do = do
    async with processes.running() as runner:
        for job_id in ("1", "2"):
            await runner.accept(job(job_id))
        await settle()
    assert processes.handled == ["2"]
    assert processes.inbox.rows == {}
    assert "message 1: failed: RuntimeError" in caplog.text
    assert PRIVATE not in caplog.text
