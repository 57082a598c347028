"""Filter of system calls for the process that decodes (Linux, x86-64 and AArch64).

Own code, because pyseccomp needs a libseccomp on the system, which no wheel brings. The filter is a
list of what is allowed; every other call fails with EPERM. Allowed are calls on descriptors that
are open, memory without machine code, and the end of the process. So no file, socket or process
can be opened, and no code can be loaded.

References: seccomp(2); `struct sock_filter` and `struct seccomp_data` of the Linux headers.
"""

import ctypes
import errno
import mmap
import os
import platform
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PR_SET_NO_NEW_PRIVS: Final = 38
SECCOMP_SET_MODE_FILTER: Final = 1
SECCOMP_FILTER_FLAG_TSYNC: Final = 1
"""The filter holds for all threads of the process."""

ALLOW: Final = 0x7FFF0000
REFUSE: Final = 0x00050000 | errno.EPERM
KILL: Final = 0x80000000

LOAD: Final = 0x20
JUMP_IF_EQUAL: Final = 0x15
JUMP_IF_AT_LEAST: Final = 0x35
JUMP_IF_ANY_BIT: Final = 0x45
RETURN: Final = 0x06

NUMBER: Final = 0
ARCHITECTURE: Final = 4
ARGUMENTS: Final = 16
"""Offsets in `struct seccomp_data`; arguments have eight bytes, the low half first."""

X32: Final = 0x40000000
"""Bit of the numbers of another set of calls of x86-64."""

INSTRUCTION: Final = struct.Struct("=HBBI")

OUTPUTS: Final = (1, 2)
"""Descriptors that may be written to."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Kind of processor: its number in the audit interface, and its numbers of calls."""

    architecture: int
    seccomp: int
    free: Mapping[str, int]
    checked: Mapping[str, int]


MACHINES: Final = {
    "x86_64": Machine(
        architecture=0xC000003E,
        seccomp=317,
        free={
            "read": 0,
            "close": 3,
            "fstat": 5,
            "lseek": 8,
            "munmap": 11,
            "brk": 12,
            "rt_sigaction": 13,
            "rt_sigprocmask": 14,
            "rt_sigreturn": 15,
            "pread64": 17,
            "readv": 19,
            "sched_yield": 24,
            "mremap": 25,
            "madvise": 28,
            "getpid": 39,
            "exit": 60,
            "sigaltstack": 131,
            "gettid": 186,
            "futex": 202,
            "restart_syscall": 219,
            "clock_gettime": 228,
            "exit_group": 231,
            "newfstatat": 262,  # fstat() of glibc 2.33-2.38; of a path it tells size and times
            "getrandom": 318,
        },
        checked={"write": 1, "mmap": 9, "mprotect": 10, "writev": 20, "tgkill": 234},
    ),
    "aarch64": Machine(
        architecture=0xC00000B7,
        seccomp=277,
        free={
            "close": 57,
            "lseek": 62,
            "read": 63,
            "readv": 65,
            "pread64": 67,
            "newfstatat": 79,
            "fstat": 80,
            "exit": 93,
            "exit_group": 94,
            "futex": 98,
            "clock_gettime": 113,
            "sched_yield": 124,
            "restart_syscall": 128,
            "sigaltstack": 132,
            "rt_sigaction": 134,
            "rt_sigprocmask": 135,
            "rt_sigreturn": 139,
            "getpid": 172,
            "gettid": 178,
            "brk": 214,
            "munmap": 215,
            "mremap": 216,
            "madvise": 233,
            "getrandom": 278,
        },
        checked={"write": 64, "writev": 66, "tgkill": 131, "mmap": 222, "mprotect": 226},
    ),
}
"""Numbers of the calls by the name of the machine."""


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def install() -> bool:
    """Install the filter for this process, for good; return whether it holds."""
    machine = MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None or sys.maxsize < 1 << 32:
        return False
    code = instructions(machine, os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // INSTRUCTION.size, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    flags = ctypes.c_ulong(SECCOMP_FILTER_FLAG_TSYNC)
    mode = ctypes.c_ulong(SECCOMP_SET_MODE_FILTER)
    return bool(
        libc.syscall(ctypes.c_long(machine.seccomp), mode, flags, ctypes.byref(program)) == 0
    )


def instructions(machine: Machine, pid: int) -> bytes:
    """Return the filter, in the instructions of the Berkeley Packet Filter."""
    checked = machine.checked
    return b"".join(
        (
            _load(ARCHITECTURE),
            _jump(JUMP_IF_EQUAL, machine.architecture, if_true=1),
            _return(KILL),
            _load(NUMBER),
            _jump(JUMP_IF_AT_LEAST, X32, if_false=1),
            _return(REFUSE),
            *(_only(number, _return(ALLOW)) for number in machine.free.values()),
            _only(checked["write"], _argument_is_one_of(0, OUTPUTS)),
            _only(checked["writev"], _argument_is_one_of(0, OUTPUTS)),
            _only(checked["tgkill"], _argument_is_one_of(0, (pid,))),  # abort()
            _only(checked["mprotect"], _no_code()),
            _only(checked["mmap"], _anonymous() + _no_code()),
            _return(REFUSE),
        )
    )


def _only(number: int, then: bytes) -> bytes:
    """Return what does `then`, which returns, for calls of this number."""
    return _jump(JUMP_IF_EQUAL, number, if_false=len(then) // INSTRUCTION.size) + then


def _argument_is_one_of(index: int, values: tuple[int, ...]) -> bytes:
    each = (_only(value, _return(ALLOW)) for value in values)
    return b"".join((_load_argument(index), *each, _return(REFUSE)))


def _no_code() -> bytes:
    """Return what allows memory that cannot be executed (third argument of mmap and mprotect)."""
    test = _jump(JUMP_IF_ANY_BIT, mmap.PROT_EXEC, if_false=1)
    return b"".join((_load_argument(2), test, _return(REFUSE), _return(ALLOW)))


def _anonymous() -> bytes:
    """Return what refuses to map a file, and goes on with memory (fourth argument of mmap)."""
    test = _jump(JUMP_IF_ANY_BIT, mmap.MAP_ANONYMOUS, if_true=1)
    return b"".join((_load_argument(3), test, _return(REFUSE)))


def _load(offset: int) -> bytes:
    return INSTRUCTION.pack(LOAD, 0, 0, offset)


def _load_argument(index: int) -> bytes:
    return _load(ARGUMENTS + 8 * index)


def _jump(code: int, value: int, *, if_true: int = 0, if_false: int = 0) -> bytes:
    return INSTRUCTION.pack(code, if_true, if_false, value)


def _return(action: int) -> bytes:
    return INSTRUCTION.pack(RETURN, 0, 0, action)
