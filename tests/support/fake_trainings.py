"""In-memory store of trainings; the contract test runs against it and the database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import StorageFailed
from bot.domain.ports import Now
from bot.domain.trainings import Cause, TrainingResult, TrainingRun


class FakeTrainingStore:
    """Implements TrainingStore; a test sets `agreed`, `corrections` and `votes`, which it returns.

    `voted_at` is the time of the newest vote; None if votes are changed all the time.
    `broken` makes it fail. `counts` is how often agreed corrections were counted.
    """

    def __init__(self, now: Now) -> None:
        self._now = now
        self.runs: dict[int, TrainingRun] = {}
        self.announced: set[int] = set()
        self.watched: dict[str, datetime] = {}
        self.agreed = 0
        self.corrections: list[datetime] = []
        self.votes = 0
        self.voted_at: datetime | None = None
        self.counts = 0
        self.broken = False

    async def start(self, model: str, cause: Cause) -> TrainingRun:
        self._check()
        run = TrainingRun(len(self.runs) + 1, model, cause, None, self._now())
        self.runs[run.id] = run
        return run

    async def finish(self, run_id: int, result: TrainingResult, *, announced: bool) -> None:
        self._check()
        if self.runs[run_id].result is None:
            self._finish(run_id, result, announced=announced)

    async def abandon(self, result: TrainingResult, *, announced: bool) -> int:
        self._check()
        running = [run.id for run in self.runs.values() if run.result is None]
        for run_id in running:
            self._finish(run_id, result, announced=announced)
        return len(running)

    async def recent(self, model: str, limit: int) -> Sequence[TrainingRun]:
        self._check()
        latest = self._now() + timedelta(days=1)
        ours = [run for run in self.runs.values() if run.model == model]
        return [run for run in ours[::-1] if run.started_at < latest][:limit]

    async def last_timed(self, model: str) -> datetime | None:
        timed = (
            run.started_at
            for run in await self.recent(model, len(self.runs))
            if run.cause is Cause.TIME and run.result and not (run.failed or run.was_busy)
        )
        return next(timed, None)

    async def watched_since(self, model: str) -> datetime:
        self._check()
        return self.watched.setdefault(model, self._now())

    async def agreed_since_last(self, model: str) -> int:
        del model
        self._check()
        self.counts += 1
        return self.agreed

    async def newest_vote(self) -> int:
        self._check()
        return self.votes

    async def voted_since_last(self, model: str) -> bool:
        self._check()
        ended = (run for run in await self.recent(model, len(self.runs)) if run.result)
        last = next((run.started_at for run in ended if not (run.failed or run.was_busy)), None)
        return self.voted_at is None or last is None or self.voted_at > last

    async def corrections_since(self, moment: datetime | None) -> int:
        self._check()
        return sum(moment is None or at > moment for at in self.corrections)

    async def unannounced(self, since: datetime, limit: int) -> Sequence[TrainingRun]:
        self._check()
        waiting = (run for run in self.runs.values() if run.id not in self.announced)
        ended = [run for run in waiting if run.finished_at and run.finished_at >= since]
        return ended[:limit]

    async def mark_announced(self, run_id: int) -> bool:
        self._check()
        first = run_id not in self.announced
        self.announced.add(run_id)
        return first

    def _finish(self, run_id: int, result: TrainingResult, *, announced: bool) -> None:
        self.runs[run_id] = replace(self.runs[run_id], result=result, finished_at=self._now())
        if announced:
            self.announced.add(run_id)

    def _check(self) -> None:
        if self.broken:
            raise StorageFailed("the database is broken")
