"""When the model is retrained."""

import asyncio
from datetime import timedelta

from bot.domain.trainings import Cause
from bot.services import retraining
from tests.support.retraining_bench import (
    DAY,
    FAILED,
    HOUR,
    MINUTE,
    MODEL,
    PROMOTED,
    UNCHANGED,
    Bench,
    run_for,
)
from tests.support.virtual_time import START, in_virtual_time, virtual_now


@in_virtual_time
async def test_model_is_retrained_after_enough_agreed_corrections() -> None:
    bench = Bench(after=3)
    bench.trainings.agreed = 2
    await run_for(bench.service, 5 * MINUTE)
    assert bench.trainer.started == []

    async def corrections_are_used_up() -> None:
        bench.trainings.agreed = 0

    bench.trainer.on_start = corrections_are_used_up
    bench.trainings.agreed = bench.trainings.votes = 3
    await run_for(bench.service, HOUR)
    assert len(bench.trainer.started) == 1
    assert bench.results() == [(Cause.CORRECTIONS, PROMOTED)]
    assert bench.leases.held == {}


@in_virtual_time
async def test_corrections_are_counted_again_when_votes_may_make_them_enough() -> None:
    bench = Bench(after=10)
    bench.trainings.agreed, bench.trainings.votes = 4, 100
    async with bench.service.running():
        await asyncio.sleep(HOUR.total_seconds())
        assert bench.trainings.counts == 1
        bench.trainings.votes = 105
        await asyncio.sleep(HOUR.total_seconds())
        assert bench.trainings.counts == 1
        bench.trainings.votes, bench.trainings.agreed = 106, 5
        await asyncio.sleep(HOUR.total_seconds())
        assert bench.trainings.counts == 2
        bench.trainings.votes, bench.trainings.agreed = 111, 10
        await asyncio.sleep(HOUR.total_seconds())
    assert bench.trainer.started


@in_virtual_time
async def test_corrections_that_trained_nothing_are_tried_again_with_new_votes() -> None:
    bench = Bench(after=1)
    bench.trainings.agreed = 1
    bench.trainings.voted_at = START
    bench.trainer.result = UNCHANGED
    await run_for(bench.service, DAY)
    assert len(bench.trainer.started) == 1
    bench.trainings.voted_at = virtual_now()
    await run_for(bench.service, DAY)
    assert len(bench.trainer.started) == 2


@in_virtual_time
async def test_training_of_nothing_is_repeated_later_and_later_and_delays_no_time() -> None:
    bench = Bench(after=1)
    bench.trainings.agreed = 1
    bench.trainer.result = UNCHANGED
    await run_for(bench.service, 4 * HOUR)
    assert bench.trainer.started == [START, START + HOUR, START + 3 * HOUR]
    daily = Bench(daily=True)
    daily.trainer.result = UNCHANGED
    await run_for(daily.service, 3 * DAY)
    assert len(daily.trainer.started) == 3


@in_virtual_time
async def test_corrections_are_counted_again_after_the_newest_votes_were_deleted() -> None:
    bench = Bench(after=10)
    bench.trainings.agreed, bench.trainings.votes = 4, 1000
    async with bench.service.running():
        await asyncio.sleep(HOUR.total_seconds())
        bench.trainings.votes, bench.trainings.agreed = 300, 2
        await asyncio.sleep(HOUR.total_seconds())
        assert bench.trainings.counts == 2
        bench.trainings.votes, bench.trainings.agreed = 308, 10
        await asyncio.sleep(HOUR.total_seconds())
    assert bench.trainer.started


@in_virtual_time
async def test_failure_of_a_wrong_clock_causes_no_wait() -> None:
    bench = Bench(after=1)
    bench.trainings.agreed = 1
    run = await bench.trainings.start(MODEL, Cause.CORRECTIONS)
    bench.shift = 400 * DAY
    await bench.trainings.finish(run.id, FAILED, announced=True)
    bench.shift = timedelta(0)
    await run_for(bench.service, 5 * MINUTE)
    assert bench.trainer.started[0] == START


@in_virtual_time
async def test_model_is_retrained_at_each_time() -> None:
    bench = Bench(daily=True)
    await run_for(bench.service, 2 * DAY + HOUR)
    assert bench.trainer.started == [START + DAY, START + 2 * DAY]
    assert {cause for cause, _ in bench.results()} == {Cause.TIME}


@in_virtual_time
async def test_missed_time_is_made_up_for_once_at_the_next_start() -> None:
    bench = Bench(daily=True)
    await run_for(bench.service, HOUR)
    await asyncio.sleep((5 * DAY).total_seconds())
    started = virtual_now()
    await run_for(bench.service, 2 * HOUR)
    assert bench.trainer.started == [started], "it was never trained before"
    await asyncio.sleep((3 * DAY).total_seconds())
    started = virtual_now()
    await run_for(bench.service, 2 * HOUR)
    assert bench.trainer.started[1:] == [started]


@in_virtual_time
async def test_first_start_misses_no_time() -> None:
    bench = Bench(daily=True)
    await run_for(bench.service, 23 * HOUR)
    assert bench.trainer.started == []


@in_virtual_time
async def test_clock_that_is_set_back_causes_no_second_training() -> None:
    bench = Bench(daily=True)
    await run_for(bench.service, DAY + MINUTE)
    assert len(bench.trainer.started) == 1
    bench.shift = -2 * HOUR
    await run_for(bench.service, 5 * HOUR)
    assert len(bench.trainer.started) == 1
    await run_for(bench.service, DAY)
    assert len(bench.trainer.started) == 2


@in_virtual_time
async def test_clock_that_was_far_ahead_does_not_end_the_schedule() -> None:
    bench = Bench(daily=True)
    await run_for(bench.service, HOUR)
    bench.shift = 1000 * DAY
    await run_for(bench.service, HOUR)
    bench.shift = timedelta(0)
    await run_for(bench.service, 2 * DAY)
    assert len(bench.trainer.started) == 3


@in_virtual_time
async def test_failed_training_is_repeated_later_and_later() -> None:
    bench = Bench(after=1)
    bench.trainings.agreed = 1
    bench.trainer.result = FAILED
    await run_for(bench.service, 4 * DAY)
    pauses = [
        later - earlier
        for earlier, later in zip(bench.trainer.started, bench.trainer.started[1:], strict=False)
    ]
    assert pauses[:4] == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
    assert max(pauses) == retraining.LAST_RETRY
    bench.trainer.result = PROMOTED
    await run_for(bench.service, DAY + MINUTE)
    bench.trainer.result = FAILED
    before = len(bench.trainer.started)
    await run_for(bench.service, HOUR + MINUTE)
    assert len(bench.trainer.started) == before + 2, "a success resets the pause"
