"""When the model is retrained, by which process, and what is stored of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot.domain.leases import RETRAINING
from bot.domain.trainings import Cause, TrainingResult, TrainingState
from bot.services import retraining
from bot.services.retraining import RetrainingService
from bot.texts import retraining as words
from tests.support.fake_leases import FakeLeases
from tests.support.fake_trainings import FakeTrainingStore
from tests.support.virtual_time import START, in_virtual_time, virtual_now

MODEL = "wide"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PROMOTED = TrainingResult(TrainingState.ACTIVE, "3f2a9c", ("better on corrections",))
UNCHANGED = TrainingResult(TrainingState.UNCHANGED, "3f2a9c", ("nothing has changed",))
BUSY = TrainingResult(TrainingState.BUSY)
FAILED = TrainingResult(TrainingState.FAILED, None, ("the disk is full",))


Hook = Callable[[], Awaitable[None]]


def midnight(moment: datetime) -> datetime:
    """Return the next midnight after a moment."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0) + DAY


class FakeTrainer:
    """Implements Trainer; a training takes `takes`. `ended` counts those that were cancelled."""

    def __init__(self) -> None:
        self.result = PROMOTED
        self.takes = timedelta(0)
        self.error: Exception | None = None
        self.started: list[datetime] = []
        self.ended = 0
        self.on_start: Hook | None = None

    async def train(self) -> TrainingResult:
        self.started.append(virtual_now())
        if self.on_start:
            await self.on_start()
        if self.error:
            raise self.error
        try:
            await asyncio.sleep(self.takes.total_seconds())
        except asyncio.CancelledError:
            self.ended += 1
            raise
        return self.result


class Bench:
    """A schedule on fakes; `shift` sets its clock forward or back."""

    def __init__(
        self, *, after: int = 0, daily: bool = False, announces: bool = True, owner: str = "here"
    ) -> None:
        self.shift = timedelta(0)
        self.trainer = FakeTrainer()
        self.trainings = FakeTrainingStore(self.now)
        self.leases = FakeLeases(self.now)
        self.after, self.daily, self.announces = after, daily, announces
        self.service = self.process(owner, self.trainer)

    def now(self) -> datetime:
        return virtual_now() + self.shift

    def process(self, owner: str, trainer: FakeTrainer) -> RetrainingService:
        """Return the schedule of a process."""
        return RetrainingService(
            MODEL,
            trainer=trainer,
            trainings=self.trainings,
            leases=self.leases,
            owner=owner,
            now=self.now,
            after=self.after,
            next_time=midnight if self.daily else None,
            announces=self.announces,
        )

    def results(self) -> list[tuple[Cause, TrainingResult | None]]:
        return [(run.cause, run.result) for run in self.trainings.runs.values()]


async def run_for(service: RetrainingService, span: timedelta) -> None:
    async with service.running():
        await asyncio.sleep(span.total_seconds())


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
