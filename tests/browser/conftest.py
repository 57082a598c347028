"""One headless Chromium for all browser tests, and servers for it.

Tests that use it run on the session's event loop, on which the browser was started.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bot.platforms.web.platform import WebPlatform
from bot.services.services import Services
from tests.support.fake_app import FakeApp
from tests.support.fake_services import FakeServices

ARGUMENTS = (
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STEP_TIMEOUT = 10_000
"""Milliseconds for a step on a busy machine."""

Serve = Callable[..., AbstractAsyncContextManager[str]]
NewContext = Callable[..., Awaitable[BrowserContext]]
NewPage = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of a Chromium; skip the test without one."""
    path = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    if path is None:
        pytest.skip("there is no chromium on this machine (Debian: apt-get install chromium)")
    return path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """Return a running headless Chromium."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_context(browser: Browser) -> AsyncIterator[NewContext]:
    """Return a function that creates a fresh browser profile with Playwright's options."""
    opened: list[BrowserContext] = []

    async def make(**options: Any) -> BrowserContext:
        context = await browser.new_context(**options)
        context.set_default_timeout(STEP_TIMEOUT)
        opened.append(context)
        return context

    yield make
    for context in opened:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_page(new_context: NewContext) -> AsyncIterator[NewPage]:
    """Return a function that opens an address in a fresh profile; page errors fail the test."""
    errors: list[str] = []

    async def open_page(address: str, **options: Any) -> Page:
        page = await (await new_context(**options)).new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(address)
        return page

    yield open_page
    assert errors == []


def stopped(server: asyncio.Task[None]) -> BaseException:
    """Return the reason for which a server ended before it was ready."""
    return asyncio.CancelledError() if server.cancelled() else server.exception() or EOFError()


@pytest.fixture
def serve() -> Serve:
    """Return a function that serves the page on a free port or `port` and yields its address."""

    @asynccontextmanager
    async def serving(fake: FakeServices | FakeApp | Services, port: int = 0) -> AsyncIterator[str]:
        services = fake if isinstance(fake, Services) else fake.services
        address: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        async def notify_ready(line: str) -> None:
            address.set_result(line.rsplit(maxsplit=1)[-1])

        running = asyncio.create_task(WebPlatform(port=port).run(services, notify_ready))
        running.add_done_callback(
            lambda done: None if address.done() else address.set_exception(stopped(done))
        )
        try:
            yield await address
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    return serving
