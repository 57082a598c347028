"""Decides which job of a process is worked off when.

Workspaces take turns. Jobs of one order are worked off one after another, also if the first of them
has to be repeated. Jobs that wait for their turn or for another job occupy no place of those that
are worked off at once.
"""

import asyncio
import logging
from collections.abc import Container, Hashable
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol

from bot.concurrency.fair_queue import FairQueue
from bot.concurrency.sequences import Sequences
from bot.domain.errors import StorageFailed, stack_of
from bot.domain.jobs import LASTING, StoredJob
from bot.domain.ports import Now
from bot.services.job_outcomes import HandBack, Handle, Lost, Parked, RetryLater

QUEUE_SIZE: Final = 1000
WORKSPACE_QUEUE_SIZE: Final = 200
"""Jobs held in memory; further ones wait in the database."""

MAX_CONCURRENT: Final = 32
MAX_CONCURRENT_OF_WORKSPACE: Final = 8
"""Jobs worked off at once; most of the time they wait for the chat."""

MAX_CONCURRENT_WHILE_ACCEPTING: Final = 2
"""Jobs started while many deliveries are being stored, whose acknowledgement a chat waits for."""

MAX_WAIT: Final = timedelta(minutes=2)
"""Time that a job may wait in one process for another one, such as a vote for its card."""

WAIT_DELAY: Final = 30.0
"""Seconds between attempts after that time, for votes and what else is never given up."""

RETRY_DELAY: Final = 5.0
"""Seconds after which a job is worked off again that the database made fail."""

_log = logging.getLogger(__name__)


class Owner(Protocol):
    """The owner of the jobs, which the scheduler informs about them."""

    @property
    def is_accepting(self) -> bool:
        """Whether many deliveries are being stored now."""

    async def finish(self, stored: StoredJob) -> None:
        """Delete a job that is worked off; return when it is deleted."""

    def forget(self, stored: StoredJob) -> None:
        """Note that a job is parked, and not this process's any more."""

    def hand_back(self, stored: StoredJob, seconds: float, *, counted: bool) -> None:
        """Free a job after some seconds, with those that `JobScheduler.drop_order` returns."""

    def on_room(self, workspace: str) -> None:
        """Note that there may be room for another job of a workspace."""


class JobScheduler:
    """Works off jobs with `handle`."""

    def __init__(self, handle: Handle, now: Now, owner: Owner) -> None:
        self._handle = handle
        self._now = now
        self._owner = owner
        self._queue: FairQueue[StoredJob] = FairQueue(
            QUEUE_SIZE, WORKSPACE_QUEUE_SIZE, MAX_CONCURRENT_OF_WORKSPACE
        )
        self._orders: Sequences[StoredJob] = Sequences()
        self._waiting_since: dict[int, datetime] = {}
        self._running: dict[int, asyncio.Task[None]] = {}
        self._stopped = False

    @property
    def room(self) -> int:
        """How many more jobs the queue holds."""
        return self._queue.room

    def waiting(self, workspace: str) -> int:
        """Count the jobs of a workspace that wait for their turn."""
        return self._queue.waiting(workspace)

    def put(self, stored: StoredJob) -> bool:
        """Queue a job; return False if there is no room."""
        if not self._queue.put(_workspace(stored), stored):
            return False
        self.start_jobs()
        return True

    def lose(self, job_ids: Container[int]) -> None:
        """Stop working on jobs that another process has taken."""
        self._queue.discard(lambda stored: stored.id in job_ids)
        for job_id, task in list(self._running.items()):
            if job_id in job_ids:
                task.cancel()

    def drop_order(self, stored: StoredJob) -> list[StoredJob]:
        """Forget the order of a job that is handed back; return the jobs that wait behind it."""
        self._waiting_since.pop(stored.id, None)
        order = stored.job.order
        return [] if order is None else self._orders.drop(order)

    async def stop(self, seconds: float) -> None:
        """Start no more jobs, and wait for those in progress; cancel them after some seconds."""
        self._stopped = True
        self._queue.clear()
        if self._running:
            _, running = await asyncio.wait(self._running.values(), timeout=seconds)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def start_jobs(self) -> None:
        """Begin with jobs for which there is a place."""
        busy = self._owner.is_accepting
        limit = MAX_CONCURRENT_WHILE_ACCEPTING if busy else MAX_CONCURRENT
        while not self._stopped and len(self._running) < limit:
            taken = self._queue.take()
            if taken is None:
                return
            workspace, stored = taken
            order = stored.job.order
            if order is not None and not self._orders.begin(order, stored):
                self._queue.done(workspace)  # it waits for the job before it
                continue
            task = asyncio.create_task(self._work_off(stored))
            self._running[stored.id] = task
            task.add_done_callback(partial(self._on_done, workspace, stored))

    def _on_done(self, workspace: Hashable, stored: StoredJob, task: "asyncio.Task[None]") -> None:
        del self._running[stored.id]
        self._queue.done(workspace)
        if task.cancelled():
            self._end(stored)
        self.start_jobs()
        if not self._stopped:
            self._owner.on_room(str(workspace))

    def _resume(self, stored: StoredJob) -> None:
        """Queue a job that was taken from the queue before."""
        if not self._stopped:
            self._queue.put_first(_workspace(stored), stored)
            self.start_jobs()

    async def _work_off(self, stored: StoredJob) -> None:
        about = f"message {stored.job.id}"
        try:
            await self._handle(stored)
        except RetryLater as wait:
            if self._may_wait(stored):
                asyncio.get_running_loop().call_later(wait.seconds, self._resume, stored)
                return
            if stored.job.kind in LASTING:  # what it waits for may take as long as an outage
                self._owner.hand_back(stored, WAIT_DELAY, counted=False)
                return
            _log.info("%s: what it waited for did not happen", about)
        except StorageFailed as error:
            _log.warning("%s: tried again later: %s", about, error)
            self._owner.hand_back(stored, RETRY_DELAY, counted=True)
            return
        except HandBack as wait:
            self._owner.hand_back(stored, wait.seconds, counted=False)
            return
        except (Parked, Lost):
            self._owner.forget(stored)
            self._end(stored)
            return
        except Exception as error:  # noqa: BLE001 - one bad job must not stop the others
            _log.error("%s: failed: %s", about, stack_of(error))
        await self._owner.finish(stored)
        self._end(stored)

    def _may_wait(self, stored: StoredJob) -> bool:
        now = self._now()
        return now - self._waiting_since.setdefault(stored.id, now) < MAX_WAIT

    def _end(self, stored: StoredJob) -> None:
        """Let the next job of the order begin."""
        self._waiting_since.pop(stored.id, None)
        following = None if stored.job.order is None else self._orders.end(stored.job.order)
        if following:
            self._resume(following)


def _workspace(stored: StoredJob) -> str:
    return stored.job.place.workspace
