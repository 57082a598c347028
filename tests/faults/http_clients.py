"""Attacks on the HTTP server of a running bot, and what they do to it.

Each function takes host and port of a process that the caller has started, attacks it from this
process with plain sockets, and returns what was measured. `pid` is the bot's process, and `log` the
file of its standard error, where memory or log are measured; both are read on Linux only. `secret`
is the signing secret of the bystander's requests.
"""

import asyncio
import hashlib
import socket
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict, Unpack

from bot.platforms.slack.http_server import MAX_BODY_BYTES
from tests.stubs.slack.signing import signed_request

PROBE_INTERVAL: Final = 0.02
"""Seconds between the requests that measure the bot's answer time."""

TIME_LIMIT: Final = 60.0
"""Seconds after which an attack or an answer is given up."""

BOMB_BYTES: Final = 1 << 30
"""Size of a decompressed bomb."""

OPENED_AT_ONCE: Final = 100
"""Connections that are opened at once, so that the bystander, in the same loop, is not late."""

OPEN_LIMIT: Final = 1.0
"""Seconds that an attacker waits for a connection, which a busy kernel may not grant."""

HEALTH_REQUEST: Final = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Watched(TypedDict, total=False):
    """The bot's process and the file of its standard error, which are measured, and its secret."""

    pid: int
    log: Path
    secret: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What an attack did.

    Attributes:
        slowest_answer: Seconds that the slowest answered request of a bystander took.
        failed_answers: Requests of a bystander that got no answer.
        peak_memory: Peak resident bytes of the bot; 0 if not measured.
        growth: Bytes that the peak grew by during the attack; 0 if not measured.
        log_bytes: Bytes that the bot logged during the attack.
        statuses: Number of answers to the attacker, by status; 0 for closed connections.
    """

    slowest_answer: float
    failed_answers: int
    peak_memory: int
    growth: int
    log_bytes: int
    statuses: dict[int, int]


async def gzip_bombs(host: str, port: int, count: int = 20, **watched: Unpack[Watched]) -> Measured:
    """Send unsigned gzip bombs of a gigabyte each, which have headers of the right form."""
    body = bomb()
    request = head(len(body), **{"Content-Encoding": "gzip"}) + body
    return await _requests(host, port, request, count, **watched)


async def plain_bodies(
    host: str, port: int, count: int = 200, size: int = 1_000_000, **watched: Unpack[Watched]
) -> Measured:
    """Send unsigned plain bodies at once, which have headers of the right form."""
    return await _requests(host, port, head(size) + b"x" * size, count, **watched)


async def silent_connections(
    host: str, port: int, count: int = 2_000, seconds: float = 3.0, **watched: Unpack[Watched]
) -> Measured:
    """Open connections that send nothing, and hold them for some seconds."""
    return await _held(host, port, b"", count, seconds, **watched)


async def slow_headers(
    host: str, port: int, count: int = 2_000, seconds: float = 3.0, **watched: Unpack[Watched]
) -> Measured:
    """Open connections that send half a header, and hold them for some seconds."""
    return await _held(host, port, head(10)[:60], count, seconds, **watched)


async def slow_bodies(
    host: str, port: int, count: int = 2_000, seconds: float = 3.0, **watched: Unpack[Watched]
) -> Measured:
    """Open connections that send a head and half a body, and hold them for some seconds."""
    return await _held(host, port, head(2_000) + b"x" * 1_000, count, seconds, **watched)


async def endless_bodies(
    host: str, port: int, count: int = 240, seconds: float = 6.0, **watched: Unpack[Watched]
) -> Measured:
    """Send bodies of the greatest length without their last byte, again and again."""

    async def attack() -> list[int]:
        request = head(MAX_BODY_BYTES) + bytes(MAX_BODY_BYTES - 1)
        ends = time.monotonic() + seconds
        statuses: list[int] = []

        async def repeated() -> None:
            while time.monotonic() < ends:
                statuses.append(await _status(host, port, request))

        await asyncio.gather(*(repeated() for _ in range(count)))
        return statuses

    return await _measure(host, port, attack, **watched)


async def garbage(host: str, port: int, count: int = 1_000, **watched: Unpack[Watched]) -> Measured:
    """Send requests that are not HTTP."""
    return await _requests(host, port, b"\x16\x03\x01\x02\0 no HTTP\r\n\r\n", count, **watched)


async def answer_time(host: str, port: int, secret: str | None = None) -> float:
    """Return the seconds that a request on a new connection takes; raise OSError if it fails.

    It is a signed one, else, without a secret, one for the health page.
    """
    started = time.monotonic()
    request = _signed(secret) if secret else HEALTH_REQUEST
    if await _status(host, port, request) != 200:
        raise ConnectionError("refused")
    return time.monotonic() - started


def head(length: int, **headers: str) -> bytes:
    """Return the head of a request for Slack events with an invalid signature of the right form."""
    lines = {
        "Host": "127.0.0.1",
        "Content-Type": "application/json",
        "Content-Length": str(length),
        "X-Slack-Request-Timestamp": str(int(time.time())),
        "X-Slack-Signature": f"v0={hashlib.sha256(b'').hexdigest()}",
        **headers,
    }
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST /slack/events HTTP/1.1\r\n{text}\r\n".encode()


def bomb(size: int = BOMB_BYTES) -> bytes:
    """Return zeros compressed with gzip, without compressing more than a megabyte."""
    block = 1 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    start = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    # A block after a full flush depends on nothing before it, and so may be repeated.
    repeated = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + repeated * (size // block - 1) + packer.flush()


async def _requests(
    host: str, port: int, request: bytes, count: int, **watched: Unpack[Watched]
) -> Measured:
    async def attack() -> list[int]:
        sent = (_status(host, port, request) for _ in range(count))
        return list(await asyncio.gather(*sent))

    return await _measure(host, port, attack, **watched)


async def _held(
    host: str, port: int, sent: bytes, count: int, seconds: float, **watched: Unpack[Watched]
) -> Measured:
    async def attack() -> list[int]:
        async with _connections(host, port, sent, count):
            await asyncio.sleep(seconds)
        return []

    return await _measure(host, port, attack, **watched)


@asynccontextmanager
async def _connections(host: str, port: int, sent: bytes, count: int) -> AsyncIterator[None]:
    async def opened() -> Connection | None:
        try:
            async with asyncio.timeout(OPEN_LIMIT):
                reader, writer = await asyncio.open_connection(host, port)
        except (OSError, TimeoutError):
            return None
        writer.write(sent)
        return reader, writer

    held: list[Connection | None] = []
    try:
        while len(held) < count:
            batch = min(OPENED_AT_ONCE, count - len(held))
            held += await asyncio.gather(*(opened() for _ in range(batch)))
        yield
    finally:
        for connection in held:
            if connection:
                connection[1].transport.abort()


async def _measure(
    host: str,
    port: int,
    attack: Callable[[], Awaitable[list[int]]],
    *,
    pid: int | None = None,
    log: Path | None = None,
    secret: str | None = None,
) -> Measured:
    memory, logged = _peak_memory(pid), _size(log)
    ended = asyncio.Event()
    bystander = asyncio.create_task(_probe(host, port, secret, ended))
    try:
        async with asyncio.timeout(2 * TIME_LIMIT):
            statuses = await attack()
    finally:
        ended.set()
        times, failed = await bystander
    after = _peak_memory(pid)
    return Measured(
        slowest_answer=max(times, default=float("inf")),
        failed_answers=failed,
        peak_memory=after,
        growth=after - memory,
        log_bytes=_size(log) - logged,
        statuses={status: statuses.count(status) for status in sorted(set(statuses))},
    )


async def _probe(
    host: str, port: int, secret: str | None, ended: asyncio.Event
) -> tuple[list[float], int]:
    """Send requests until the attack has ended; return their seconds and how many failed."""
    times, failed = [], 0
    while not ended.is_set():
        try:
            async with asyncio.timeout(TIME_LIMIT):
                times.append(await answer_time(host, port, secret))
        except (OSError, TimeoutError):
            failed += 1
        await asyncio.sleep(PROBE_INTERVAL)
    return times, failed


def _signed(secret: str) -> bytes:
    """Return a signed request, which is answered without effects."""
    challenge = {"type": "url_verification", "challenge": "abc"}
    body, headers = signed_request("events_api", challenge, secret)
    return head(len(body), **headers, Connection="close") + body


async def _status(host: str, port: int, request: bytes) -> int:
    """Send a request; return the status of its answer, 0 if the connection was closed.

    A stream would copy the request.
    """
    loop = asyncio.get_running_loop()
    with socket.socket() as connection:
        connection.setblocking(False)  # noqa: FBT003 - the standard library's
        try:
            async with asyncio.timeout(TIME_LIMIT):
                await loop.sock_connect(connection, (host, port))
                sending = asyncio.create_task(loop.sock_sendall(connection, request))
                try:
                    answer = await loop.sock_recv(connection, 4096)
                finally:
                    sending.cancel()
                    await asyncio.gather(sending, return_exceptions=True)
            return int(answer.split()[1])
        except (OSError, TimeoutError, IndexError, ValueError):
            return 0


def _peak_memory(pid: int | None) -> int:
    """Return the peak resident bytes of a process; 0 if that is not known."""
    status = Path(f"/proc/{pid}/status")
    if pid is None or not status.exists():
        return 0
    lines = dict(line.split(":", 1) for line in status.read_text(encoding="ascii").splitlines())
    return int(lines["VmHWM"].split()[0]) * 1024


def _size(log: Path | None) -> int:
    return log.stat().st_size if log and log.exists() else 0
