"""Start and stop of the web platform."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.domain.errors import ConfigurationError, PortInUse
from bot.platforms.web.platform import WebPlatform
from bot.platforms.web.site import Site
from tests.support.fake_services import FakeServices


@asynccontextmanager
async def running(platform: WebPlatform, fake: FakeServices) -> AsyncIterator[str]:
    lines: asyncio.Queue[str] = asyncio.Queue()
    task = asyncio.create_task(platform.run(fake.services, lines.put))
    try:
        yield await lines.get()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_ready_line_contains_the_address(fake: FakeServices) -> None:
    async with running(WebPlatform(port=0), fake) as line, aiohttp.ClientSession() as session:
        assert line.startswith("Web: http://127.0.0.1:")
        async with session.get(line.removeprefix("Web: ") + "/healthz") as response:
            assert await response.json() == {"ok": True}


async def test_default_host_is_loopback(fake: FakeServices) -> None:
    async with running(WebPlatform(port=0), fake) as line:
        port = int(line.rpartition(":")[2])
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", port), timeout=5)


async def test_taken_port_is_reported_with_its_setting(
    fake: FakeServices,
) -> None:
    async with running(WebPlatform(port=0), fake) as line:
        port = int(line.rpartition(":")[2])
        with pytest.raises(PortInUse, match=rf"{port}.*WEB_PORT"):
            await WebPlatform(port=port).run(fake.services, fail_if_ready)


@pytest.mark.parametrize(
    ("host", "port"),
    [
        pytest.param("127.0.0.1", 70_000, id="no such port"),
        pytest.param("192.0.2.1", 0, id="not an address of this computer"),
    ],
)
async def test_unusable_address_is_a_configuration_error(
    fake: FakeServices, host: str, port: int
) -> None:
    with pytest.raises(ConfigurationError, match=host):
        await WebPlatform(Site(host), port).run(fake.services, fail_if_ready)


async def test_stop_does_not_wait_for_a_hanging_answer(
    fake: FakeServices,
) -> None:
    fake.ask.gate.clear()
    loop = asyncio.get_running_loop()
    async with aiohttp.ClientSession() as session:
        async with running(WebPlatform(port=0), fake) as line:
            request = asyncio.create_task(ask(session, line))
            await fake.ask.arrived.wait()
            stopped = loop.time()
        assert loop.time() - stopped < 2
        with pytest.raises(aiohttp.ClientError):
            await request


async def test_stop_lets_an_answer_in_progress_finish(fake: FakeServices) -> None:
    fake.ask.gate.clear()
    async with aiohttp.ClientSession() as session:
        async with running(WebPlatform(port=0), fake) as line:
            request = asyncio.create_task(ask(session, line))
            await fake.ask.arrived.wait()
            asyncio.get_running_loop().call_later(0.05, fake.ask.gate.set)
        assert await request == 200


async def ask(session: aiohttp.ClientSession, line: str) -> int:
    address = line.removeprefix("Web: ")
    body = {"id": "abcdefgh", "text": "heroes"}
    async with session.post(f"{address}/api/messages", json=body) as response:
        return response.status


async def fail_if_ready(line: str) -> None:
    raise AssertionError(line)
