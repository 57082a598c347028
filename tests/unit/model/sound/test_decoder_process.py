"""The process that decodes is not trusted: it may die, hang, or write anything."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from model.sound.decoded import HEAD, Decoded
from model.sound.decoding import Command, decode
from model.sound.errors import ListeningFailed, NotAudio, Problem
from model.sound.limits import Limits
from tests.support.sound_files import kind, tone, write

ROOT: Final = Path(__file__).parents[4]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")

Left = tuple[set[str], set[str], int]

GOOD: Final = Decoded((np.zeros((100, 2), np.float32),), 44_100, 1.0, "wav")


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
    children = {c for task in tasks.iterdir() for c in (task / "children").read_text().split()}
    return (
        children,
        {link.name for link in Path("/proc/self/fd").iterdir()},
        len(list(tasks.iterdir())),
    )


def program(code: str, *arguments: str) -> Command:
    return lambda _found, _limits: [sys.executable, "-I", "-S", "-c", code, *arguments]


def writes(output: bytes, folder: Path, code: int = 0) -> Command:
    file = folder / "output"
    file.write_bytes(output)
    return program(
        f"import os, sys; os.write(1, open({str(file)!r}, 'rb').read()); sys.exit({code})"
    )


def refusal(sound: Path, command: Command, limits: Limits | None = None) -> Problem:
    with sound.open("rb") as file, pytest.raises(NotAudio) as caught:
        decode(file, limits or Limits(), command=command)
    assert caught.value.format == "wav"
    return caught.value.problem


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


def test_good_output_is_believed(sound: Path, tmp_path: Path) -> None:
    with sound.open("rb") as file:
        output = decode(file, command=writes(GOOD.to_bytes(), tmp_path))

    assert output == GOOD.to_bytes()


def changed(**values: Any) -> bytes:
    """Return good output with another value in its head."""
    (length,) = HEAD.unpack_from(GOOD.to_bytes())
    head = json.loads(GOOD.to_bytes()[HEAD.size : HEAD.size + length]) | values
    text = json.dumps(head).encode()
    return HEAD.pack(len(text)) + text + GOOD.to_bytes()[HEAD.size + length :]


def with_samples(values: float, shape: tuple[int, int]) -> bytes:
    return replace(GOOD, excerpts=(np.full(shape, values, np.float32),)).to_bytes()


@pytest.mark.parametrize(
    "output",
    [
        with_samples(np.nan, (100, 2)),
        with_samples(np.inf, (100, 2)),
        with_samples(0, (0, 2)),
        with_samples(0, (100, 3)),
        with_samples(0, (100, 0)),
        with_samples(0, (32 * 44_100, 1)),
        replace(GOOD, excerpts=()).to_bytes(),
        replace(GOOD, excerpts=[*GOOD.excerpts] * 4).to_bytes(),
        GOOD.to_bytes()[:-4],
        GOOD.to_bytes() + b"more",
        GOOD.to_bytes()[:3],
        changed(rate=0),
        changed(rate=192_000),
        changed(rate=44_100.5),
        changed(rate="44100"),
        changed(rate=True),
        changed(duration=0),
        changed(duration=1e9),
        changed(duration=float("nan")),
        changed(duration=[1]),
        changed(duration=True),
        changed(title="x" * 301),
        changed(title="a\x1b[31mb"),
        changed(title=None),
        changed(format="mp3"),
        changed(more=1),
        changed(shapes=[[7, 2]]),
        changed(shapes=[[1e400, 1]]),
        changed(shapes=[[10**30, 1]]),
        changed(shapes=[[100, 2, 1]]),
        changed(shapes=None),
        HEAD.pack(2) + b"[]",
        HEAD.pack(100_000) + b"[" * 100_000,
    ],
)
def test_output_that_is_no_sound_is_not_believed(
    output: bytes, sound: Path, tmp_path: Path
) -> None:
    assert refusal(sound, writes(output, tmp_path)) is Problem.DAMAGED


@pytest.mark.parametrize("problem", sorted(Problem))
def test_a_reason_that_a_process_gives_is_told(
    problem: Problem, sound: Path, tmp_path: Path
) -> None:
    reason = json.dumps({"problem": problem, "format": "what it likes"}).encode()

    assert refusal(sound, writes(reason, tmp_path, code=3)) is problem


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

    before: Callable[[int, Any], Any] | int | None = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with sound.open("rb") as file, pytest.raises(KeyboardInterrupt):
            decode(file, command=program("import signal; signal.pause()"))
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_limit_of_time_is_kept(sound: Path) -> None:
    started = time.monotonic()

    refusal(sound, program("import signal; signal.pause()"), Limits(wall_seconds=0.5))

    assert 0.5 <= time.monotonic() - started < 60
