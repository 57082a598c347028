"""Requests that bring the page's server a sound file."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

from bot.platforms.web import events
from tests.support.fake_app import FakeApp
from tests.support.fake_listener import MUSIC
from tests.support.web_visitors import visiting
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.requests import ID

BYTES = {"Content-Type": "application/octet-stream"}


@asynccontextmanager
async def serving(app: FakeApp) -> AsyncIterator[Client]:
    async with visiting(events.build(app.services)) as client:
        yield client


def address(name: str = "song.mp3", message_id: str = ID) -> str:
    return f"/api/sounds?id={quote(message_id)}&name={quote(name)}"


async def drop(client: Client, content: bytes, **query: str) -> list[dict[str, Any]]:
    url = address(**query)
    async with client.post(url, data=content, headers=BYTES) as response:
        assert response.status == 200, await response.text()
        replies: list[dict[str, Any]] = (await response.json())["replies"]
        return replies


async def refusal(
    client: Client, path: str, content: Any = MUSIC, headers: Mapping[str, str] = BYTES
) -> tuple[int, str]:
    async with client.post(path, data=content, headers=headers) as response:
        return response.status, (await response.json())["notice"]["text"]


async def earlier(client: Client, message_id: str = ID) -> list[dict[str, Any]]:
    async with client.get(f"/api/replies/{message_id}") as response:
        assert response.status == 200
        replies: list[dict[str, Any]] = (await response.json())["replies"]
        return replies
