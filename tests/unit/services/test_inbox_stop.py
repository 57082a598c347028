"""Leases, stopping, and jobs of processes that ended."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.domain.errors import NotAccepting
from bot.domain.jobs import JobKind, StoredJob
from bot.services.job_runner import LEASE, RENEW_INTERVAL
from tests.support.job_processes import (
    MAX_AGE,
    STOP_SECONDS,
    Processes,
    job,
    nothing,
    settle,
)
from tests.support.virtual_time import in_virtual_time

PRIVATE = "text of a user"


@in_virtual_time
async def test_finished_job_is_deleted_as_soon_as_the_database_works() -> None:
    processes = Processes()

    async def do(_: StoredJob) -> None:
        processes.inbox.locked = True

    processes.do = do
    async with processes.running() as runner:
        await runner.accept(job("1"))
        await asyncio.sleep(LEASE.total_seconds() / 2)
        assert len(processes.inbox.rows) == 1
        processes.inbox.locked = False
        await asyncio.sleep(20)
        assert processes.inbox.rows == {}
    assert processes.begun == ["1"]


@in_virtual_time
async def test_job_is_handled_once_although_the_database_fails_for_longer_than_its_lease() -> None:
    processes = Processes()

    async def do(_: StoredJob) -> None:
        processes.inbox.locked = True
        await asyncio.sleep(LEASE.total_seconds() * 2)
        processes.inbox.locked = False
        await asyncio.sleep(LEASE.total_seconds() * 2)

    processes.do = do
    async with processes.running() as runner:
        await runner.accept(job("1"))
        await asyncio.sleep(LEASE.total_seconds() * 5)
    assert processes.begun == ["1"]
    assert processes.handled == ["1"]


@in_virtual_time
async def test_job_in_progress_whose_lease_has_passed_is_not_begun_again() -> None:
    processes = Processes()

    async def do(_: StoredJob) -> None:
        await asyncio.sleep(5)

    processes.do = do
    async with processes.running() as runner:
        await runner.accept(job("1"))
        await settle()
        (row,) = processes.inbox.rows.values()
        row.lease_until = None
        await runner.take_over()
        await asyncio.sleep(6)
    assert processes.begun == ["1"]


@in_virtual_time
async def test_upkeep_goes_on_after_an_unexpected_exception(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    processes = Processes()
    await processes.inbox.add([job("1")], "ended", timedelta())

    async def broken(*_: object, **__: object) -> None:
        raise KeyError(PRIVATE)

    async with processes.running():
        with monkeypatch.context() as patched:
            patched.setattr(processes.inbox, "claim", broken)
            await asyncio.sleep(30)
        await asyncio.sleep(30)
    assert processes.handled == ["1"]
    assert "KeyError" in caplog.text
    assert PRIVATE not in caplog.text


@in_virtual_time
async def test_old_messages_are_deleted_and_counted_but_votes_are_worked_off(
    caplog: pytest.LogCaptureFixture,
) -> None:
    processes = Processes()
    kinds = (JobKind.MESSAGE, JobKind.REACTION, JobKind.COMMAND)
    jobs = [job(str(number), kind=kind) for number, kind in enumerate(kinds, start=1)]
    await processes.inbox.add(jobs, "ended", timedelta())
    await asyncio.sleep((MAX_AGE + timedelta(minutes=1)).total_seconds())
    with caplog.at_level(logging.WARNING):
        async with processes.running():
            await asyncio.sleep(5)
    assert processes.handled == ["2"]
    assert "2 deliveries were too old to be answered" in caplog.text


@in_virtual_time
async def test_stopping_waits_for_jobs_in_progress_and_accepts_nothing_more() -> None:
    processes = Processes()

    async def do(_: StoredJob) -> None:
        await asyncio.sleep(STOP_SECONDS - 1)

    processes.do = do
    runner = processes.open().runner
    runner.start()
    await runner.accept(job("1"))
    await settle()
    stopping = asyncio.create_task(runner.stop(STOP_SECONDS))
    await settle()
    with pytest.raises(NotAccepting):
        await runner.accept(job("2"))
    await stopping
    assert processes.handled == ["1"]
    assert processes.inbox.rows == {}


@in_virtual_time
async def test_jobs_that_are_left_when_a_process_stops_are_free_at_once() -> None:
    processes = Processes()

    async def do(_: StoredJob) -> None:
        await asyncio.sleep(3600)

    processes.do = do
    runner = processes.open().runner
    runner.start()
    for number in range(50):
        await runner.accept(job(str(number)))
    await settle()
    started = asyncio.get_running_loop().time()
    await runner.stop(STOP_SECONDS)
    assert asyncio.get_running_loop().time() - started < STOP_SECONDS + 1
    assert len(processes.inbox.rows) == 50
    assert {row.owner for row in processes.inbox.rows.values()} == {None}
    assert {row.stored.attempts for row in processes.inbox.rows.values()} == {0}


@in_virtual_time
async def test_jobs_claimed_while_a_process_stops_are_free_at_once() -> None:
    processes = Processes()
    claim = processes.inbox.claim

    async def slow_claim(*arguments: object, **options: object) -> object:
        await asyncio.sleep(1)
        return await claim(*arguments, **options)  # type: ignore[arg-type]

    await processes.inbox.add([job("1")], "gone", timedelta())
    await settle()
    processes.inbox.claim = slow_claim  # type: ignore[method-assign, assignment]
    runner = processes.open().runner
    runner.start()
    await settle()
    await runner.stop(STOP_SECONDS)
    await asyncio.sleep(2)
    assert [row.owner for row in processes.inbox.rows.values()] == ["gone"]


@in_virtual_time
async def test_stopping_ends_although_the_database_fails() -> None:
    processes = Processes()

    async def do(_: StoredJob) -> None:
        processes.inbox.locked = True

    processes.do = do
    runner = processes.open().runner
    runner.start()
    await runner.accept(job("1"))
    await settle()
    await asyncio.wait_for(runner.stop(STOP_SECONDS), STOP_SECONDS + 1)
    assert len(processes.inbox.rows) == 1


@in_virtual_time
async def test_job_of_a_killed_process_is_taken_over_after_its_lease() -> None:
    processes = Processes()

    async def do(_: StoredJob) -> None:
        await asyncio.sleep(3600)

    processes.do = do
    first = processes.open()
    first.runner.start()
    await first.runner.accept(job("1"))
    await asyncio.sleep(100)
    async with processes.running():
        await asyncio.sleep(100)
        assert processes.begun == ["1"]
        first.kill()
        processes.do = nothing
        await asyncio.sleep(LEASE.total_seconds() + 2)
        assert processes.handled == ["1"]


@in_virtual_time
async def test_process_that_lost_its_leases_leaves_its_jobs_to_the_other_one() -> None:
    processes = Processes()

    async def an_hour(_: StoredJob) -> None:
        await asyncio.sleep(3600)

    processes.do = an_hour
    async with processes.running() as first:
        for number in range(20):  # more than are worked off at once
            await first.accept(job(str(number)))
        await settle()
        processes.inbox.locked = True  # for the first one: the second one does not exist yet
        await asyncio.sleep(LEASE.total_seconds() + 1)
        processes.inbox.locked = False
        processes.do = nothing
        async with processes.running() as second:
            await second.take_over()
            await asyncio.sleep(3 * RENEW_INTERVAL)
            assert sorted(processes.handled) == sorted(map(str, range(20)))
            await asyncio.sleep(3600)
    assert max(processes.counts.values()) == 1
