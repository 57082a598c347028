"""Writes a second to a PostgreSQL server that is 4 ms away, by several processes."""

from collections.abc import AsyncIterator

from tests.faults import postgres_writes
from tests.faults.lab import Lab
from tests.faults.table import Row, counted

PROCESSES = (1, 2, 4)
GOAL = 180
"""Writes a second of the most processes."""


async def run(lab: Lab) -> AsyncIterator[Row]:
    """Measure with 1, 2 and 4 processes."""
    seconds = lab.size(10, 2)
    for processes in PROCESSES:
        written = await postgres_writes.measure(processes, seconds)
        name = f"PostgreSQL at 4 ms, {processes} processes: writes"
        figure = f"{written:.0f} a second"
        if processes == max(PROCESSES):
            yield Row(name, f"at least {GOAL} a second", figure, written >= GOAL)
        else:
            yield counted(name, figure)
