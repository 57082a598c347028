"""Processor time and memory of a process with its children, from /proc."""

import os
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process, its children and its ended children used."""
    # After the name in parentheses: utime, stime, cutime and cstime are fields 14 to 17.
    return sum(sum(map(int, _fields(one)[11:15])) for one in _family(pid)) / TICKS


def memory_mb(pid: int) -> float:
    """Return the memory of a process and its children in MB, shared pages divided by users."""
    total = 0
    for one in _family(pid):
        lines = (PROC / str(one) / "smaps_rollup").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    for child in (PROC / str(pid) / "task" / str(pid) / "children").read_text().split():
        yield from _family(int(child))


def _fields(pid: int) -> list[str]:
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
