"""Processes of the bot that are killed, stopped and started again on the same data."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.bot_process import ROOT, bot_environment

START_LIMIT = 60.0
"""Seconds until the bot is ready, on a busy machine."""


@dataclass(frozen=True, slots=True)
class Exit:
    """End of a process: exit code (None if it had to be killed), duration in seconds, output."""

    code: int | None
    seconds: float
    output: str


class Bot:
    """The bot on one data folder.

    Attributes:
        folder: Working directory; the database is below it.
        environment: Environment of the next process.
        deaths: Number of processes that ended by themselves.
    """

    def __init__(
        self, folder: Path, platform: str, settings: Mapping[str, str], *, sampled: bool = False
    ) -> None:
        self.folder = folder
        self.environment = bot_environment(folder) | dict(settings)
        paths = [settings.get("PYTHONPATH"), str(ROOT)]
        self.environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        self.deaths = 0
        self._platform = platform
        self._sampled = sampled
        self._process: Process | None = None

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "var" / "soundslike.db"

    @property
    def log(self) -> Path:
        """What all processes wrote to stderr."""
        return self.folder / "bot.log"

    @property
    def pid(self) -> int:
        """Id of the running process."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether there is a process that has not ended."""
        return self._process is not None and self._process.returncode is None

    async def spawn(self) -> None:
        """Start a process; do not wait until it is ready."""
        assert not self.is_running
        module = ["bot"]
        if self._sampled:
            module = ["tests.faults.bot_runner", str(self.folder / "pauses")]
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *module, "run", "--platform", self._platform,
                cwd=self.folder, env=self.environment, stdin=DEVNULL, stdout=PIPE, stderr=log,
            )  # fmt: skip

    async def start(self) -> str:
        """Start a process; return the line that it prints when it is ready, "" if it ends."""
        await self.spawn()
        return await self.ready_line()

    async def ready_line(self) -> str:
        """Return the next line that the process prints; "" if it ends."""
        assert self._process
        assert self._process.stdout
        async with asyncio.timeout(START_LIMIT):
            return (await self._process.stdout.readline()).decode()

    async def kill(self) -> None:
        """End the process with SIGKILL; count it as dead if it had ended by itself."""
        assert self._process is not None
        await asyncio.sleep(0)
        if self._process.returncode is None:
            self._process.kill()
        else:
            self.deaths += 1
        await self._process.communicate()

    async def restart_if_dead(self) -> bool:
        """Start a new process if the last one has ended by itself; return whether it had."""
        if self.is_running:
            return False
        await self.kill()
        await self.start()
        return True

    async def stop(self, limit: float = 60.0) -> Exit:
        """Send SIGTERM and wait for the end; kill the process after `limit` seconds."""
        assert self._process is not None
        begin, before = time.monotonic(), self.log.stat().st_size
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(limit):
                printed, _ = await self._process.communicate()
            code = self._process.returncode
        except TimeoutError:
            self._process.kill()
            printed, code = b"", None
            await self._process.wait()
        with self.log.open("rb") as log:
            log.seek(before)
            written = log.read()
        return Exit(code, time.monotonic() - begin, (printed + written).decode(errors="replace"))

    def longest_pause(self, since: float) -> tuple[float, float]:
        """Return the longest pause of the event loop after a moment, by `time.monotonic`.

        In seconds: its length, and the processor time of the loop's thread in it.
        """
        text = (self.folder / "pauses").read_text() if self._sampled else ""
        rows = [tuple(map(float, row.split())) for row in text.splitlines()]
        return max(((pause, own) for at, pause, own in rows if at >= since), default=(0.0, 0.0))


@asynccontextmanager
async def closing(bot: Bot) -> AsyncIterator[Bot]:
    """Kill what still runs at the end of the block."""
    try:
        yield bot
    finally:
        if bot.is_running:
            await bot.kill()
