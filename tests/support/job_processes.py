"""Processes with runners of jobs on one fake inbox, in virtual time; they can be killed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

from bot.domain.jobs import Job, JobKind, StoredJob
from bot.domain.places import Place
from bot.services.job_runner import JobRunner
from tests.support.fake_inbox import FakeInbox
from tests.support.virtual_time import virtual_now

PLATFORM: Final = "test"
MAX_AGE: Final = timedelta(hours=1)
STOP_SECONDS: Final = 10.0

Do = Callable[[StoredJob], Awaitable[None]]


def job(
    job_id: str,
    workspace: str = "w",
    kind: JobKind = JobKind.MESSAGE,
    order: str | None = None,
) -> Job:
    """Return a job."""
    return Job(Place(PLATFORM, workspace, "c"), job_id, kind, {"user": "ann"}, order)


async def nothing(_: StoredJob) -> None:
    """Handle a job at once."""


def raising(error: Exception, times: int = 1) -> Do:
    """Return a handler that raises at its first calls."""
    left = times

    async def do(_: StoredJob) -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            raise error

    return do


class Processes:
    """Processes that share an inbox.

    Attributes:
        inbox: The inbox.
        begun: Ids of the jobs in the order in which their handling began.
        handled: Ids in the order in which it ended without an exception.
        do: What the handlers do with a job.
    """

    def __init__(self) -> None:
        self.inbox = FakeInbox(set(), virtual_now)
        self.begun: list[str] = []
        self.handled: list[str] = []
        self.do: Do = nothing

    @property
    def counts(self) -> Counter[str]:
        """How often each job was handled."""
        return Counter(self.handled)

    def open(self) -> "Process":
        """Return a new process, whose runner is not started."""
        return Process(self)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[JobRunner]:
        """Yield the runner of a new process, started, and stop it at the end of the block."""
        runner = self.open().runner
        async with runner.running(STOP_SECONDS):
            yield runner


class Process:
    """A process with a runner.

    After `kill` each call of the inbox and each handling of a job hangs: for everything outside,
    the process has ended, without handing anything over.
    """

    def __init__(self, processes: Processes) -> None:
        self._processes = processes
        self._killed = False
        inbox: Any = _Connection(processes.inbox, self)
        self.runner = JobRunner(inbox, PLATFORM, self._handle, now=virtual_now, max_age=MAX_AGE)

    def kill(self) -> None:
        """End the process."""
        self._killed = True

    async def check(self) -> None:
        """Wait forever if the process was killed."""
        if self._killed:
            await asyncio.Event().wait()

    async def _handle(self, stored: StoredJob) -> None:
        await self.check()
        self._processes.begun.append(stored.job.id)
        await self._processes.do(stored)
        await self.check()
        self._processes.handled.append(stored.job.id)


class _Connection:
    """Connection of a process to the inbox."""

    def __init__(self, inbox: FakeInbox, process: Process) -> None:
        self._inbox = inbox
        self._process = process

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def call(*arguments: Any, **options: Any) -> Any:
            await self._process.check()
            await asyncio.sleep(0)
            result = await getattr(self._inbox, name)(*arguments, **options)
            await asyncio.sleep(0)
            await self._process.check()
            return result

        return call


async def settle() -> None:
    """Let everything happen that needs no time."""
    await asyncio.sleep(0.001)
