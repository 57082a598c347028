"""The scenario on the web platform, with the page's own requests."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.test_utils import TestClient, TestServer

from bot import texts
from bot.domain.statistics import WorkspaceStats
from bot.platforms.web import events
from bot.platforms.web.ids import PLACE
from bot.runtime import composition
from bot.services.statistics import StatisticsService
from tests.scenario.drivers import DisplayedCard, Driver
from tests.support.bot_process import offline_settings


class WebDriver:
    """A visitor of the page."""

    def __init__(self, client: "TestClient[Any, Any]", statistics: StatisticsService) -> None:
        self._client = client
        self._statistics = statistics
        self._sent = 0

    async def paste(self, text: str) -> Sequence[DisplayedCard | str]:
        self._sent += 1
        body = {"id": f"scenario-{self._sent:08}", "text": text}
        async with self._client.post("/api/messages", json=body) as response:
            replies = (await response.json())["replies"]
        return [
            await self._displayed(reply) if reply["type"] == "card" else reply["text"]
            for reply in replies
        ]

    async def vote(
        self, card: DisplayedCard, kind: str, genre: str, *, added: bool = True
    ) -> str | None:
        body = {"card": card.id, "kind": kind, "genre": genre, "added": added}
        async with self._client.post("/api/votes", json=body) as response:
            counted: str | None = (await response.json())["ballot"]["counted"]
        return counted

    async def history(self) -> Sequence[DisplayedCard]:
        async with self._client.get("/api/history") as response:
            rows = (await response.json())["shown"]
        return [await self._displayed(row["card"]) for row in rows]

    async def stats(self) -> str:
        # The page has no command for statistics.
        result = await self._statistics.of_workspace(PLACE)
        return texts.stats(result) if isinstance(result, WorkspaceStats) else result.text

    async def _displayed(self, card: dict[str, Any]) -> DisplayedCard:
        async with self._client.get(card["chart"]["dark"]) as response:
            chart = await response.read()
        text = " ".join([card["track"]["title"], card["verdict"], card["why"]])
        return DisplayedCard(card["id"], text, chart, card["ballot"]["counted"])


@asynccontextmanager
async def with_bot(folder: Path, cookies: aiohttp.CookieJar) -> AsyncIterator[Driver]:
    """Start the bot on `folder`, for the visitor with `cookies`."""
    async with composition.open_services(offline_settings(folder)) as opened:
        app = events.build(opened.services, "127.0.0.1")
        async with TestClient(TestServer(app), cookie_jar=cookies) as client:
            yield WebDriver(client, opened.services.statistics)
