"""Jobs are stored, acknowledged, and worked off once; what fails is repeated."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.domain.errors import NotAccepting, StorageFailed
from bot.domain.jobs import JobKind, StoredJob
from bot.services.inbox import LEASE
from bot.services.job_outcomes import HandBack, Parked, RetryLater
from bot.services.job_scheduler import MAX_WAIT, RETRY_DELAY
from bot.storage.inbox import MAX_ATTEMPTS
from tests.support.job_processes import MAX_AGE, STOP_SECONDS, Do, Processes, job, nothing, settle
from tests.support.virtual_time import in_virtual_time

PRIVATE = "text of a user"


def raising(error: Exception, times: int = 1) -> Do:
    """Return a handler that raises at its first calls."""
    left = times

    async def do(_: StoredJob) -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            raise error

    return do


@in_virtual_time
async def test_accepted_job_is_handled_and_deleted() -> None:
    processes = Processes()
    async with processes.running() as runner:
        assert await runner.accept(job("1"))
        await settle()
    assert processes.handled == ["1"]
    assert processes.inbox.rows == {}


@in_virtual_time
async def test_repeated_delivery_is_not_handled_again() -> None:
    processes = Processes()
    async with processes.running() as runner:
        both = await asyncio.gather(runner.accept(job("1")), runner.accept(job("1")))
        await settle()
        assert not await runner.accept(job("1"))
    async with processes.running() as runner:
        assert not await runner.accept(job("1"))
    assert sorted(both) == [False, True]
    assert processes.handled == ["1"]


@in_virtual_time
async def test_job_that_cannot_be_stored_is_neither_acknowledged_nor_handled() -> None:
    processes = Processes()
    processes.inbox.locked = True

    async def acknowledge() -> bool:
        raise AssertionError("acknowledged")

    async with processes.running() as runner:
        with pytest.raises(StorageFailed):
            await runner.accept(job("1"), acknowledge)
        processes.inbox.locked = False
        await asyncio.sleep(60)
        assert processes.begun == []
        assert await runner.accept(job("1"))


@in_virtual_time
async def test_job_is_stored_then_acknowledged_then_handled() -> None:
    processes = Processes()
    steps: list[str] = []

    async def acknowledge() -> bool:
        steps.append(f"acknowledged, {len(processes.inbox.rows)} stored")
        await asyncio.sleep(1)
        return True

    async def do(_: StoredJob) -> None:
        steps.append("handled")

    processes.do = do
    async with processes.running() as runner:
        await runner.accept(job("1"), acknowledge)
        await settle()
    assert steps == ["acknowledged, 1 stored", "handled"]


@in_virtual_time
async def test_job_of_which_the_chat_did_not_learn_is_dropped() -> None:
    processes = Processes()

    async def acknowledge() -> bool:
        return False

    async with processes.running() as runner:
        await runner.accept(job("1"), acknowledge)
        await asyncio.sleep(60)
    assert processes.begun == []
    assert processes.inbox.rows == {}


@pytest.mark.parametrize("error", [RuntimeError("broken"), asyncio.CancelledError()], ids=repr)
@in_virtual_time
async def test_job_is_handled_if_it_is_unknown_whether_the_chat_learned_of_it(
    error: BaseException,
) -> None:
    processes = Processes()

    async def acknowledge() -> bool:
        raise error

    async with processes.running() as runner:
        with pytest.raises(type(error)):
            await runner.accept(job("1"), acknowledge)
        await settle()
        assert processes.handled == ["1"]


@in_virtual_time
async def test_job_is_handled_if_its_delivery_is_cancelled_while_it_is_stored() -> None:
    processes = Processes()
    async with processes.running() as runner:
        delivery = asyncio.create_task(runner.accept(job("1")))
        await asyncio.sleep(0)
        delivery.cancel()
        await settle()
        assert delivery.cancelled()
        assert processes.handled == ["1"]


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
        await processes.inbox.plan(stored.id, [])
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
        elif not stored.is_released:
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
