"""`python -m model predict` on tables of growing length: linear in time, flat in memory."""

import csv
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from model.schema import NAMES
from tests.bench.table import Row

LINEAR_WITHIN = 1.5
FLAT_WITHIN = 30
"""MB between the shortest and the longest table."""

# A new process counts its parent's memory as its own peak until it has replaced the program, so the
# parent is this small one.
WEIGHED = """
import resource, subprocess, sys, time
began = time.perf_counter()
subprocess.run(sys.argv[1:], check=True)
took = time.perf_counter() - began
print(took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def measure(scratch: Path, sizes: Sequence[int]) -> Iterator[Row]:
    """Classify made-up tables of `sizes` rows, each in a process of its own."""
    first: tuple[float, float] | None = None
    for size in sizes:
        source = scratch / f"{size}.csv"
        write(source, size)
        took, memory = run(source, scratch / "out.csv")
        a_row = took / size
        first = first or (a_row, memory)
        fine = a_row <= LINEAR_WITHIN * first[0] and memory - first[1] <= FLAT_WITHIN
        yield Row(
            f"predict, {size:,} rows",
            f"{took:.1f} s, {memory:.0f} MB",
            "",
            "linear, flat",
            fine,
        )
        source.unlink()


def write(path: Path, rows: int) -> None:
    """Write a table of made-up songs."""
    chance = random.Random(0)  # noqa: S311 - made-up songs
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(NAMES)
        for _ in range(rows):
            out.writerow(song(chance))


def song(chance: random.Random) -> list[float]:
    """Make up one song."""
    parts = [round(chance.random(), 4) for _ in range(7)]
    return [*parts, round(chance.uniform(60, 200), 1), -7.5, 5, 1, 200000]


def run(source: Path, target: Path) -> tuple[float, float]:
    """Classify a table; returns seconds and the peak memory in MB."""
    done = subprocess.run(
        [sys.executable, "-c", WEIGHED, sys.executable, "-m", "model", "predict", source, target],
        capture_output=True,
        text=True,
        check=True,
    )
    took, peak = done.stdout.split()[-2:]
    return float(took), int(peak) / (1024 if sys.platform == "linux" else 1 << 20)
