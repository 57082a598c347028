"""The rows of the benchmark's table."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what was measured, ours, the study's way beside it, and the goal."""

    what: str
    ours: str
    theirs: str
    goal: str
    reached: bool | None


def show(row: Row) -> None:
    """Print a row as a Markdown table's."""
    mark = {True: "yes", False: "NO", None: ""}[row.reached]
    cells = (row.what, row.ours, row.theirs, row.goal, mark)
    print("| " + " | ".join(cells) + " |", flush=True)


def seconds(work: Callable[[], object], repeat: int) -> float:
    """Return the median time of one call in seconds, after one call to warm up."""
    work()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[repeat // 2]


def milliseconds(value: float) -> str:
    """Write a time in milliseconds with three digits that count."""
    return f"{value * 1000:.3g} ms"
