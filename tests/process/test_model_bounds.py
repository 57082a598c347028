"""`python -m model predict` on inputs without end, in a process with little memory."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.bot_process import ROOT, TIME_LIMIT

MEMORY = 3 << 30
"""Bytes of address space; the libraries and their threads take two thirds of them."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS and /dev/zero")


def long_line(pipe: int) -> None:
    """Write a line of 20 GB, as far as it is read."""
    piece = b"x" * (1 << 20)
    for _ in range(20_000):
        os.write(pipe, piece)


def open_quote(pipe: int) -> None:
    """Write a row that does not end."""
    os.write(pipe, b'danceability,energy,speechiness,acousticness,tempo\n"')
    piece = b'","\n' * (1 << 18)
    while True:
        os.write(pipe, piece)


@pytest.mark.parametrize(
    ("write", "sentence"),
    [(long_line, "a line is longer"), (open_quote, "a row is longer")],
    ids=["a line of 20 GB", "a row without end"],
)
async def test_pipe_without_end_ends_in_one_sentence(
    tmp_path: Path, write: Callable[[int], None], sentence: str
) -> None:
    fifo = tmp_path / "songs.csv"
    os.mkfifo(fifo)

    def feed() -> None:
        with fifo.open("wb", buffering=0) as pipe:
            try:
                write(pipe.fileno())
            except BrokenPipeError:
                return

    feeding = asyncio.create_task(asyncio.to_thread(feed))
    assert await predict(tmp_path, str(fifo)) == (1, sentence)
    await feeding


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom"])
async def test_device_ends_in_one_sentence(tmp_path: Path, device: str) -> None:
    assert await predict(tmp_path, device) == (1, "looks like a binary file")


async def predict(folder: Path, source: str) -> tuple[int | None, str]:
    """Return the exit code, and the expected part of the one sentence that was printed."""
    # By a shell, as a limit set after a fork would need a process without threads.
    limited = f'ulimit -v {MEMORY >> 10} && exec "$@"'
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", limited, "sh", sys.executable, "-m", "model", "predict", source, "out.csv",
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    async with asyncio.timeout(TIME_LIMIT):
        out, err = await process.communicate()
    (line,) = err.decode().strip().splitlines()
    assert not out
    assert not (folder / "out.csv").exists()
    known = ("a line is longer", "a row is longer", "looks like a binary file")
    return process.returncode, next((part for part in known if part in line), line)
