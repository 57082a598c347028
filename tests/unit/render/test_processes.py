import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bot.concurrency.worker_process import WorkerProcess
from bot.render import processes
from bot.render.processes import MAX_FAILURES, ProcessPool, start_painter
from bot.render.raster import Painter
from bot.render.scene import Disc, Scene, Text

SCENE = Scene(64, 48, "#ffffff", (Disc((30, 20), 9, "#000000"), Text((5, 40), "x", 20, "#000000")))
UNPAINTABLE = Scene(64, 48, "#ffffff", (Disc((30, 20), 9, "no colour"),))
TIMEOUT = 20
"""Seconds until a hanging test fails."""

PARENT = """
import signal, sys
from bot.render.processes import start_painter
worker = start_painter()
worker.ask(sys.argv[1].encode())
print("ready", flush=True)
signal.pause()
"""

LIST_MODULES = """
import sys
import bot.render.worker
print(*{name.partition(".")[0] for name in sys.modules})
"""


@pytest.fixture
def worker() -> Iterator[WorkerProcess]:
    process = start_painter()
    yield process
    process.close()


@pytest.fixture
def pool() -> Iterator[ProcessPool]:
    pool = ProcessPool()
    yield pool
    pool.close()


def test_process_paints_the_same_bytes(worker: WorkerProcess) -> None:
    for scene in (SCENE, Scene(10, 10, "#123456", ())):
        assert worker.ask(scene.to_json()) == Painter().paint(scene)


def test_process_continues_after_a_scene_that_cannot_be_painted(
    pool: ProcessPool, caplog: pytest.LogCaptureFixture
) -> None:
    assert pool.paint(UNPAINTABLE.to_json()) is None
    (process,) = pool._idle
    assert pool.paint(SCENE.to_json()) == Painter().paint(SCENE)
    assert pool._idle == [process]
    assert not caplog.records


def test_process_that_was_killed_is_replaced(
    pool: ProcessPool, caplog: pytest.LogCaptureFixture
) -> None:
    pool.paint(SCENE.to_json())
    (killed,) = pool._idle
    assert isinstance(killed, WorkerProcess)
    os.kill(killed.pid, signal.SIGKILL)
    killed._process.wait(TIMEOUT)
    assert pool.paint(SCENE.to_json()) == Painter().paint(SCENE)
    assert pool._idle != [killed]
    assert not caplog.records, "a process that ended while it was idle is no failure"


class Ending:
    """A process that paints once, and has then been idle for too long."""

    is_running = True

    def __init__(self) -> None:
        self.pictures = [b"picture"]

    def ask(self, _: bytes) -> bytes:
        if not self.pictures:
            raise BrokenPipeError("the process ended")
        return self.pictures.pop()

    def close(self) -> None:
        self.is_running = False


def test_process_that_ends_when_it_is_asked_after_a_while_is_replaced(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pool = ProcessPool(Ending)
    for _ in range(MAX_FAILURES + 2):
        assert pool.paint(b"scene") == b"picture"
    assert not caplog.records


def test_process_that_hangs_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    worker = WorkerProcess("bot.render.worker", time_limit=0.05)
    os.kill(worker.pid, signal.SIGSTOP)
    with caplog.at_level(logging.WARNING):
        assert ProcessPool(lambda: worker).paint(SCENE.to_json()) is None
    assert not worker.is_running
    assert "no reply in 0.05 s" in caplog.text


def test_processes_that_fail_again_and_again_are_not_started_any_more() -> None:
    started = 0

    def start() -> WorkerProcess:
        nonlocal started
        started += 1
        raise FileNotFoundError("no interpreter")

    pool = ProcessPool(start)
    for _ in range(MAX_FAILURES + 5):
        assert pool.paint(SCENE.to_json()) is None
    assert started == MAX_FAILURES


def test_closed_pool_leaves_no_process(pool: ProcessPool) -> None:
    pool.paint(SCENE.to_json())
    (worker,) = pool._idle
    pool.close()
    assert not worker.is_running


def test_process_ends_when_its_parent_is_killed() -> None:
    command = [sys.executable, "-c", PARENT, SCENE.to_json().decode()]
    # The worker inherits the pipe of stderr, which is at its end once both have ended.
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        parent.kill()
        _, err = parent.communicate(timeout=TIMEOUT)
    assert err == b""


def test_process_without_work_ends() -> None:
    code = "from bot.concurrency.worker_loop import serve; serve(bytes, max_idle=0.01)"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as process:
        assert process.wait(TIMEOUT) == 0


def test_interrupt_from_the_terminal_is_left_to_the_parent(worker: WorkerProcess) -> None:
    worker.ask(SCENE.to_json())
    os.kill(worker.pid, signal.SIGINT)
    assert worker.ask(SCENE.to_json()) == Painter().paint(SCENE)


def test_process_imports_little() -> None:
    run = subprocess.run(
        [sys.executable, "-c", LIST_MODULES], capture_output=True, text=True, check=True
    )
    loaded = set(run.stdout.split())
    assert {"bot", "PIL"} <= loaded
    assert not loaded & {"model", "numpy", "discord", "aiohttp", "onnxruntime", "asyncio"}


@pytest.mark.parametrize(("available", "expected"), [(1, 0), (2, 1), (3, 2), (64, 2)])
def test_one_core_is_left_to_the_event_loop(
    monkeypatch: pytest.MonkeyPatch, available: int, expected: int
) -> None:
    monkeypatch.setattr(processes, "cores", lambda: available)
    assert processes.process_count() == expected
