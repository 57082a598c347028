"""`python -m model predict` on tables of growing length: linear in time, flat in memory."""

import csv
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from model.schema import NAMES
from tests.bench.table import Row

LINEAR_WITHIN = 1.5
FLAT_WITHIN = 30
"""MB between the shortest and the longest table."""


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
    code = (
        "import resource, sys; from model.__main__ import main; code = main(sys.argv[1:]); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss); sys.exit(code)"
    )
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, "predict", str(source), str(target)],
        capture_output=True,
        text=True,
        check=True,
    )
    took = time.perf_counter() - began
    return took, int(done.stdout.split()[-1]) / (1024 if sys.platform == "linux" else 1 << 20)
