"""Accepts deliveries durably, and works them off: fairly, and again after a failure or restart.

A job is stored before the chat is told that it was accepted (`JobRunner.accept`), passed to the
platform's handler, and deleted when the handler returns. A process extends the lease of its jobs;
those of a process that ended are taken over when their lease has passed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Hashable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import uuid4

from bot.concurrency.backoff import Backoff
from bot.concurrency.batcher import Batcher
from bot.concurrency.fair_queue import FairQueue
from bot.concurrency.keyed_locks import KeyedLocks
from bot.domain.errors import NotAccepting, StorageFailed, stack_of
from bot.domain.jobs import Job, JobKind, StoredJob
from bot.domain.ports import Inbox, Now

LEASE: Final = timedelta(seconds=15)
"""Time after which the jobs of a process that ended are taken over."""

RENEW_INTERVAL: Final = 4.0
POLL_INTERVAL: Final = 1.0
EXPIRE_INTERVAL: Final = 60.0
"""Seconds between two extensions of the leases, searches for free jobs, deletions of old jobs."""

QUEUE_SIZE: Final = 1000
WORKSPACE_QUEUE_SIZE: Final = 200
"""Jobs held in memory; further ones wait in the database."""

MAX_CONCURRENT: Final = 32
MAX_CONCURRENT_OF_WORKSPACE: Final = 8
"""Jobs worked off at once; most of the time they wait for the chat."""

MAX_WAIT: Final = timedelta(minutes=2)
"""Time that a job may wait for another one, such as a vote for its card."""

RETRY_DELAY: Final = 5.0
"""Seconds after which a job is worked off again that the database made fail."""

FIRST_RETRY: Final = 0.5
LAST_RETRY: Final = 10.0
"""Seconds between attempts while the database fails."""

Handle = Callable[[StoredJob], Awaitable[None]]
"""Works off a job. Raises RetryLater, HandBack, Parked, or StorageFailed to be called again."""

_log = logging.getLogger(__name__)


class RetryLater(Exception):
    """The job waits for another one; the handler is called again after `seconds`."""

    def __init__(self, seconds: float = 1.0) -> None:
        super().__init__(f"again in {seconds:g} s")
        self.seconds = seconds


class HandBack(Exception):
    """The job is left to any process, this one included, after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:g} s, by any process")
        self.seconds = seconds


class Parked(Exception):
    """The job stays in the inbox until a person releases it."""


class InboxService:
    """Opens the runners of the platforms on one inbox.

    Args:
        inbox: The store.
        now: Clock.
        max_age: Messages and commands that wait longer are deleted; votes are not.
        poll_interval: Seconds between two searches for jobs of processes that ended.
    """

    def __init__(
        self,
        inbox: Inbox,
        now: Now,
        max_age: timedelta,
        poll_interval: float = POLL_INTERVAL,
    ) -> None:
        self._inbox = inbox
        self._now = now
        self._max_age = max_age
        self.poll_interval = poll_interval

    async def backlog(self) -> int:
        """Count the jobs that wait to be worked off; raise StorageFailed."""
        return await self._inbox.backlog()

    def open(self, platform: str, handle: Handle) -> "JobRunner":
        """Return a runner that passes the jobs of a platform to `handle`."""
        return JobRunner(
            self._inbox,
            platform,
            handle,
            now=self._now,
            max_age=self._max_age,
            poll_interval=self.poll_interval,
        )


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
    ) -> None:
        self._inbox = inbox
        self._platform = platform
        self._handle = handle
        self._now = now
        self._max_age = max_age
        self._poll_interval = poll_interval
        self._owner = uuid4().hex
        self._queue: FairQueue[StoredJob] = FairQueue(
            QUEUE_SIZE, WORKSPACE_QUEUE_SIZE, MAX_CONCURRENT_OF_WORKSPACE
        )
        self._orders = KeyedLocks()
        self._adding = Batcher(self._add)
        self._finishing = Batcher(self._finish)
        self._tasks: set[asyncio.Task[None]] = set()
        self._background: set[asyncio.Task[None]] = set()
        self._waits_in_database = False
        self._upkeep: asyncio.Task[None] | None = None
        self._stopping = False

    async def accept(
        self, job: Job, acknowledge: Callable[[], Awaitable[bool]] | None = None
    ) -> bool:
        """Store a job, then work it off in the background; return False if it was stored before.

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
        stored = await self._adding.submit(job)
        if stored is None:
            return False
        if acknowledge and not await acknowledge():
            self._spawn(self._until_stored(lambda: self._finishing.submit(stored.id)))
            return True
        await self._enqueue([stored])
        return True

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
        self._queue.clear()
        if self._tasks:
            _, running = await asyncio.wait(self._tasks, timeout=seconds)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        for task in list(self._background):
            task.cancel()
        await self._adding.join()
        await self._finishing.join()
        try:
            await self._inbox.disown(self._owner)
        except StorageFailed as error:  # the jobs are free when their lease has passed
            _log.warning("%s: jobs not handed over: %s", self._platform, error)
        if self._upkeep:
            self._upkeep.cancel()
            await asyncio.gather(self._upkeep, return_exceptions=True)

    async def _add(self, jobs: Sequence[Job]) -> Sequence[StoredJob | None]:
        return await self._inbox.add(jobs, self._owner, LEASE)

    async def _finish(self, job_ids: Sequence[int]) -> Sequence[None]:
        await self._inbox.finish(job_ids)
        return [None] * len(job_ids)

    async def _enqueue(self, jobs: Sequence[StoredJob]) -> None:
        """Queue jobs of this process; those for which there is no room stay in the database."""
        left = [job.id for job in jobs if not self._queue.put(_group(job), job)]
        self._start_jobs()
        if left:
            self._waits_in_database = True
            try:
                await self._inbox.disown(self._owner, left)
            except StorageFailed as error:
                _log.warning("%s: jobs wait for their lease: %s", self._platform, error)

    def _start_jobs(self) -> None:
        while not self._stopping and len(self._tasks) < MAX_CONCURRENT:
            taken = self._queue.take()
            if taken is None:
                return
            task = asyncio.create_task(self._work_off(*taken))
            self._tasks.add(task)
            task.add_done_callback(partial(self._on_done, taken[0]))

    def _on_done(self, group: Hashable, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._queue.done(group)
        self._start_jobs()
        if self._waits_in_database and self._queue.room >= WORKSPACE_QUEUE_SIZE:
            self._spawn(self._take_over_or_log())

    async def _work_off(self, _: Hashable, stored: StoredJob) -> None:
        if stored.job.order is None:
            await self._attempt(stored)
        else:
            async with self._orders.of(stored.job.order):
                await self._attempt(stored)

    async def _attempt(self, stored: StoredJob) -> None:
        about = f"message {stored.job.id}"
        try:
            await self._handle(stored)
        except Parked:
            return
        except RetryLater as wait:
            if self._now() - stored.accepted_at < MAX_WAIT:
                self._later(wait.seconds, stored)
                return
            _log.info("%s: what it waited for did not happen", about)
        except StorageFailed as error:
            _log.warning("%s: tried again later: %s", about, error)
            self._spawn(self._hand_back(stored, RETRY_DELAY, counted=True))
            return
        except HandBack as wait:
            self._spawn(self._hand_back(stored, wait.seconds, counted=False))
            return
        except Exception as error:  # noqa: BLE001 - one bad job must not stop the others
            _log.error("%s: failed: %s", about, stack_of(error))
        await self._until_stored(lambda: self._finishing.submit(stored.id))
        if stored.job.kind is JobKind.RELEASE:
            self._spawn(self._take_over_or_log())

    def _later(self, seconds: float, stored: StoredJob) -> None:
        def again() -> None:
            if not self._stopping:
                self._spawn(self._enqueue([stored]))

        asyncio.get_running_loop().call_later(seconds, again)

    async def _hand_back(self, stored: StoredJob, seconds: float, *, counted: bool) -> None:
        """Free a job once the database works, so that it is read again and worked off."""
        await asyncio.sleep(seconds)
        await self._until_stored(
            lambda: self._inbox.disown(self._owner, [stored.id], counted=counted)
        )
        await self._take_over_or_log()

    async def _until_stored(self, write: Callable[[], Coroutine[Any, Any, object]]) -> None:
        backoff = Backoff(FIRST_RETRY, LAST_RETRY)
        while True:
            try:
                await write()
            except StorageFailed as error:
                _log.info("%s: the database is asked again: %s", self._platform, error)
                await asyncio.sleep(backoff.next_delay())
            else:
                return

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
                if self._is_busy and loop.time() - renewed >= RENEW_INTERVAL:
                    await self._inbox.renew(self._owner, LEASE)
                    renewed = loop.time()
                await self.take_over()
            except StorageFailed as error:
                _log.warning("%s: inbox: %s", self._platform, error)
            await asyncio.sleep(self._poll_interval)

    @property
    def _is_busy(self) -> bool:
        return bool(self._tasks or self._background or len(self._queue))

    async def _take_over_or_log(self) -> None:
        try:
            await self.take_over()
        except StorageFailed as error:
            _log.warning("%s: inbox: %s", self._platform, error)

    async def take_over(self) -> None:
        """Work off jobs that no process works on; raise StorageFailed."""
        room = min(self._queue.room, WORKSPACE_QUEUE_SIZE)
        if not room or self._stopping:
            return
        self._waits_in_database = False
        jobs = await self._inbox.claim(self._platform, self._owner, LEASE, room)
        self._waits_in_database = len(jobs) == room
        await self._enqueue(jobs)

    async def _expire(self) -> None:
        if count := await self._inbox.expire(self._now() - self._max_age):
            _log.warning("%s: %s deliveries were too old to be answered", self._platform, count)


def _group(stored: StoredJob) -> str:
    return stored.job.place.workspace
