"""Measures the web page with 1,000 visitors at once, over HTTP on loopback.

Each is a new visitor, who opens the page, asks for a song and loads the history again. The visitors
share one process and at most `CONNECTIONS` connections. On a page for everyone each has an address
of its own, as a proxy tells it, and no request is refused. Runs alone as well:

python -m tests.bench.visitors [COUNT]
"""

import asyncio
import http.client
import json
import os
import select
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from tests.bench.cards import cpu_seconds, memory_mb
from tests.bench.process import free_port
from tests.bench.table import Row, milliseconds, show
from tests.support.bot_process import ROOT, bot_environment, first_line, running_bot
from tests.support.web_crowd import Headers, Visit, address_of, no_headers, popular_songs, visit_all

COUNT: Final = 1000
CONNECTIONS: Final = 1000
PROBE_SECONDS: Final = 0.02
"""Pause between two requests that tell how long the event loop takes to answer."""

PAGES: Final = 500
"""Requests for the page of one song."""

MAX_CARD_SECONDS: Final = 45.0
"""Time after which the page gives up waiting (`page/net.js`)."""

MAX_MEMORY_MB: Final = 300
MAX_PAGE_SECONDS: Final = 0.005


@dataclass(frozen=True, slots=True)
class Crowd:
    """What the visitors got, and what it cost.

    Attributes:
        visits: One for each visitor.
        wall: Seconds from the first request to the last reply.
        cpu: CPU time of the bot for each visitor, in seconds.
        memory: Resident memory of the bot afterwards, in MB.
        delays: Seconds in which the event loop answered meanwhile, in ascending order.
        page: Seconds for the page of a song that is in memory; None without such pages.
    """

    visits: Sequence[Visit]
    wall: float
    cpu: float
    memory: float
    delays: Sequence[float]
    page: float | None


def measure(scratch: Path, count: int = COUNT) -> Iterator[Row]:
    """Yield the rows of a page for this computer alone and of one for everyone."""
    for is_public in (False, True):
        folder = scratch / ("public" if is_public else "local")
        folder.mkdir(parents=True, exist_ok=True)
        crowd = asyncio.run(come(folder, count, is_public=is_public))
        yield from rows(crowd, f"{folder.name} page")


def rows(crowd: Crowd, page: str) -> Iterator[Row]:
    """Yield the rows of one page."""
    count = len(crowd.visits)
    cards = sorted(one.card for one in crowd.visits)
    pages = sorted(one.first_byte for one in crowd.visits)
    numbers = {number for one in crowd.visits for number, _ in one.cards}
    songs = set(popular_songs(count))
    are_own = all(
        list(one.shown) == [number for number, _ in one.cards]
        and [title for _, title in one.cards] == [one.title]
        for one in crowd.visits
    )
    yield Row(
        f"{count:,} visitors at once, {page}: first card",
        f"{at(cards, 0.5):.1f} s, p99 {at(cards, 0.99):.1f} s, {count / crowd.wall:.0f} cards/s",
        "",
        f"each the own song, each song one card, p99 under {MAX_CARD_SECONDS:.0f} s",
        at(cards, 0.99) < MAX_CARD_SECONDS and len(numbers) == len(songs) and are_own,
    )
    yield Row(
        "first byte of the page meanwhile",
        f"{milliseconds(at(pages, 0.5))}, p99 {milliseconds(at(pages, 0.99))}",
        "",
        "",
        None,
    )
    yield Row(
        "event loop answers meanwhile",
        f"{milliseconds(at(crowd.delays, 0.5))}, p99 {milliseconds(at(crowd.delays, 0.99))},"
        f" at most {milliseconds(crowd.delays[-1])}",
        "",
        "",
        None,
    )
    yield Row(
        "CPU a visitor; memory after them",
        f"{milliseconds(crowd.cpu)}; {crowd.memory:.0f} MB",
        "",
        f"under {MAX_MEMORY_MB} MB",
        crowd.memory < MAX_MEMORY_MB,
    )
    if crowd.page is not None:
        yield Row(
            "page of a song that is in memory",
            milliseconds(crowd.page),
            "",
            f"under {milliseconds(MAX_PAGE_SECONDS)}",
            crowd.page < MAX_PAGE_SECONDS,
        )


async def come(scratch: Path, count: int, *, is_public: bool) -> Crowd:
    """Start the bot, and let `count` visitors come."""
    port = free_port(scratch)
    address = f"http://127.0.0.1:{port}"
    arguments = ["--platform", "web"]
    variables = {"WEB_PORT": str(port)}
    headers = address_of if is_public else no_headers
    if is_public:
        arguments.append("--public")
        variables |= {"PUBLIC_URL": address, "TRUSTED_PROXIES": "127.0.0.0/8"}
    environment = bot_environment(scratch, os.environ, **variables)
    async with running_bot(*arguments, folder=scratch, environment=environment) as bot:
        await first_line(bot)
        await visit_all(address, 1, 1)  # the model is loaded
        return await _measured(bot, address, count, headers)


async def _measured(bot: Process, address: str, count: int, headers: Headers) -> Crowd:
    before, start = cpu_seconds(bot.pid), time.perf_counter()
    async with _probing(address) as probe:
        visits = await visit_all(address, count, CONNECTIONS, headers)
        wall, cpu = time.perf_counter() - start, cpu_seconds(bot.pid) - before
        delays, _ = await probe.communicate(b"")  # the end of its input
    memory = memory_mb(bot.pid)
    page = await _page(address, headers)
    return Crowd(visits, wall, cpu / count, memory, json.loads(delays), page)


@asynccontextmanager
async def _probing(address: str) -> AsyncIterator[Process]:
    """Run `probe` in a process of its own, as this one is busy; it ends with its input."""
    code = f"from tests.bench import visitors; visitors.probe({address!r})"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def probe(address: str) -> None:
    """Ask for what needs nothing but the event loop, until the input ends; print the seconds."""
    delays = []
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    while not select.select([sys.stdin], [], [], PROBE_SECONDS)[0]:
        start = time.perf_counter()
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        delays.append(time.perf_counter() - start)
    print(json.dumps(sorted(delays)))


async def _page(address: str, headers: Headers) -> float | None:
    """Return the seconds for the page of a song, the second time and later."""
    ((song_id, _),) = popular_songs(1)
    async with aiohttp.ClientSession(address, cookie_jar=aiohttp.DummyCookieJar()) as session:
        durations = []
        for number in range(PAGES):
            start = time.perf_counter()
            async with session.get(f"/song/{song_id}", headers=headers(number)) as response:
                if response.status != HTTPStatus.OK:
                    return None
                await response.read()
            durations.append(time.perf_counter() - start)
    return at(sorted(durations), 0.5)


def at(ascending: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values is."""
    return ascending[min(int(share * len(ascending)), len(ascending) - 1)]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for row in measure(Path(folder), int(sys.argv[1]) if sys.argv[1:] else COUNT):
            show(row)
