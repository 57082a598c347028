"""A server on loopback under connections that cost it more than their sender."""

import asyncio

import aiohttp
import pytest

from bot.platforms.http import server
from bot.platforms.http.connections import Limits
from bot.texts import http as words
from tests.support.http_app import LIMITS, LONG, App, answer, connect, get, is_closed, serving


async def test_a_request_is_answered_among_more_silent_connections_than_places() -> None:
    app = App()
    async with serving(app) as port:
        silent = [await connect(port) for _ in range(20)]  # on Linux, they wait in the kernel
        slow = [await connect(port, b"POST / HT") for _ in range(20)]
        assert await answer(await connect(port, get())) == (200, "here")
        closed = [connection for connection in slow if await is_closed(connection)]
    assert len(closed) >= len(slow) - LIMITS.connections
    for _, writer in silent:
        writer.close()


async def test_a_request_in_progress_is_not_closed_for_others_which_wait() -> None:
    app = App()
    async with serving(app, Limits(1, grace=LONG)) as port:
        first = await connect(port, get("/wait"))
        await app.started.wait()
        second = await connect(port, get())
        reading = asyncio.create_task(answer(second))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not reading.done()
        app.proceed.set()
        assert await answer(first) == (200, "waited")
        assert await reading == (200, "here")


async def test_a_connection_kept_alive_serves_several_requests() -> None:
    async with serving(App()) as port, aiohttp.ClientSession() as session:
        for _ in range(3):
            async with session.get(f"http://127.0.0.1:{port}/") as response:
                assert await response.text() == "here"


async def test_a_connection_without_a_request_is_closed_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "SWEEP_SECONDS", 0.01)
    async with serving(App(), Limits(4, head_seconds=0.01)) as port:
        assert await answer(await connect(port, b"GET / HTTP/1.1\r\nHost: x\r\n")) == (0, "")


async def test_a_fault_is_logged_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    async with serving(App()) as port:
        assert await answer(await connect(port, get("/fault"))) == (500, words.FAILED)
    assert "RuntimeError" in caplog.text
    assert "hush" not in caplog.text


async def test_the_server_goes_on_when_no_descriptor_is_left(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    accept, failures = server._accept, [OSError(24, "Too many open files")] * 2
    monkeypatch.setattr(server, "DESCRIPTOR_PAUSE", 0)

    async def failing(*arguments: object) -> object:
        if failures:
            raise failures.pop()
        return await accept(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(server, "_accept", failing)
    async with serving(App()) as port:
        assert await answer(await connect(port, get())) == (200, "here")
    assert f"2 times: {words.NO_DESCRIPTORS[:-1]}" in caplog.text


async def test_the_port_is_free_after_the_server_has_stopped() -> None:
    async with serving(App()) as port:
        held = await connect(port, b"GET / HT")
        await answer(await connect(port, get()))  # so that the other was accepted, too
    async with server.serving(App().application, "Test", "127.0.0.1", port):
        assert await answer(await connect(port, get())) == (200, "here")
    assert await is_closed(held)


@pytest.mark.parametrize("port", [-1, 65_536, 70_000])
async def test_a_port_out_of_range_is_an_error(port: int) -> None:
    with pytest.raises(OverflowError):
        async with server.serving(App().application, "Test", "127.0.0.1", port):
            pass
