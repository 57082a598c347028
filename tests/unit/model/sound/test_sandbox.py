"""What the process that decodes cannot do, tried in a process."""

import json
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from model.sound import seccomp
from model.sound.decoding import protections
from model.sound.sandbox import Protection

ROOT = Path(__file__).parents[4]
HERE = platform.machine()

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or HERE not in seccomp.MACHINES, reason="Linux on a known processor"
)


@pytest.fixture
def bystander() -> Iterator[int]:
    """Return the id of a process that waits."""
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE) as process:
        yield process.pid
        process.kill()


def could_do(mode: str, folder: Path, process: int) -> set[str]:
    secret = folder / "secret"
    secret.write_bytes(b"secret")
    sound = folder / "sound"
    sound.write_bytes(b"0123456789")
    with sound.open("r+b") as file:
        run = subprocess.run(
            [sys.executable, "-m", "tests.support.sandboxed", mode, str(secret), str(process)],
            cwd=ROOT,
            stdin=file,
            capture_output=True,
            check=False,
        )
    assert run.returncode == -signal.SIGABRT, run.stderr
    return set(json.loads(run.stdout))


def test_without_a_sandbox_everything_can_be_done(tmp_path: Path, bystander: int) -> None:
    done = could_do("free", tmp_path, bystander)

    # Tracing needs a right that a container may not give.
    assert len(done | {"trace a process", "take 2 GB of memory"}) == 17


def test_in_the_sandbox_only_the_input_can_be_read(tmp_path: Path, bystander: int) -> None:
    assert could_do("all", tmp_path, bystander) == {"read the input"}
    assert (tmp_path / "sound").read_bytes() == b"0123456789"


def test_limits_alone_keep_it_from_files_and_sockets(tmp_path: Path, bystander: int) -> None:
    done = could_do("limits", tmp_path, bystander)

    assert not done & {
        "write to the input",
        "read a file",
        "write a file",
        "list a folder",
        "open a socket",
        "open a pair of sockets",
        "take 2 GB of memory",
    }
    if os.geteuid():  # root may have any number of processes
        assert not done & {"fork", "start a thread", "execute a program"}


def test_everything_holds_here() -> None:
    assert protections() == set(Protection)


def result(program: bytes, number: int, arguments: Sequence[int], architecture: int) -> int:
    """Return what a filter says of a call, as the kernel would compute it."""
    code = [seccomp.INSTRUCTION.unpack_from(program, at) for at in range(0, len(program), 8)]
    data = {seccomp.NUMBER: number, seccomp.ARCHITECTURE: architecture}
    data |= {seccomp.ARGUMENTS + 8 * at: value for at, value in enumerate(arguments)}
    tests: dict[int, Callable[[int, int], bool]] = {
        seccomp.JUMP_IF_EQUAL: lambda a, k: a == k,
        seccomp.JUMP_IF_AT_LEAST: lambda a, k: a >= k,
        seccomp.JUMP_IF_ANY_BIT: lambda a, k: bool(a & k),
    }
    at, value = 0, 0
    while True:
        operation, if_true, if_false, operand = code[at]
        at += 1
        if operation == seccomp.RETURN:
            return int(operand)
        if operation == seccomp.LOAD:
            value = data[operand]
        else:
            at += if_true if tests[operation](value, operand) else if_false


READ, WRITE, EXECUTE = 1, 2, 4
ANONYMOUS = 0x22


@pytest.mark.parametrize("name", sorted(seccomp.MACHINES))
def test_the_filter_of_each_machine(name: str) -> None:
    machine = seccomp.MACHINES[name]
    program = seccomp.instructions(machine, pid=99)

    def says(number: int, *arguments: int) -> int:
        filled = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
        return result(program, number, filled, machine.architecture)

    call = machine.checked
    allowed = {number for number in range(1000) if says(number) == seccomp.ALLOW}
    # With arguments of 0, protecting memory is allowed, too: it takes all access away.
    assert allowed == {*machine.free.values(), call["mprotect"]}
    assert says(call["write"], 1) == says(call["writev"], 2) == seccomp.ALLOW
    assert says(call["write"], 0) == says(call["writev"], 3) == seccomp.REFUSE
    assert says(call["tgkill"], 99) == seccomp.ALLOW
    assert says(call["tgkill"], 98) == seccomp.REFUSE
    assert says(call["mmap"], 0, 4096, READ | WRITE, ANONYMOUS) == seccomp.ALLOW
    assert says(call["mmap"], 0, 4096, READ | EXECUTE, ANONYMOUS) == seccomp.REFUSE
    assert says(call["mmap"], 0, 4096, READ, 2) == seccomp.REFUSE
    assert says(call["mprotect"], 0, 4096, READ | EXECUTE) == seccomp.REFUSE
    assert says(machine.free["read"] | seccomp.X32) == seccomp.REFUSE
    other = result(program, machine.free["read"], [0] * 6, 0x40000003)
    assert other == seccomp.KILL


def test_no_call_has_two_numbers_or_two_names() -> None:
    for machine in seccomp.MACHINES.values():
        numbers = [*machine.free.values(), *machine.checked.values()]
        assert len(numbers) == len(set(numbers))
        assert not set(machine.free) & set(machine.checked)
    names = [{*one.free, *one.checked} for one in seccomp.MACHINES.values()]
    assert names[0] == names[1]
