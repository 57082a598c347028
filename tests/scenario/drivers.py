"""How the scenario drives a platform: as a person in its chat would, on the real core."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import aiohttp
from aiohttp.test_utils import TestClient, TestServer

from bot import app
from bot.platforms.local import server
from bot.settings import Settings


@dataclass(frozen=True)
class Seen:
    """A card as a person sees it: its id for later, its words, its chart, what counts of theirs."""

    id: int
    text: str
    chart: bytes
    counted: str | None


class Driver(Protocol):
    """A person in a chat."""

    async def paste(self, text: str) -> Sequence[Seen | str]:
        """Write a message; returns the replies, cards or sentences."""

    async def vote(self, card: Seen, kind: str, genre: str, *, added: bool = True) -> str | None:
        """React or choose, or take it back; returns the genre that counts for the person now."""

    async def look(self) -> Sequence[Seen]:
        """Return the cards in the chat, oldest first."""


class LocalDriver:
    """A person at the local chat's page, by the requests that the page makes."""

    def __init__(self, client: "TestClient[Any, Any]") -> None:
        self._client = client
        self._sent = 0

    async def paste(self, text: str) -> Sequence[Seen | str]:
        self._sent += 1
        body = {"id": f"scenario-{self._sent:08}", "text": text}
        async with self._client.post("/api/messages", json=body) as response:
            replies = (await response.json())["replies"]
        return [
            await self._seen(reply) if reply["type"] == "card" else reply["text"]
            for reply in replies
        ]

    async def vote(self, card: Seen, kind: str, genre: str, *, added: bool = True) -> str | None:
        body = {"card": card.id, "kind": kind, "genre": genre, "added": added}
        async with self._client.post("/api/votes", json=body) as response:
            counted: str | None = (await response.json())["ballot"]["counted"]
        return counted

    async def look(self) -> Sequence[Seen]:
        async with self._client.get("/api/history") as response:
            shown = (await response.json())["shown"]
        return [await self._seen(row["card"]) for row in shown]

    async def _seen(self, card: dict[str, Any]) -> Seen:
        async with self._client.get(card["chart"]["dark"]) as response:
            chart = await response.read()
        words = " ".join([card["track"]["title"], card["verdict"], card["why"]])
        return Seen(card["id"], words, chart, card["ballot"]["counted"])


@asynccontextmanager
async def local(folder: Path, cookies: aiohttp.CookieJar) -> AsyncIterator[Driver]:
    """Start the bot with its local chat on `folder`, as the person who holds `cookies`."""
    nobody = "http://127.0.0.1:1"
    settings = Settings(data_dir=folder, reccobeats_url=nobody, oembed_url=nobody)
    async with app.open_core(settings) as core:
        web_app = server.build(core, "127.0.0.1")
        async with TestClient(TestServer(web_app), cookie_jar=cookies) as client:
            yield LocalDriver(client)
