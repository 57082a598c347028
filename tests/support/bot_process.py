"""Runs `python -m bot run` as a process, with settings of its own."""

import asyncio
import os
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from bot.runtime.settings import Settings

SOURCES = tuple(
    name.upper()
    for name, field in Settings.model_fields.items()
    if name.endswith("_url") and str(field.default).startswith("https://")
)
"""Settings of the addresses of all outside services."""

ROOT = Path(__file__).parents[2]
UNREACHABLE = "http://127.0.0.1:1"
TIME_LIMIT = 30
"""Seconds."""


def bot_environment(
    folder: Path, inherited: Mapping[str, str] = os.environ, **variables: str
) -> dict[str, str]:
    """Return an environment without inherited settings, and with unreachable sources."""
    settings = {name.upper() for name in Settings.model_fields} | {"LOCAL_HOST", "LOCAL_PORT"}
    return {name: value for name, value in inherited.items() if name not in settings} | {
        "DATA_DIR": str(folder / "var"),
        **dict.fromkeys(SOURCES, UNREACHABLE),
        "PYTHONPATH": str(ROOT),
        **variables,
    }


def offline_settings(folder: Path, **settings: Any) -> Settings:
    """Return settings with a data folder, with which no outside service can be reached."""
    addresses = {name.lower(): UNREACHABLE for name in SOURCES}
    return Settings(data_dir=folder, **{**addresses, **settings})


@asynccontextmanager
async def running_bot(
    *arguments: str, folder: Path, environment: Mapping[str, str], stdin: int = DEVNULL
) -> AsyncIterator[Process]:
    """Start the bot; kill it at the end of the block if it is still running."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", *arguments,
        cwd=folder, env=environment, stdin=stdin, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def end_leases(folder: Path) -> None:
    """End the leases of a killed process's jobs, as time does in `job_runner.LEASE`."""
    with closing(sqlite3.connect(folder / "var" / "soundslike.db")) as database, database:
        database.execute("UPDATE inbox SET lease_until = NULL")


async def wait_for_exit(process: Process) -> tuple[int | None, str, str]:
    """Wait until a process exits; return its exit code, stdout and stderr."""
    async with asyncio.timeout(TIME_LIMIT):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def first_line(process: Process) -> str:
    """Return the line that is printed when the bot is ready."""
    return await _next_line(process.stdout)


async def next_log_line(process: Process) -> str:
    """Return the next line of the log."""
    return await _next_line(process.stderr)


def warnings_of(err: str) -> list[str]:
    """Return the lines of a log above level INFO."""
    return [line for line in err.splitlines() if " INFO " not in line]


async def _next_line(stream: asyncio.StreamReader | None) -> str:
    assert stream is not None
    async with asyncio.timeout(TIME_LIMIT):
        return (await stream.readline()).decode()
