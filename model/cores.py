"""The number of cores that this process may use."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

CPU_LIMIT: Final = Path("/sys/fs/cgroup/cpu.max")
"""Quota and period of a container's CPU time in microseconds (cgroup v2)."""


def cores(cpu_limit: Path = CPU_LIMIT) -> int:
    """Return the number of cores that this process may use, at least 1."""
    # os.process_cpu_count needs Python 3.13 and knows no quota.
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    count = len(affinity(0)) if affinity else os.cpu_count() or 1
    with suppress(OSError, ValueError):
        quota, period = map(int, cpu_limit.read_text().split())  # "max" is no number
        count = min(count, quota // period)
    return max(1, count)
