"""What an experiment gets: its size, its random numbers and a folder."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.faults.table import Row

T = TypeVar("T")
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Lab:
    """One run of an experiment.

    Attributes:
        folder: Empty folder for databases and logs.
        short: Whether the short form is run, which shows the mechanism and not the figure.
        seed: Seed of everything random.
        report: Prints a line of progress.
    """

    folder: Path
    short: bool
    seed: int
    report: Callable[[str], None]

    def size(self, full: int, short: int) -> int:
        """Return a size of this run."""
        return short if self.short else full

    def random(self, name: str) -> random.Random:
        """Return a generator that depends on the seed and a name only."""
        return random.Random(f"{self.seed} {name}")  # noqa: S311 - experiments are repeatable

    def subfolder(self, name: str) -> Path:
        """Create and return a folder."""
        folder = self.folder / name
        folder.mkdir(parents=True)
        return folder


Experiment = Callable[[Lab], AsyncIterator[Row]]


async def side_by_side(*experiments: AsyncIterator[Row]) -> AsyncIterator[Row]:
    """Run experiments that mostly wait at the same time; yield their rows one after another."""

    async def rows(experiment: AsyncIterator[Row]) -> list[Row]:
        return [row async for row in experiment]

    async with asyncio.TaskGroup() as group:
        running = [group.create_task(rows(one)) for one in experiments]
    for one in running:
        for row in one.result():
            yield row


async def wait_for(condition: Callable[[], T | None], seconds: float) -> T | None:
    """Return the first true value of a condition; None after some seconds."""
    end = time.monotonic() + seconds
    while True:
        if found := condition():
            return found
        if time.monotonic() > end:
            return None
        await asyncio.sleep(POLL_SECONDS)


async def settled(remaining: Callable[[], int], *, quiet: float, limit: float) -> int:
    """Wait until nothing remains, or until that number has not changed for `quiet` seconds.

    Return how many remain, after `limit` seconds at the latest.
    """
    end = time.monotonic() + limit
    last, since = remaining(), time.monotonic()
    while last and time.monotonic() < min(end, since + quiet):
        await asyncio.sleep(POLL_SECONDS * 4)
        now = remaining()
        if now != last:
            last, since = now, time.monotonic()
    return last
