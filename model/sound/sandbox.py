"""Confinement of the process that decodes: what it may take, and what it may do.

What holds on which system:

| | Linux on x86-64 or AArch64 | other Linux | macOS | Windows |
|---|---|---|---|---|
| processor time, no core dump, nothing written to files | yes | yes | yes | no |
| address space | yes | yes | asked for, not kept by the kernel | no |
| no new descriptors: files, sockets | yes | yes | yes | no |
| no new processes | yes | unless root | unless root | no |
| ends with its parent | yes | yes | at its next output | at its next output |
| system calls: those of an allow-list alone | yes | no | no | no |

On every system the process has an empty environment and three descriptors, and its parent ends it
after a time, bounds its output, and checks it.
"""

import ctypes
import json
import os
import signal
import sys
from enum import StrEnum
from types import ModuleType
from typing import Final

from model.sound import seccomp
from model.sound.limits import LIMITS, Limits

resource: ModuleType | None
try:
    import resource
except ImportError:  # Windows
    resource = None

PR_SET_PDEATHSIG: Final = 1


class Protection(StrEnum):
    """A limit that the operating system keeps."""

    PROCESSOR_TIME = "processor time"
    MEMORY = "memory"
    NO_WRITING = "writing to files"
    NO_OPENING = "opening files and sockets"
    NO_PROCESSES = "starting processes"
    SYSTEM_CALLS = "system calls"


def end_with_parent(parent: int) -> None:
    """Let the kernel end this process when the thread that started it ends (Linux).

    Raises SystemExit if the parent, whose process id is given, has ended already.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            raise SystemExit(1)


def confine(limits: Limits) -> frozenset[Protection]:
    """Confine this process for good; return what holds.

    To be called when all modules are imported, because no file can be opened afterwards, and
    before anything of the input is read.
    """
    holding = _limit_resources(limits) if resource else set[Protection]()
    if seccomp.install():
        calls = (Protection.SYSTEM_CALLS, Protection.NO_WRITING, Protection.NO_OPENING)
        holding.update((*calls, Protection.NO_PROCESSES))
    return frozenset(holding)


def main() -> None:
    """Confine this process and write what holds to the standard output, in JSON."""
    holding = confine(LIMITS)
    os.write(1, json.dumps(sorted(holding)).encode())


def _limit_resources(limits: Limits) -> set[Protection]:
    """Set the limits of setrlimit(2); return those that the system keeps."""
    if resource is None:
        return set()
    memory = limits.memory_bytes
    _try(resource.RLIMIT_CORE, 0)
    wanted = {
        Protection.PROCESSOR_TIME: (resource.RLIMIT_CPU, limits.cpu_seconds),
        Protection.MEMORY: (resource.RLIMIT_AS, memory),
        Protection.NO_WRITING: (resource.RLIMIT_FSIZE, 0),
        Protection.NO_OPENING: (resource.RLIMIT_NOFILE, 0),
        Protection.NO_PROCESSES: (resource.RLIMIT_NPROC, 0),
    }
    holding = {protection for protection, (kind, value) in wanted.items() if _try(kind, value)}
    if not sys.platform.startswith("linux"):
        holding.discard(Protection.MEMORY)
    if os.geteuid() == 0:
        holding.discard(Protection.NO_PROCESSES)  # does not bind root
    return holding


def _try(kind: int, value: int) -> bool:
    if resource is None:
        return False
    try:
        resource.setrlimit(kind, (value, value))
    except (OSError, ValueError):
        return False
    return True
