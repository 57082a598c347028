"""Measures time and memory of `python -m model predict` on tables of growing length.

The longest is also classified in the study's way: pandas, and a forest of 300 trees.
"""

import csv
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from model.schema import NAMES
from tests.bench.table import Row

MAX_TIME_RATIO = 1.5
"""Time per row, relative to the shortest table."""

MAX_MEMORY_GROWTH_MB = 30
"""Peak memory above that of the shortest table."""

MIN_SPEEDUP = 3
"""On the longest table, from CSV to CSV, with the start of the process."""

# Between fork and exec a child shares the memory of its parent, which counts towards its peak, so
# this small process is the parent.
MEASURE_CHILD = """
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run([sys.executable, "-m", *sys.argv[1:]], check=True)
duration = time.perf_counter() - start
print(duration, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def measure(scratch: Path, sizes: Sequence[int]) -> Iterator[Row]:
    """Yield a row for each of `sizes`, the numbers of rows in the tables."""
    first: tuple[float, float] | None = None
    for size in sizes:
        source = scratch / f"{size}.csv"
        write(source, size)
        duration, memory, _ = run("model", "predict", source, scratch / "out.csv")
        per_row = duration / size
        first = first or (per_row, memory)
        reached = per_row <= MAX_TIME_RATIO * first[0] and memory - first[1] <= MAX_MEMORY_GROWTH_MB
        theirs, goal = "", "linear, flat"
        if size == max(sizes):
            _, baseline_memory, said = run("tests.bench.forest", source, scratch / "forest.csv")
            speedup = float(said) / duration
            theirs = f"{float(said):.1f} s, {baseline_memory:.0f} MB"
            goal += f", {MIN_SPEEDUP}x faster: {speedup:.1f}x"
            reached = reached and speedup >= MIN_SPEEDUP
        yield Row(
            f"predict, {size:,} rows", f"{duration:.1f} s, {memory:.0f} MB", theirs, goal, reached
        )
        source.unlink()


def write(path: Path, rows: int) -> None:
    """Write a table of random songs."""
    rng = random.Random(0)  # noqa: S311 - test data
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(NAMES)
        for _ in range(rows):
            out.writerow(song(rng))


def song(rng: random.Random) -> list[float]:
    """Return the features of a random song."""
    parts = [round(rng.random(), 4) for _ in range(7)]
    return [*parts, round(rng.uniform(60, 200), 1), -7.5, 5, 1, 200000]


def run(module: str, *arguments: str | Path) -> tuple[float, float, str]:
    """Run a module; return the duration in seconds, the peak memory in MB, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE_CHILD, module, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    said, _, figures = done.stdout.strip().rpartition("\n")
    duration, peak = figures.split()
    return float(duration), int(peak) / (1024 if sys.platform == "linux" else 1 << 20), said
