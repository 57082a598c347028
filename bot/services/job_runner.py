"""Accepts deliveries durably, and works them off: fairly, and again after a failure or restart.

A job is stored before its delivery is acknowledged (`JobRunner.accept`), passed to the platform's
handler, and deleted when the handler returns. A process extends the lease of its jobs; those of a
process that ended are taken over when their lease has passed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import uuid4

from bot.concurrency.batcher import Batcher
from bot.domain.errors import NotAccepting, StorageFailed, stack_of
from bot.domain.jobs import FREEING, Job, StoredJob
from bot.domain.ports import Inbox, Now
from bot.services.failures import logged, until_stored
from bot.services.job_outcomes import Handle
from bot.services.job_scheduler import QUEUE_SIZE, WORKSPACE_QUEUE_SIZE, JobScheduler

LEASE: Final = timedelta(seconds=15)
"""Time after which the jobs of a process that ended are taken over."""

MANY: Final = 10
"""Deliveries being stored, from which on they have precedence over the jobs."""

RENEW_INTERVAL: Final = 4.0
POLL_INTERVAL: Final = 1.0
EXPIRE_INTERVAL: Final = 60.0
"""Seconds between two extensions of the leases, searches for free jobs, deletions of old jobs."""

OnExpired = Callable[[], Awaitable[None]]
"""Called regularly, after old jobs were deleted; does not raise."""

_log = logging.getLogger(__name__)


class JobRunner:
    """Accepts and works off the jobs of one platform in this process."""

    def __init__(
        self,
        inbox: Inbox,
        platform: str,
        handle: Handle,
        *,
        now: Now,
        max_age: timedelta,
        poll_interval: float = POLL_INTERVAL,
        on_expired: OnExpired | None = None,
    ) -> None:
        self._inbox = inbox
        self._platform = platform
        self._now = now
        self._max_age = max_age
        self._poll_interval = poll_interval
        self._on_expired = on_expired
        self._owner = uuid4().hex
        self._suspects: set[int] = set()  # jobs that seemed to be another process's
        self._held: set[int] = set()  # the jobs of this process, whose leases are extended
        self._overflowed: set[str] = set()  # workspaces with jobs that had no room in memory
        self._scheduler = JobScheduler(handle, now, self)
        self._adding = Batcher(self._add, on_idle=self._scheduler.start_jobs)
        self._finishing = Batcher(self._delete)
        self._leaving = Batcher(self._free)
        self._accepting: set[asyncio.Task[bool]] = set()
        self._background: set[asyncio.Task[None]] = set()
        self._taking_over = asyncio.Lock()
        self._upkeep: asyncio.Task[None] | None = None
        self._stopping = False

    async def accept(
        self, job: Job, acknowledge: Callable[[], Awaitable[bool]] | None = None
    ) -> bool:
        """Store a job, then work it off in the background; return False if it was stored before.

        A cancelled caller does not stop this.

        Args:
            job: The job.
            acknowledge: Tells the chat that the job was accepted; called before it is worked off.
                Returns False if the chat certainly did not learn it; the job is then dropped.

        Raises:
            StorageFailed: The job is not accepted.
            NotAccepting: The same, because the bot is stopping.
        """
        if self._stopping:
            raise NotAccepting
        accepting = asyncio.create_task(self._accept(job, acknowledge))
        self._accepting.add(accepting)
        accepting.add_done_callback(self._on_accepted)
        return await asyncio.shield(accepting)

    def start(self) -> None:
        """Extend leases and take over free jobs from now on, until `stop`."""
        if self._upkeep is None and not self._stopping:
            self._upkeep = asyncio.create_task(self._keep_up())

    @asynccontextmanager
    async def running(self, stop_seconds: float) -> AsyncIterator[None]:
        """Start, and stop at the end of the block; `stop_seconds` as in `stop`."""
        self.start()
        try:
            yield
        finally:
            await self.stop(stop_seconds)

    async def stop(self, seconds: float) -> None:
        """Accept nothing more, wait for jobs in progress, and leave the rest in the inbox.

        Args:
            seconds: Time for the jobs in progress; those that take longer are cancelled.
        """
        if self._stopping:
            return
        self._stopping = True
        await self._scheduler.stop(seconds)
        # Before the jobs are handed over, else some could be taken afterwards.
        ended = [*self._accepting, *self._background, *([self._upkeep] if self._upkeep else ())]
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, return_exceptions=True)
        await self._adding.join()
        await self._finishing.join()
        with logged(self._platform):  # the jobs are free when their lease has passed
            await self._inbox.disown(self._owner)

    async def take_over(self) -> None:
        """Work off jobs that no process works on; raise StorageFailed."""
        async with self._taking_over:
            limit = min(self._room, WORKSPACE_QUEUE_SIZE)
            if limit <= 0 or self._stopping:
                return
            overflowed = self._overflowed.copy()
            jobs = await self._inbox.claim(self._platform, self._owner, LEASE, limit)
            if len(jobs) < limit:
                self._overflowed -= overflowed
            # A job whose lease has passed because the database failed is worked on still.
            new = [job for job in jobs if job.id not in self._held]
            self._held.update(job.id for job in new)
            for job in new:
                if not self._scheduler.put(job):
                    self._leave(job)

    @property
    def is_accepting(self) -> bool:
        """Whether many deliveries are being stored now."""
        return self._adding.pending >= MANY

    async def finish(self, stored: StoredJob) -> None:
        """Delete a job, trying until the database has done so."""
        await until_stored(lambda: self._finishing.submit(stored.id), self._platform)
        self._held.discard(stored.id)
        if stored.job.kind in FREEING:
            self._spawn(self._take_over_or_log())

    def forget(self, stored: StoredJob) -> None:
        """Note that a job was parked."""
        self._held.discard(stored.id)

    def hand_back(self, stored: StoredJob, seconds: float, *, counted: bool) -> None:
        """Free a job after some seconds, so that it is read again and worked off."""
        self._spawn(self._hand_back(stored, seconds, counted=counted))

    def on_room(self, workspace: str) -> None:
        """Take jobs from the database, if there are some, when half of the memory is free."""
        is_half_empty = self._scheduler.waiting(workspace) <= WORKSPACE_QUEUE_SIZE // 2
        if is_half_empty and workspace in self._overflowed and not self._taking_over.locked():
            self._spawn(self._take_over_or_log())

    @property
    def _room(self) -> int:
        return min(self._scheduler.room, QUEUE_SIZE - len(self._held))

    async def _accept(self, job: Job, acknowledge: Callable[[], Awaitable[bool]] | None) -> bool:
        stored = await self._adding.submit(job)
        if stored is None:
            return False
        acknowledged = True
        try:
            if acknowledge:
                acknowledged = await acknowledge()
        finally:  # also after an exception, as the chat may have learned it
            if acknowledged:
                self._enqueue(stored)
            else:
                self._spawn(self.finish(stored))
        return True

    def _on_accepted(self, task: "asyncio.Task[bool]") -> None:
        self._accepting.discard(task)
        if not task.cancelled():
            task.exception()  # marked as retrieved: the caller may be cancelled

    def _enqueue(self, stored: StoredJob) -> None:
        """Queue a new job, behind those of its workspace that wait in the database."""
        full = stored.job.place.workspace in self._overflowed or self._room < 0
        if full or not self._scheduler.put(stored):
            self._leave(stored)

    def _leave(self, stored: StoredJob) -> None:
        """Leave a job in the database for which there is no room in memory."""
        self._overflowed.add(stored.job.place.workspace)
        self._held.discard(stored.id)
        self._spawn(self._leaving.submit(stored.id))

    async def _free(self, job_ids: Sequence[int]) -> Sequence[None]:
        with logged(self._platform):  # the jobs are free when their lease has passed
            await self._inbox.disown(self._owner, job_ids)
        return [None] * len(job_ids)

    async def _hand_back(self, stored: StoredJob, seconds: float, *, counted: bool) -> None:
        await asyncio.sleep(seconds)
        await self._disown([stored.id], counted=counted)
        # With those behind it in their order, and all are then taken in the order of their ids.
        await self._disown([job.id for job in self._scheduler.drop_order(stored)])
        await self._take_over_or_log()

    async def _disown(self, ids: Sequence[int], *, counted: bool = False) -> None:
        if ids:
            disown = partial(self._inbox.disown, self._owner, ids, counted=counted)
            await until_stored(disown, self._platform)
            self._held.difference_update(ids)

    async def _add(self, jobs: Sequence[Job]) -> Sequence[StoredJob | None]:
        added = await self._inbox.add(jobs, self._owner, LEASE)
        self._held.update(stored.id for stored in added if stored)
        return added

    async def _delete(self, job_ids: Sequence[int]) -> Sequence[None]:
        await self._inbox.finish(job_ids)
        return [None] * len(job_ids)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _keep_up(self) -> None:
        loop = asyncio.get_running_loop()
        renewed = expired = loop.time() - EXPIRE_INTERVAL
        while True:
            try:
                if loop.time() - expired >= EXPIRE_INTERVAL:
                    await self._expire()
                    expired = loop.time()
                if self._held and loop.time() - renewed >= RENEW_INTERVAL:
                    await self._renew()
                    renewed = loop.time()
                await self.take_over()
            except StorageFailed as error:
                _log.warning("%s: inbox: %s", self._platform, error)
            except Exception as error:  # noqa: BLE001 - without leases, jobs would be done twice
                _log.error("%s: inbox: %s", self._platform, stack_of(error))
            await asyncio.sleep(self._poll_interval)

    async def _take_over_or_log(self) -> None:
        with logged(self._platform):
            await self.take_over()

    async def _expire(self) -> None:
        if count := await self._inbox.expire(self._platform, self._now() - self._max_age):
            _log.warning("%s: %s deliveries were too old to be answered", self._platform, count)
        if self._on_expired:
            await self._on_expired()

    async def _renew(self) -> None:
        """Extend the leases, and leave the jobs that another process has taken to it."""
        held = list(self._held)
        missing = set(held) - set(await self._inbox.renew(self._owner, held, LEASE))
        # One that is missing once may just have been finished.
        lost, self._suspects = missing & self._suspects & self._held, missing & self._held
        if lost:
            _log.warning("%s: %s jobs were taken by another process", self._platform, len(lost))
            self._held -= lost
            self._scheduler.lose(lost)
