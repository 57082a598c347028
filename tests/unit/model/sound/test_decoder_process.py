"""The process that decodes is not trusted: it may die, hang, or write anything."""

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest

from model.sound.decoded import Decoded
from model.sound.decoding import decode
from model.sound.errors import ListeningFailed, Problem
from model.sound.limits import Limits
from tests.support.sound_files import kind, tone, write
from tests.unit.model.sound.decoder_programs import program, refusal

ROOT: Final = Path(__file__).parents[4]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")

Left = tuple[set[str], set[str], int]


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """Return a good sound file."""
    return write(tmp_path / "a.wav", tone(1), kind("a.wav"))


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Check that a test leaves no process, descriptor or thread."""
    before = left()
    yield
    # The kernel lists a thread for a moment after it was joined.
    end = time.monotonic() + 30
    while is_more(left(), before) and time.monotonic() < end:
        os.sched_yield()
    assert not is_more(left(), before)


def is_more(now: Left, before: Left) -> bool:
    return bool(now[0] - before[0] or now[1] - before[1] or now[2] > before[2])


def left() -> Left:
    """Return the processes, descriptors and number of threads of this process."""
    tasks = Path("/proc/self/task")
    children: set[str] = set()
    for task in tasks.iterdir():
        with suppress(OSError):  # the thread has ended meanwhile
            children.update((task / "children").read_text().split())
    return (
        children,
        {link.name for link in Path("/proc/self/fd").iterdir()},
        len(list(tasks.iterdir())),
    )


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.kill(os.getpid(), 9)",
        "import os; os.abort()",
        "import os; os.kill(os.getpid(), 11)",
        "raise SystemExit(7)",
        "pass",
        "print('garbage')",
        "import sys; sys.stdout.buffer.write(bytes(1000))",
        "import sys; sys.stdout.buffer.write(b'\\xff' * 1000)",
        "raise SystemExit(3)",
        "print('[]'); raise SystemExit(3)",
        'print(\'{"problem": "none"}\'); raise SystemExit(3)',
        "print('[' * 100_000); raise SystemExit(3)",
    ],
)
def test_a_process_that_dies_or_writes_garbage(code: str, sound: Path) -> None:
    assert refusal(sound, program(code)) is Problem.DAMAGED


def test_a_process_that_hangs_is_ended(sound: Path) -> None:
    waits = program("import signal; signal.pause()")

    assert refusal(sound, waits, Limits(wall_seconds=0.3)) is Problem.DAMAGED


def test_a_process_that_closes_its_output_and_hangs_is_ended(sound: Path) -> None:
    waits = program("import os, signal; os.close(1); signal.pause()")

    assert refusal(sound, waits, Limits(wall_seconds=0.3)) is Problem.DAMAGED


def test_a_process_that_ignores_signals_is_ended(sound: Path) -> None:
    waits = program(
        "import signal\n"
        "for number in (signal.SIGTERM, signal.SIGINT, signal.SIGXCPU):\n"
        "    signal.signal(number, signal.SIG_IGN)\n"
        "signal.pause()"
    )

    assert refusal(sound, waits, Limits(wall_seconds=0.3)) is Problem.DAMAGED


def test_a_process_that_writes_without_end_is_ended(sound: Path) -> None:
    endless = program("import os\nwhile True: os.write(1, bytes(1 << 16))")

    assert (
        refusal(sound, endless, Limits(wall_seconds=600, output_bytes=1 << 20)) is Problem.DAMAGED
    )


def test_a_process_that_computes_without_end_is_ended_by_the_kernel(sound: Path) -> None:
    code = (
        "import sys; sys.path[:] = sys.argv[1:]\n"
        "from model.sound.limits import Limits\n"
        "from model.sound.sandbox import confine\n"
        "confine(Limits(cpu_seconds=1))\n"
        "while True: pass"
    )

    endless = program(code, str(ROOT), *sys.path)

    assert refusal(sound, endless, Limits(wall_seconds=600)) is Problem.DAMAGED


def test_a_process_that_cannot_start_is_no_fault_of_the_file(sound: Path) -> None:
    def missing(_found: object, _limits: object) -> list[str]:
        return ["/nonexistent/python"]

    for command in (missing, program("import model.sound.nothing")):
        with sound.open("rb") as file, pytest.raises(ListeningFailed):
            decode(file, command=command)


def test_its_environment_and_descriptors_are_its_own(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    seen = tmp_path / "seen"
    look = program(
        "import os, sys; seen = open(sys.argv[1], 'w');"
        "print(sorted(os.environ), sorted(map(int, os.listdir('/proc/self/fd'))), file=seen)",
        str(seen),
    )
    with (tmp_path / "other").open("wb") as other:
        os.set_inheritable(other.fileno(), True)  # noqa: FBT003
        refusal(sound, look)

    # 3 is the open file, 4 the folder.
    environment, descriptors = seen.read_text().split("] [")
    assert set(environment.strip("[").split(", ")) <= {"'OPENBLAS_NUM_THREADS'", "'LC_CTYPE'"}
    assert descriptors.strip() == "0, 1, 2, 3, 4]"


def test_a_process_ends_with_its_parent() -> None:
    child = (
        "import os, sys; sys.path[:] = sys.argv[2:]\n"
        "from model.sound.sandbox import end_with_parent\n"
        "end_with_parent(int(sys.argv[1]))\n"
        "import signal; os.write(1, b'ready'); signal.pause()"
    )
    parent = (
        "import os, subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}, str(os.getpid()), *sys.path],"
        " stdout=subprocess.PIPE)\n"
        "child.stdout.read(5); print(child.pid, flush=True); child.wait()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        handle = os.pidfd_open(int(process.stdout.readline()))
        process.kill()
        # A handle of a process can be read when the process has ended.
        ready, _, _ = select.select([handle], [], [], 20)
        os.close(handle)
    assert ready


def test_many_at_once(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{n}.wav", tone(n), kind("a.wav")) for n in range(1, 7)]

    def length(path: Path) -> float:
        with path.open("rb") as file:
            return Decoded.from_bytes(decode(file)).duration

    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(length, paths)) == [1, 2, 3, 4, 5, 6]


def test_an_interrupt_leaves_no_process(sound: Path) -> None:
    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    # It interrupts its parent when that has read what it wrote, and so waits for more.
    interrupts = program(
        "import array, fcntl, os, signal, termios\n"
        "os.write(1, b'x'); left = array.array('i', [1])\n"
        "while left[0]: os.sched_yield(); fcntl.ioctl(1, termios.FIONREAD, left)\n"
        "os.kill(os.getppid(), signal.SIGALRM); signal.pause()"
    )
    before: Callable[[int, Any], Any] | int | None = signal.signal(signal.SIGALRM, interrupt)
    try:
        with sound.open("rb") as file, pytest.raises(KeyboardInterrupt):
            decode(file, Limits(wall_seconds=600), command=interrupts)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_limit_of_time_is_kept(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    class TimeIsUp(threading.Timer):
        def __init__(self, interval: float, function: Callable[[], None]) -> None:
            super().__init__(0, function)
            waited.append(interval)

    monkeypatch.setattr(threading, "Timer", TimeIsUp)
    waits = program("import signal; signal.pause()")
    assert refusal(sound, waits, Limits(wall_seconds=654.0)) is Problem.DAMAGED
    assert waited == [654.0]
