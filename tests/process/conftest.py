"""Fixtures that run `python -m ...` in a subprocess with a data folder of its own."""

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

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


def free_port() -> int:
    """Return a free port on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
