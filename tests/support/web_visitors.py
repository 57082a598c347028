"""Browsers of visitors of the web page."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import cast

import aiohttp
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from bot.platforms.web import security

Client = TestClient[Request, Application]

ANN = "a" * 32
BOB = "b" * 32


@asynccontextmanager
async def visiting(app: Application, visitor: str | None = ANN) -> AsyncIterator[Client]:
    """Serve an application to the browser of a visitor; without one, of a first visit."""
    async with TestClient(TestServer(app), cookies=cookies(visitor)) as client:
        yield client


@asynccontextmanager
async def joining(client: Client, visitor: str | None = BOB) -> AsyncIterator[Client]:
    """Open another browser on the server of `client`."""
    jar = aiohttp.CookieJar(unsafe=True)
    root = client.make_url("/")
    async with aiohttp.ClientSession(root, cookie_jar=jar, cookies=cookies(visitor)) as session:
        yield cast("Client", session)


def cookies(visitor: str | None) -> Mapping[str, str]:
    """Return the cookies of a visitor."""
    return {security.COOKIE: visitor} if visitor else {}
