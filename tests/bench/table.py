"""Rows of the benchmark's table, and timing."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One result: what was measured, the bot's value, the baseline's value, and the goal."""

    what: str
    bot: str
    baseline: str
    goal: str
    reached: bool | None


def markdown(row: Row) -> str:
    """Return a row of the Markdown table."""
    mark = {True: "yes", False: "NO", None: ""}[row.reached]
    return f"| {row.what} | {row.bot} | {row.baseline} | {row.goal} | {mark} |"


def show(row: Row) -> None:
    """Print a row of the Markdown table."""
    print(markdown(row), flush=True)


def seconds(work: Callable[[], object], repeat: int) -> float:
    """Return the median duration of a call in seconds, after a warm-up call."""
    work()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[repeat // 2]


def milliseconds(value: float) -> str:
    """Format seconds as milliseconds with three significant digits."""
    return f"{value * 1000:.3g} ms"
