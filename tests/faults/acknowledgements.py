"""Acknowledgements: many Slack events at once by HTTP, on SQLite and on a distant PostgreSQL."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

from tests.faults.distant import distant_database
from tests.faults.lab import Lab, settled
from tests.faults.slack_side import SlackSide
from tests.faults.table import Row, at_most, counted, exactly
from tests.stubs.slack.delivery import ACK_TIMEOUT, Delivery
from tests.stubs.slack.signing import signed_request

REQUEST_SECONDS = 60.0
QUIET_SECONDS = 30.0
LIMIT_SECONDS = 600.0
WARM_UP_SECONDS = 60.0
CHANNELS = 100
HASH_KEY = "a key of the laboratory, to hash users"


@dataclass(frozen=True, slots=True)
class Reply:
    """An acknowledgement: its status (0 without one), and seconds since the request was sent."""

    status: int
    seconds: float


async def run(lab: Lab) -> AsyncIterator[Row]:
    """Send the events on both databases."""
    count = lab.size(3000, 200)
    async for row in at_once(lab, "SQLite", count, {}):
        yield row
    async with distant_database() as url:
        settings = {"DATABASE_URL": url, "USER_HASH_KEY": HASH_KEY}
        async for row in at_once(lab, "PostgreSQL at 4 ms", count, settings):
            yield row


async def at_once(
    lab: Lab, database: str, count: int, settings: dict[str, str]
) -> AsyncIterator[Row]:
    """Send `count` events at once; yield how long their acknowledgements took."""
    side = SlackSide(channels=CHANNELS)
    async with side.running(lab.subfolder(database.replace(" ", "-"))):
        side.bot.environment |= settings
        await side.bot.start()
        side.paste()  # what the first card loads is loaded
        await settled(side.open_count, quiet=WARM_UP_SECONDS, limit=WARM_UP_SECONDS)
        deliveries = undelivered(side, count)
        replies = await send_all(side, deliveries)
        statuses = Counter(reply.status for reply in replies)
        slowest = max(reply.seconds for reply in replies)
        late = sum(reply.seconds > ACK_TIMEOUT for reply in replies)
        name = f"{len(replies):,} events at once, {database}"
        yield exactly(f"{name}: acknowledged later than {ACK_TIMEOUT:g} s", 0, late)
        yield at_most(f"{name}: slowest acknowledgement", ACK_TIMEOUT, slowest, "s")
        yield exactly(f"{name}: not acknowledged", 0, len(replies) - statuses[200])
        left = await settled(side.open_count, quiet=QUIET_SECONDS, limit=LIMIT_SECONDS)
        yield counted(f"{name}: messages in them", len(side.ledger.pastes) - 1)
        yield exactly(f"{name}: messages without an answer", 0, left)
        twice = sum(replied > 1 for replied in side.answers().values())
        yield exactly(f"{name}: messages answered twice", 0, twice)
    lab.report(name)


def undelivered(side: SlackSide, count: int) -> list[Delivery]:
    """Let people post until there are `count` events, which the stub does not deliver."""
    processes, before = side.stub.deliveries.processes, len(side.stub.deliveries.all)
    side.stub.deliveries.processes = []
    while len(side.stub.deliveries.all) - before < count:
        side.paste()
    side.stub.deliveries.processes = processes
    return side.stub.deliveries.all[before:]


async def send_all(side: SlackSide, deliveries: list[Delivery]) -> list[Reply]:
    """Send events at once, each on a connection of its own.

    The requests are bytes made before: a client that makes them would take part of the time.
    """
    requests = [http_request(one, side.port) for one in deliveries]
    return await asyncio.gather(*(send(request, side.port) for request in requests))


def http_request(delivery: Delivery, port: int) -> bytes:
    """Return the bytes of a signed request."""
    body, headers = signed_request(delivery.kind, delivery.payload)
    headers |= {"Host": f"127.0.0.1:{port}", "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /slack/events HTTP/1.1\r\nConnection: close\r\n{lines}\r\n".encode() + body


async def send(request: bytes, port: int) -> Reply:
    """Send a request; return its acknowledgement."""
    begin = time.monotonic()
    try:
        async with asyncio.timeout(REQUEST_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            line = await reader.readline()
    except (OSError, TimeoutError):
        line = b""
    else:
        writer.transport.abort()
    return Reply(int(line.split()[1]) if line else 0, time.monotonic() - begin)
