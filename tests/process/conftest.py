"""Fixtures that run `python -m ...` with a data folder of its own, mostly in a subprocess."""

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.runtime.log_setup import OURS
from tests.support.bot_process import bot_environment

ROOT = Path(__file__).parents[2]
CLOSED_PORT_URL = "http://127.0.0.1:1"
TIMEOUT = 60
"""Seconds."""


@dataclass(frozen=True)
class Completed:
    """Exit code and output of a finished process."""

    code: int
    out: str
    err: str


Run = Callable[..., Awaitable[Completed]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment without inherited settings, and with unreachable services."""
    return bot_environment(tmp_path, WEB_PORT=str(free_port()))


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    """Return a function that runs `python -m MODULE ARGUMENTS...`.

    It takes the standard input as `stdin` and environment variables as keyword arguments.
    """

    async def start(*arguments: str, stdin: bytes = b"", **variables: str) -> Completed:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            cwd=tmp_path,
            env=environment | variables,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(TIMEOUT):
            out, err = await process.communicate(stdin)
        assert process.returncode is not None
        errors = "replace" if "PYTHONIOENCODING" in variables else "strict"
        return Completed(process.returncode, out.decode(errors=errors), err.decode(errors=errors))

    return start


@pytest.fixture
def call(
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    _restored_logging: None,
) -> Run:
    """Return a function that runs a command of the bot in this process, as `run` does in another.

    It takes a tenth of the time; for what a process of its own does not change. The command `run`
    needs one, as it handles signals.
    """
    monkeypatch.chdir(tmp_path)

    async def start(module: str, *arguments: str, **variables: str) -> Completed:
        assert module == "bot"
        with monkeypatch.context() as patch:
            for name in os.environ.keys() - environment.keys():
                patch.delenv(name)
            for name, value in (environment | variables).items():
                patch.setenv(name, value)
            code = await asyncio.to_thread(
                main, arguments
            )  # a command has an event loop of its own
        return Completed(code, *capsys.readouterr())

    return start


@pytest.fixture
def _restored_logging() -> Iterator[None]:
    """Restore the configuration of the log, which commands change."""
    root, ours = logging.getLogger(), logging.getLogger(OURS)
    handlers, levels = root.handlers[:], (root.level, ours.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def free_port() -> int:
    """Return a free port on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
