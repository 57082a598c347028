"""A retraining service with fakes, in virtual time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.domain.trainings import Cause, TrainingResult, TrainingState
from bot.services.retraining import RetrainingService
from tests.support.fake_leases import FakeLeases
from tests.support.fake_trainings import FakeTrainingStore
from tests.support.virtual_time import virtual_now

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
