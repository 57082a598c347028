"""Retraining by the bot itself: after a number of corrections, or at certain times.

One process at a time trains, which has the lease `RETRAINING` of the database. The training runs in
a process of its own (`Trainer`).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final

from bot.concurrency.background import beside
from bot.domain.errors import StorageFailed, stack_of
from bot.domain.leases import RETRAINING, Leases
from bot.domain.ports import Now
from bot.domain.trainings import (
    Cause,
    Trainer,
    TrainingResult,
    TrainingRun,
    TrainingState,
    TrainingStore,
)
from bot.services.failures import until_stored
from bot.texts import retraining as words

INTERVAL: Final = timedelta(minutes=1)
"""Time between two looks at the corrections and the clock."""

LEASE: Final = timedelta(minutes=2)
RENEWAL: Final = timedelta(seconds=20)
"""Length of the lease, and the time after which it is renewed."""

FIRST_RETRY: Final = timedelta(hours=1)
LAST_RETRY: Final = timedelta(days=1)
"""Time after a failed training before the next one; it doubles with each further failure.

Corrections cause no training so soon after one that trained nothing, either.
"""

BUSY_PAUSE: Final = timedelta(minutes=10)
"""Time before the next attempt if a process without the lease trained, as by hand."""

REMEMBERED: Final = 6
"""Latest trainings whose failures count."""

STOP_SECONDS: Final = 3.0
"""Time for storing the result when the bot stops."""

NextTime = Callable[[datetime], datetime]
"""Returns the first time after a moment at which the model is to be retrained."""

_log = logging.getLogger(__name__)


class RetrainingService:
    """Retrains a model when it is due.

    A time that was missed while no process ran is made up for once. A clock that is set back
    causes no second training, as times count from the last one.

    Args:
        model: Name of the model.
        trainer: Trains it.
        trainings: Store of the trainings.
        leases: Store of the leases.
        owner: Name of this process among others.
        now: Clock.
        after: Number of agreed corrections after which the model is retrained; 0 for never.
        next_time: Times at which it is; None without.
        announces: Whether a channel is to be informed of results.
    """

    def __init__(
        self,
        model: str,
        *,
        trainer: Trainer,
        trainings: TrainingStore,
        leases: Leases,
        owner: str,
        now: Now,
        after: int = 0,
        next_time: NextTime | None = None,
        announces: bool = False,
    ) -> None:
        self._model = model
        self._trainer = trainer
        self._trainings = trainings
        self._leases = leases
        self._owner = owner
        self._now = now
        self._after = after
        self._next_time = next_time
        self._announces = announces
        self._counted: tuple[int, int] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Retrain whenever it is due until the block ends; a training that runs is then ended."""
        async with beside(self.run()):
            yield

    async def run(self) -> None:
        """Retrain whenever it is due, until cancelled."""
        while True:
            try:
                await self.train_if_due()
            except StorageFailed as error:
                _log.warning("%s", words.store_failed(error))
            except Exception as error:  # noqa: BLE001 - the schedule must go on
                _log.error("%s", stack_of(error))
            await asyncio.sleep(INTERVAL.total_seconds())

    async def train_if_due(self) -> TrainingRun | None:
        """Retrain if it is due and no other process does; raise StorageFailed."""
        # Asked without the lease first, so that processes do not take it from one another.
        return await self._train(self._due) if await self._due() else None

    async def train_now(self) -> TrainingRun | None:
        """Retrain; return None if another process does. Raises StorageFailed."""

        async def requested() -> Cause:
            return Cause.REQUEST

        return await self._train(requested)

    async def _due(self) -> Cause | None:
        """Return why the model is to be retrained now; None if it is not."""
        runs = await self._trainings.recent(self._model, REMEMBERED)
        if self._waits(runs, TrainingState.FAILED):
            return None
        if self._next_time and await self._is_time(self._next_time):
            return Cause.TIME
        if not self._after or self._waits(runs, TrainingState.FAILED, TrainingState.UNCHANGED):
            return None
        return Cause.CORRECTIONS if await self._are_enough() else None

    async def _are_enough(self) -> bool:
        """Return whether there are enough agreed corrections, and votes since the last training.

        Each change of a vote adds at most one, and counting takes up to 4 s with 50,000 changes on
        20,000 tracks, so they are counted again when enough votes were changed, or the newest ones
        were deleted.
        """
        if not await self._trainings.voted_since_last(self._model):
            return False
        newest = await self._trainings.newest_vote()
        counted_at, agreed = self._counted or (0, self._after)
        if 0 <= newest - counted_at < self._after - agreed:
            return False
        self._counted = newest, await self._trainings.agreed_since_last(self._model)
        return self._counted[1] >= self._after

    def _waits(self, runs: Sequence[TrainingRun], *fruitless: TrainingState) -> bool:
        """Return whether the next training has to wait, as others were fruitless or one ran.

        One that ended in the future was stored with a wrong clock, and causes no wait.
        """
        ended = [run for run in runs if run.result]
        if ended and ended[0].was_busy:
            return self._is_within(ended[0], BUSY_PAUSE)
        ended = [run for run in ended if not run.was_busy]
        states = (run.result.state in fruitless for run in ended if run.result)
        count = sum(takewhile(bool, states))
        if not count:
            return False
        return self._is_within(ended[0], min(FIRST_RETRY * 2 ** (count - 1), LAST_RETRY))

    def _is_within(self, run: TrainingRun, pause: timedelta) -> bool:
        """Return whether a run ended in the last `pause`."""
        ended = run.finished_at
        return ended is not None and ended <= self._now() < ended + pause

    async def _is_time(self, next_time: NextTime) -> bool:
        since = await self._trainings.last_timed(self._model)
        if since is None:
            since = await self._trainings.watched_since(self._model)
        return next_time(since) <= self._now()

    async def _train(self, due: Callable[[], Awaitable[Cause | None]]) -> TrainingRun | None:
        if not await self._leases.take(RETRAINING, self._owner, LEASE):
            return None
        try:
            interrupted = TrainingResult.failure(words.INTERRUPTED)
            await self._trainings.abandon(interrupted, announced=not self._announces)
            if (cause := await due()) is None:  # another process trained meanwhile
                return None
            run = await self._trainings.start(self._model, cause)
            _log.info("%s", words.started(cause, self._model))
            finished = await self._finish(run, await self._result(run))
            return None if finished.was_busy else finished
        finally:
            with suppress(StorageFailed):
                await self._leases.release(RETRAINING, self._owner)

    async def _result(self, run: TrainingRun) -> TrainingResult:
        """Train while the lease can be renewed; store what became of it if cancelled."""
        training = asyncio.create_task(self._trainer.train())
        renewing = asyncio.create_task(self._renew())
        try:
            await asyncio.wait([training, renewing], return_when=asyncio.FIRST_COMPLETED)
            if not training.done():
                return TrainingResult.failure(words.LEASE_LOST)
            return training.result()
        except asyncio.CancelledError:
            await _end(training, renewing)
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await self._finish(run, TrainingResult.failure(words.STOPPED), quiet=True)
            raise
        except Exception as error:  # noqa: BLE001 - a failure is a result
            _log.error("%s", stack_of(error))
            return TrainingResult.failure(words.UNEXPECTED)
        finally:
            await _end(training, renewing)

    async def _renew(self) -> None:
        """Renew the lease; return when it is lost."""
        clock = asyncio.get_running_loop().time
        renewed = clock()
        while clock() - renewed < LEASE.total_seconds():
            await asyncio.sleep(RENEWAL.total_seconds())
            try:
                if not await self._leases.renew(RETRAINING, self._owner, LEASE):
                    return
                renewed = clock()
            except StorageFailed as error:
                _log.info("the lease for retraining is not renewed yet: %s", error)

    async def _finish(
        self, run: TrainingRun, result: TrainingResult, *, quiet: bool = False
    ) -> TrainingRun:
        """Store and log a result; return the finished training.

        With `quiet`, the owner's channel is not informed.
        """
        announced = quiet or not (self._announces and await self._is_news(result))

        async def store() -> None:
            await self._trainings.finish(run.id, result, announced=announced)

        await until_stored(store, f"retraining {run.id}")
        finished = TrainingRun(run.id, run.model, run.cause, result, run.started_at, self._now())
        log = _log.warning if finished.failed else _log.info
        log("%s", words.result(finished))
        return finished

    async def _is_news(self, result: TrainingResult) -> bool:
        """Return whether the owner does not know a result; the same failure again is none."""
        if result.state in {TrainingState.UNCHANGED, TrainingState.BUSY}:
            return False
        if result.state is not TrainingState.FAILED:
            return True
        try:
            runs = await self._trainings.recent(self._model, REMEMBERED)
        except StorageFailed:
            return True
        before = next((run.result for run in runs if run.result and not run.was_busy), None)
        return before != result


async def _end(*tasks: asyncio.Task[object]) -> None:
    """Cancel tasks, and wait until they have ended."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
