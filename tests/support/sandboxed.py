"""Program that confines itself and tries what it should not be able to do.

Arguments: `free`, `limits` (resource limits alone) or `all`; a file that exists; a process id.
Writes the names of what it could do to its standard output, in JSON.
"""

import ctypes
import json
import mmap
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from model.sound import seccomp
from model.sound.limits import LIMITS
from model.sound.sandbox import confine

LIBC = ctypes.CDLL(None, use_errno=True)
PTRACE_ATTACH = 16


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _execute() -> None:
    subprocess.run([sys.executable, "-c", ""], check=True, close_fds=False)


def _thread() -> None:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()


def _ptrace(process: int) -> None:
    if LIBC.ptrace(PTRACE_ATTACH, process, 0, 0):
        raise OSError(ctypes.get_errno(), "ptrace")


def _listen() -> None:
    with socket.socketpair()[0]:
        pass


def _machine_code() -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC).close()


def _map_the_input() -> None:
    mmap.mmap(0, 0, prot=mmap.PROT_READ).close()


def _much_memory() -> None:
    bytearray(2 << 30)


def attempts(file: str, process: int) -> dict[str, Callable[[], object]]:
    """Return what is tried, by name."""
    return {
        "read the input": lambda: os.pread(0, 1, 0),
        "write to the input": lambda: os.write(0, b"x"),
        "cut the input": lambda: os.ftruncate(0, 1),
        "map the input": _map_the_input,
        "read a file": lambda: os.open(file, os.O_RDONLY),
        "write a file": lambda: os.open(f"{file}.new", os.O_WRONLY | os.O_CREAT, 0o600),
        "delete a file": Path(f"{file}.new").unlink,
        "list a folder": lambda: list(Path("/").iterdir()),
        "open a socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close(),
        "open a pair of sockets": _listen,
        "fork": _fork,
        "start a thread": _thread,
        "execute a program": _execute,
        "signal a process": lambda: os.kill(process, 0),
        "trace a process": lambda: _ptrace(process),
        "map machine code": _machine_code,
        "take 2 GB of memory": _much_memory,
    }


def main(mode: str, file: str, process: str) -> None:
    """Try everything, and write what could be done."""
    if mode == "limits":
        seccomp.install = lambda: False
    if mode != "free":
        confine(LIMITS)
    done = []
    for name, attempt in attempts(file, int(process)).items():
        try:
            attempt()
        except (OSError, MemoryError, RuntimeError, subprocess.SubprocessError):
            continue
        done.append(name)
    os.write(1, json.dumps(done).encode())
    signal.raise_signal(signal.SIGABRT)  # the end of a library that finds its memory damaged


if __name__ == "__main__":
    main(*sys.argv[1:])
