"""The scenario on the web platform, with the page's own requests."""

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.test_utils import TestClient, TestServer

from bot import texts
from bot.domain.places import Place
from bot.domain.statistics import WorkspaceStats
from bot.platforms.web import events
from bot.platforms.web.site import Site
from bot.runtime import composition
from bot.services.statistics import StatisticsService
from tests.scenario.drivers import CardDriver, DisplayedCard, Offer, Reply
from tests.support.bot_process import offline_settings


class WebDriver:
    """A visitor of the page."""

    def __init__(
        self, client: "TestClient[Any, Any]", statistics: StatisticsService, place: Place
    ) -> None:
        self._client = client
        self._place = place
        self._statistics = statistics
        self._message_id = uuid.uuid4().hex

    async def paste(self, text: str) -> Sequence[Reply]:
        self._message_id = uuid.uuid4().hex
        body = {"id": self._message_id, "text": text}
        async with self._client.post("/api/messages", json=body) as response:
            replies = (await response.json())["replies"]
        return [await self._reply(reply) for reply in replies]

    async def drop_file(self, name: str, content: bytes) -> Sequence[Reply]:
        self._message_id = uuid.uuid4().hex
        query = {"id": self._message_id, "name": name}
        headers = {"Content-Type": "application/octet-stream"}
        async with self._client.post(
            "/api/sounds", params=query, data=content, headers=headers
        ) as response:
            replies = (await response.json())["replies"]
        return [await self._reply(reply) for reply in replies]

    async def ask(self, text: str) -> Reply:
        (reply,) = await self.paste(f"/genre {text}")
        return reply

    async def pick(self, reply: Offer, label: str) -> DisplayedCard:
        (text,) = (ask for known, ask in reply.asking.items() if label in known)
        (card,) = await self.paste(text)
        assert isinstance(card, DisplayedCard)
        return card

    async def progress_lines(self) -> Sequence[str]:
        async with self._client.get(f"/api/progress/{self._message_id}") as response:
            text = (await response.json())["text"]
        return [text] if text else []

    async def vote(
        self, card: DisplayedCard, kind: str, genre: str, *, added: bool = True
    ) -> str | None:
        body = {"card": card.id, "kind": kind, "genre": genre, "added": added}
        async with self._client.post("/api/votes", json=body) as response:
            counted: str | None = (await response.json())["ballot"]["counted"]
        return counted

    async def press(self, card: DisplayedCard, genre: str) -> str | None:
        return await self.vote(card, "choice", genre)

    async def take_back(self, card: DisplayedCard) -> str | None:
        (shown,) = [one for one in await self.history() if one.id == card.id]
        assert shown.counted is not None
        return await self.vote(card, "choice", shown.counted, added=False)

    async def details(self, card: DisplayedCard) -> str:
        async with self._client.get("/api/history") as response:
            rows = (await response.json())["shown"]
        return next(str(row["card"]["details"]) for row in rows if row["card"]["id"] == card.id)

    async def save(self, card: DisplayedCard) -> bytes:
        async with self._client.get(f"/cards/{card.id}.png") as response:
            return await response.read()

    async def history(self) -> Sequence[DisplayedCard]:
        async with self._client.get("/api/history") as response:
            rows = (await response.json())["shown"]
        return [await self._displayed(row["card"]) for row in rows]

    async def stats(self) -> str:
        # The page has no command for statistics.
        result = await self._statistics.of_workspace(self._place)
        return texts.stats(result) if isinstance(result, WorkspaceStats) else result.text

    async def _reply(self, reply: dict[str, Any]) -> Reply:
        if reply["type"] == "card":
            return await self._displayed(reply)
        if reply["type"] == "summary":
            songs = {f"{one['number']}. {one['title']}": one["text"] for one in reply["songs"]}
            text = " ".join([reply["track"]["title"], reply["sentence"]])
            return self._offer(text, songs, await self._chart(reply))
        choices = {one["label"]: one["text"] for one in reply.get("choices", ())}
        return self._offer(reply["text"], choices) if choices else str(reply["text"])

    def _offer(self, text: str, offered: dict[str, str], chart: bytes | None = None) -> Offer:
        return Offer(self._message_id, text, list(offered), chart, offered)

    async def _chart(self, reply: dict[str, Any]) -> bytes:
        async with self._client.get(reply["chart"]["dark"]) as response:
            return await response.read()

    async def _displayed(self, card: dict[str, Any]) -> DisplayedCard:
        chart = await self._chart(card)
        lines = ("verdict", "filed_under", "sound_opinion", "heard", "why", "tally")
        text = " ".join([card["track"]["title"], *(card[line] for line in lines)])
        return DisplayedCard(card["id"], text, chart, card["ballot"]["counted"])


@asynccontextmanager
async def with_bot(
    folder: Path, cookies: aiohttp.CookieJar, site: Site, **settings: Any
) -> AsyncIterator[CardDriver]:
    """Start the bot on `folder` with a page for everyone or not, for the visitor with `cookies`."""
    async with composition.open_services(offline_settings(folder, **settings)) as opened:
        app = events.build(opened.services, site)
        async with TestClient(TestServer(app), cookie_jar=cookies) as client:
            async with client.get("/api/history"):
                pass  # as the page does first: it gives the visitor a cookie
            yield WebDriver(client, opened.services.statistics, site.place)
