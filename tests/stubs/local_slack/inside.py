"""Runs local-slack in a network namespace of its own, which this program is started in.

    inside.py BINARY CONFIG PORT FOLDER

local-slack listens on all interfaces, and here the only one is the namespace's own loopback. Two
sockets in FOLDER, which no network reaches, lead in and out: connections to `slack` arrive at
local-slack's PORT, connections to local port BOT arrive at whoever listens at `bot`. Says `ready`
when local-slack listens; ends when its standard input does, so that it never outlives a test.
"""

import asyncio
import contextlib
import fcntl
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Final

BOT: Final = 4000
"""The port at which local-slack finds the bot's address for events."""

READY: Final = b"Web API base"
SIOCSIFFLAGS: Final = 0x8914
IFF_UP: Final = 1

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Dial = Callable[[], Awaitable[Streams]]


async def main(binary: str, config: str, port: str, folder: Path) -> None:
    loopback_up()
    arguments = ["--config", config, "--port", port, "--base-host", "127.0.0.1"]
    files = ["--files-dir", str(folder / "files")]
    slack = await asyncio.create_subprocess_exec(
        binary, *arguments, *files, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
    )
    try:
        to_slack = partial(asyncio.open_connection, "127.0.0.1", int(port))
        to_bot = partial(asyncio.open_unix_connection, folder / "bot")
        await asyncio.start_unix_server(partial(join, to_slack), folder / "slack")
        await asyncio.start_server(partial(join, to_bot), "127.0.0.1", BOT)
        assert slack.stdout is not None
        while READY not in (line := await slack.stdout.readline()):
            if not line:
                sys.exit("local-slack did not start")
        print("ready", flush=True)  # noqa: T201 - to whoever started this
        await asyncio.to_thread(sys.stdin.read)
    finally:
        with contextlib.suppress(ProcessLookupError):
            slack.kill()
        await slack.wait()


def loopback_up() -> None:
    """Switch the loopback interface on, as `ip link set lo up` does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))


async def join(dial: Dial, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes both ways between a connection and the one that `dial` makes."""
    try:
        there, back = await dial()
    except OSError:
        writer.transport.abort()
        return
    await asyncio.gather(carry(reader, back), carry(there, writer))


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])))
