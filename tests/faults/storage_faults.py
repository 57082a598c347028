"""A database that is locked, and a disk that is full, while people post and vote."""

import asyncio
import contextlib
import resource
import subprocess
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path

from tests.faults.bots import Bot
from tests.faults.discord_side import DiscordSide
from tests.faults.lab import Lab, settled, side_by_side, wait_for
from tests.faults.slack_side import SlackSide
from tests.faults.table import Row, counted, exactly

MESSAGES = 15
BETWEEN_SECONDS = 0.2
LOCK_WAIT_SECONDS = 12
"""Longer than the bot waits for a lock by itself."""

LIMIT_SECONDS = 120.0
QUIET_SECONDS = 30.0
DISK_MB = 48
BLOCK = bytes(1 << 16)
LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""

SIDES: Mapping[str, type[DiscordSide | SlackSide]] = {"discord": DiscordSide, "slack": SlackSide}

Fault = Callable[[Bot], AbstractAsyncContextManager[None]]


async def run(lab: Lab) -> AsyncIterator[Row]:
    """Lock the database and fill the disk, on both platforms."""
    seconds = lab.size(15, LOCK_WAIT_SECONDS)
    experiments = [
        part
        for side in ("discord", "slack")
        for part in (lock_database(lab, side, seconds), fill_disk(lab, side, seconds))
    ]
    async for row in side_by_side(*experiments):
        yield row


async def lock_database(lab: Lab, platform: str, seconds: float) -> AsyncIterator[Row]:
    """Let people post while another process holds the write lock."""
    folder = lab.subfolder(f"locked-{platform}")
    name = f"{platform}, database locked for {seconds} s"
    async for row in post_during(SIDES[platform](), folder, locked, name, seconds):
        yield row
    lab.report(name)


async def fill_disk(lab: Lab, platform: str, seconds: float) -> AsyncIterator[Row]:
    """Let people post while the disk has no space left."""
    folder = lab.subfolder(f"full-{platform}")
    with small_disk(folder / "var") as how:
        name = f"{platform}, disk full for {seconds} s ({how})"
        fault = filled if how == "tmpfs" else file_size_limited
        async for row in post_during(SIDES[platform](), folder, fault, name, seconds):
            yield row
    lab.report(name)


async def post_during(
    side: DiscordSide | SlackSide, folder: Path, fault: Fault, name: str, seconds: float
) -> AsyncIterator[Row]:
    """Let people post and vote while the fault lasts; compare afterwards."""
    async with side.running(folder):
        await side.bot.start()
        card = side.paste()
        await wait_for(lambda: side.answers()[card], LIMIT_SECONDS)
        begin = time.monotonic()
        async with fault(side.bot):
            for _ in range(MESSAGES):
                side.paste()
                side.react()
                await asyncio.sleep(BETWEEN_SECONDS)
            await asyncio.sleep(max(0.0, begin + seconds - time.monotonic()))
            yield counted(f"{name}: answered meanwhile", MESSAGES - side.open_count())
        await settled(side.remaining, quiet=QUIET_SECONDS, limit=LIMIT_SECONDS)
        tally = side.tally()
        yield counted(f"{name}: accepted messages", tally.accepted - 1)
        yield exactly(f"{name}: accepted, without an answer", 0, tally.unanswered)
        yield exactly(f"{name}: answered twice", 0, tally.twice)
        yield counted(f"{name}: replies that are no card", tally.failures)
        yield counted(f"{name}: accepted votes", tally.votes)
        yield exactly(f"{name}: accepted votes that are lost", 0, tally.votes_lost)
        yield exactly(f"{name}: process runs", 1, int(side.bot.is_running))


@asynccontextmanager
async def locked(bot: Bot) -> AsyncIterator[None]:
    """Let another process hold the write lock of the database."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LOCK, str(bot.database), stdin=PIPE, stdout=PIPE
    )
    assert process.stdout
    assert await process.stdout.readline() == b"locked\n"
    try:
        yield
    finally:
        await process.communicate(b"")  # it ends with its standard input


@contextmanager
def small_disk(folder: Path) -> Iterator[str]:
    """Mount a small disk in a new folder; yield "tmpfs", or another way if that is not allowed."""
    folder.mkdir(parents=True)
    options = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "faults", str(folder)]
    with contextlib.suppress(OSError):
        if subprocess.run(options, check=False, capture_output=True).returncode == 0:
            try:
                yield "tmpfs"
            finally:
                umount = ["umount", "--lazy", str(folder)]
                subprocess.run(umount, check=True)
            return
    yield "limit on the size of files"


@asynccontextmanager
async def filled(bot: Bot) -> AsyncIterator[None]:
    """Fill the disk of the database."""
    filler = bot.database.parent / "filler"
    await asyncio.to_thread(fill, filler)
    try:
        yield
    finally:
        filler.unlink()


def fill(path: Path) -> None:
    """Write to a file until there is no space left."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(BLOCK)


@asynccontextmanager
async def file_size_limited(bot: Bot) -> AsyncIterator[None]:
    """Let every write of the process fail."""
    before = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, before)
