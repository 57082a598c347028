"""Which process retrains the model, and what is stored of it."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.domain.leases import RETRAINING
from bot.domain.trainings import Cause, TrainingState
from bot.services import retraining
from bot.texts import retraining as words
from tests.support.retraining_bench import (
    BUSY,
    DAY,
    FAILED,
    HOUR,
    MINUTE,
    MODEL,
    PROMOTED,
    UNCHANGED,
    Bench,
    FakeTrainer,
    run_for,
)
from tests.support.virtual_time import in_virtual_time, virtual_now


@in_virtual_time
async def test_one_of_two_processes_trains() -> None:
    bench = Bench(daily=True)
    other = FakeTrainer()
    bench.trainer.takes = other.takes = HOUR
    async with bench.process("there", other).running():
        await run_for(bench.service, DAY + 2 * HOUR)
    assert len(bench.trainer.started) + len(other.started) == 1


@in_virtual_time
async def test_process_that_looked_before_another_one_trained_does_not_train_again() -> None:
    bench = Bench(after=1)
    bench.trainings.agreed = 1
    take = bench.leases.take

    async def take_late(name: str, owner: str, length: timedelta) -> bool:
        bench.trainings.agreed = 0  # another process trained between the look and the lease
        return await take(name, owner, length)

    bench.leases.take = take_late  # type: ignore[method-assign]
    assert await bench.service.train_if_due() is None
    assert bench.trainer.started == []
    assert bench.leases.held == {}


@in_virtual_time
async def test_lease_is_renewed_while_a_training_runs() -> None:
    bench = Bench(daily=True)
    bench.trainer.takes = 6 * HOUR
    async with bench.service.running():
        await asyncio.sleep((DAY + 5 * HOUR).total_seconds())
        assert not await bench.leases.take(RETRAINING, "there", retraining.LEASE)
        await asyncio.sleep((2 * HOUR).total_seconds())
        assert await bench.leases.take(RETRAINING, "there", retraining.LEASE)
    assert bench.results() == [(Cause.TIME, PROMOTED)]


@in_virtual_time
async def test_training_ends_when_another_process_took_the_lease() -> None:
    bench = Bench(after=1)
    bench.trainer.takes = DAY

    async def taken() -> None:
        bench.trainings.agreed = 0
        bench.leases.held[RETRAINING] = ("there", virtual_now() + DAY)

    bench.trainer.on_start = taken
    bench.trainings.agreed = 1
    await run_for(bench.service, HOUR)
    assert bench.trainer.ended == 1
    ((_, result),) = bench.results()
    assert result
    assert (result.state, result.reasons) == (TrainingState.FAILED, (words.LEASE_LOST,))
    assert bench.leases.held[RETRAINING][0] == "there"


@in_virtual_time
async def test_training_ends_when_the_database_is_away_for_longer_than_the_lease() -> None:
    bench = Bench(after=1)
    bench.trainer.takes = DAY

    async def broken() -> None:
        bench.leases.broken = True

    bench.trainer.on_start = broken
    bench.trainings.agreed = 1
    task = asyncio.create_task(bench.service.train_if_due())
    await asyncio.sleep(retraining.LEASE.total_seconds() - 1)
    assert bench.trainer.ended == 0
    await asyncio.sleep(retraining.RENEWAL.total_seconds() + 2)
    assert bench.trainer.ended == 1
    run = await task
    assert run
    assert run.result
    assert run.result.reasons == (words.LEASE_LOST,)


@in_virtual_time
async def test_result_is_stored_although_the_database_fails_for_a_while() -> None:
    bench = Bench(after=1)
    bench.trainer.takes = MINUTE

    async def broken() -> None:
        bench.trainings.broken = True

    bench.trainer.on_start = broken
    bench.trainings.agreed = 1
    task = asyncio.create_task(bench.service.train_if_due())
    await asyncio.sleep((5 * MINUTE).total_seconds())
    bench.trainings.broken = False
    await task
    assert bench.results() == [(Cause.CORRECTIONS, PROMOTED)]


@in_virtual_time
async def test_database_that_fails_does_not_end_the_schedule(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = Bench(after=1)
    bench.trainings.agreed = 1
    bench.trainings.broken = True
    async with bench.service.running():
        await asyncio.sleep((3 * MINUTE).total_seconds())
        bench.trainings.broken = False
        await asyncio.sleep((2 * MINUTE).total_seconds())
    assert bench.trainer.started
    assert words.store_failed("the database is broken") in caplog.messages


@in_virtual_time
async def test_training_ends_with_the_bot_and_says_so() -> None:
    bench = Bench(after=1)
    bench.trainings.agreed = 1
    bench.trainer.takes = DAY
    await run_for(bench.service, HOUR)
    assert bench.trainer.ended == 1
    ((_, result),) = bench.results()
    assert result
    assert result.reasons == (words.STOPPED,)
    assert bench.leases.held == {}
    assert bench.trainings.announced == {1}, "the operator stopped the bot"


@in_virtual_time
async def test_bot_stops_although_the_database_fails() -> None:
    bench = Bench(after=1)
    bench.trainings.agreed = 1
    bench.trainer.takes = DAY
    async with bench.service.running():
        await asyncio.sleep(HOUR.total_seconds())
        bench.trainings.broken = bench.leases.broken = True
        stopped = virtual_now()
    assert (virtual_now() - stopped).total_seconds() <= retraining.STOP_SECONDS


@in_virtual_time
async def test_trainings_of_a_killed_process_become_failed() -> None:
    bench = Bench(after=1)
    await bench.trainings.start(MODEL, Cause.TIME)
    bench.trainings.agreed = 1
    await bench.service.train_if_due()
    ((_, result),) = bench.results()
    assert result
    assert (result.state, result.reasons) == (TrainingState.FAILED, (words.INTERRUPTED,))
    assert bench.trainer.started == [], "it is repeated after a while, as after each failure"
    await asyncio.sleep(HOUR.total_seconds())
    await bench.service.train_if_due()
    assert len(bench.trainer.started) == 1


@in_virtual_time
async def test_training_by_hand_meanwhile_is_no_failure() -> None:
    bench = Bench(daily=True)
    bench.trainer.result = BUSY
    await run_for(bench.service, DAY + HOUR)
    pauses = zip(bench.trainer.started, bench.trainer.started[1:], strict=False)
    assert {later - earlier for earlier, later in pauses} == {retraining.BUSY_PAUSE}
    bench.trainer.result = FAILED
    await run_for(bench.service, HOUR / 2)
    bench.trainer.result = PROMOTED
    await run_for(bench.service, 2 * HOUR)
    *busy, failure, success = bench.results()
    assert {result for _, result in busy} == {BUSY}
    assert (failure, success) == ((Cause.TIME, FAILED), (Cause.TIME, PROMOTED))
    unannounced = set(bench.trainings.runs) - bench.trainings.announced
    assert unannounced == {len(busy) + 1, len(busy) + 2}


@in_virtual_time
async def test_unexpected_error_of_a_training_is_a_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = Bench(after=1)
    bench.trainings.agreed = 1
    bench.trainer.error = RuntimeError("no such luck")
    run = await bench.service.train_now()
    assert run
    assert run.result
    assert run.result.reasons == (words.UNEXPECTED,)
    assert "no such luck" not in caplog.text


@in_virtual_time
async def test_training_on_request_needs_no_cause_and_no_other_training() -> None:
    bench = Bench()
    bench.trainer.result = BUSY
    assert await bench.service.train_now() is None
    bench.trainer.result = PROMOTED
    run = await bench.service.train_now()
    assert run
    assert (run.cause, run.result) == (Cause.REQUEST, PROMOTED)
    await bench.leases.take(RETRAINING, "there", retraining.LEASE)
    assert await bench.service.train_now() is None


@in_virtual_time
async def test_news_are_announced_if_there_is_a_channel(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    bench = Bench()
    for result in (PROMOTED, UNCHANGED, FAILED, FAILED, PROMOTED):
        bench.trainer.result = result
        await bench.service.train_now()
    assert bench.trainings.announced == {2, 4}, "nothing to do, and the same failure again"
    assert "Retraining failed, and the model stays as it is: the disk is full." in caplog.messages
    silent = Bench(announces=False)
    await silent.service.train_now()
    assert silent.trainings.announced == {1}
