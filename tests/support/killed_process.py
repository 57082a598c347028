"""Brings stores back to where a process left them that was killed."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.domain.jobs import Job, JobKind, PlannedReply, StoredJob
from tests.support.fake_app import FakeApp


class KilledProcess:
    """Brings the stores back to where a process left them that was killed while it sent replies.

    Attributes:
        jobs: The jobs that were stored, in order.
        finished: Set while no job is left.
    """

    def __init__(self, app: FakeApp) -> None:
        self._app = app
        self._inbox = app.inbox
        self.jobs: list[Job] = []
        self.finished = asyncio.Event()
        add, finish = self._inbox.add, self._inbox.finish

        async def record(
            jobs: Sequence[Job], owner: str, lease: timedelta
        ) -> Sequence[StoredJob | None]:
            self.jobs.extend(jobs)
            return await add(jobs, owner, lease)

        async def finish_and_tell(job_ids: Sequence[int]) -> None:
            await finish(job_ids)
            if not self._inbox.rows:
                self.finished.set()

        self._inbox.finish = finish_and_tell  # type: ignore[method-assign] # the rest is as before
        self._inbox.add = record  # type: ignore[method-assign] # the rest is as before

    async def leave(self, job: Job, *planned: PlannedReply, recorded: int = 0) -> None:
        """Put a handled job back with its plan; only `recorded` of its replies are recorded."""
        stored = self._app.messages.stored
        for key in list(stored)[recorded:]:
            del stored[key]
        self._app.events.seen.discard(job.key)
        self.finished.clear()
        (row,) = await self._inbox.add([job], "killed", timedelta(seconds=-1))
        assert row
        if planned:
            await self._inbox.plan(row, planned)

    def job(self, kind: JobKind) -> Job:
        """Return the latest job of a kind."""
        return [job for job in self.jobs if job.kind is kind][-1]
