"""Program that runs local-slack in the network namespace that it is started in.

    namespace.py BINARY CONFIG PORT FOLDER

local-slack listens on all interfaces; in the namespace there is only loopback. Two Unix sockets in
FOLDER connect it to the outside: connections to `slack` are forwarded to local-slack's PORT, and
connections to the namespace's port BOT_PORT are forwarded to `bot`. The program prints `ready` when
local-slack listens, and ends when its standard input is closed, so that it does not outlive a test.
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

BOT_PORT: Final = 4000
"""Port in the namespace to which local-slack sends events."""

READY: Final = b"Web API base"
"""Part of the line that local-slack prints when it listens."""
SIOCSIFFLAGS: Final = 0x8914
IFF_UP: Final = 1
"""Request and flag that enable a network interface, of <linux/sockios.h> and <linux/if.h>."""

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Streams]]


async def main(binary: str, config: str, port: str, folder: Path) -> None:
    """Run local-slack until standard input is closed."""
    enable_loopback()
    arguments = ["--config", config, "--port", port, "--base-host", "127.0.0.1"]
    files = ["--files-dir", str(folder / "files")]
    slack = await asyncio.create_subprocess_exec(
        binary, *arguments, *files, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
    )
    try:
        to_slack = partial(asyncio.open_connection, "127.0.0.1", int(port))
        to_bot = partial(asyncio.open_unix_connection, folder / "bot")
        await asyncio.start_unix_server(partial(forward, to_slack), folder / "slack")
        await asyncio.start_server(partial(forward, to_bot), "127.0.0.1", BOT_PORT)
        assert slack.stdout is not None
        while READY not in (line := await slack.stdout.readline()):
            if not line:
                sys.exit("local-slack did not start")
        print("ready", flush=True)  # noqa: T201 - read by the parent process
        await asyncio.to_thread(sys.stdin.read)
    finally:
        with contextlib.suppress(ProcessLookupError):
            slack.kill()
        await slack.wait()


def enable_loopback() -> None:
    """Enable the loopback interface, as `ip link set lo up` does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))


async def forward(
    connect: Connect, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Forward bytes in both directions between a connection and a new one by `connect`."""
    try:
        other_reader, other_writer = await connect()
    except OSError:
        writer.transport.abort()
        return
    await asyncio.gather(copy(reader, other_writer), copy(other_reader, writer))


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy bytes until the end of the stream."""
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])))
