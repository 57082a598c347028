"""Runs `python -m ...` as a user does: a process of its own, a data folder of its own."""

import asyncio
import os
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.runtime.settings import Settings

ROOT = Path(__file__).parents[2]
NOBODY = "http://127.0.0.1:1"
TIME_LIMIT = 60


@dataclass(frozen=True)
class Done:
    """A process that ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Awaitable[Done]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Make an environment without the developer's own settings and without a network."""
    ours = {name.upper() for name in Settings.model_fields}
    plain = {name: value for name, value in os.environ.items() if name not in ours}
    return plain | {
        "DATA_DIR": str(tmp_path / "var"),
        "LOCAL_PORT": str(free_port()),
        "RECCOBEATS_URL": NOBODY,
        "OEMBED_URL": NOBODY,
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    """Run `python -m MODULE ARGUMENTS...`, with `stdin` and further environment."""

    async def start(*arguments: str, stdin: bytes = b"", **more: str) -> Done:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            cwd=tmp_path,
            env=environment | more,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(TIME_LIMIT):
            out, err = await process.communicate(stdin)
        assert process.returncode is not None
        return Done(process.returncode, out.decode(), err.decode())

    return start


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
