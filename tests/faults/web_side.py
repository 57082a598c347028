"""Visitors of the page, which sends a message again until it gets an answer."""

import asyncio
import random
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp

from tests.faults.bots import Bot, closing
from tests.faults.lab import wait_for
from tests.faults.music import MusicService, link
from tests.faults.ports import free_port, is_open
from tests.faults.tallies import Ledger, Tally, lost_votes

READY_SECONDS = 60.0
RETRY_SECONDS = 0.2
COOKIE = "soundslike_visitor"
AGAIN = 0.2
"""Share of answered messages that the page sends again, as if the answer was lost."""


class WebSide:
    """Visitors and the bot.

    Attributes:
        ledger: What people did.
    """

    name = "web"

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.music: MusicService
        self.bot: Bot
        self._port = free_port()
        self._session: aiohttp.ClientSession
        self._tasks: set[asyncio.Task[None]] = set()
        self._cards: dict[str, set[int]] = {}
        self._votes: list[int] = []
        self._failures = 0

    @property
    def url(self) -> str:
        """Address of the page."""
        return f"http://127.0.0.1:{self._port}"

    @asynccontextmanager
    async def running(self, folder: Path) -> AsyncIterator["WebSide"]:
        """Serve the music service; the bot is not started."""
        async with MusicService().running() as self.music, aiohttp.ClientSession() as self._session:
            settings = {"WEB_PORT": str(self._port), "RECCOBEATS_URL": self.music.url}
            self.bot = Bot(folder, self.name, settings)
            async with closing(self.bot):
                yield self
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def ready(self) -> bool:
        """Wait until the page is served; return whether the process runs."""
        await wait_for(lambda: is_open(self._port) or not self.bot.is_running, READY_SECONDS)
        return self.bot.is_running

    def act(self, rng: random.Random) -> None:
        """Let a new visitor post a link, or vote on a card."""
        answered = [source for source, cards in self._cards.items() if cards]
        if answered and rng.random() < 0.5:
            source = rng.choice(answered[-10:])
            self._start(self._vote(self.ledger.pastes[source], max(self._cards[source])))
        else:
            number = self.ledger.new_number()
            source = f"message-{number:08}"
            self.ledger.pastes[source] = number
            self._cards[source] = set()
            self._start(self._post(source, number, again=rng.random() < AGAIN))

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _post(self, source: str, number: int, *, again: bool) -> None:
        visitor = secrets.token_hex(16)
        for _ in range(1 + again):
            body: dict[str, object] = {"id": source, "text": link(number)}
            reply = await self._send("/api/messages", body, visitor)
            cards = [one["id"] for one in reply["replies"] if one["type"] == "card"]
            self._failures += not cards
            self._cards[source] |= set(cards)

    async def _vote(self, number: int, card: int) -> None:
        body: dict[str, object] = {"card": card, "kind": "right", "genre": None, "added": True}
        await self._send("/api/votes", body, secrets.token_hex(16))
        self._votes.append(number)

    async def _send(self, path: str, body: dict[str, object], visitor: str) -> Any:
        """Send a visitor's request until it is answered with status 200."""
        headers = {"Cookie": f"{COOKIE}={visitor}"}
        while True:
            try:
                async with self._session.post(
                    self.url + path, json=body, headers=headers
                ) as response:
                    if response.status == HTTPStatus.OK:
                        return await response.json()
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(RETRY_SECONDS)

    def open_count(self) -> int:
        """Return the number of requests that are not answered."""
        return len(self._tasks)

    def remaining(self) -> int:
        """Return the number of requests that are not answered, and of votes that are lost."""
        return len(self._tasks) + self.tally().votes_lost

    def tally(self) -> Tally:
        """Compare what was answered with what a repeated request got."""
        counts = Counter(map(len, self._cards.values()))
        return Tally(
            accepted=len(self._cards),
            unanswered=counts[0],
            twice=sum(count for cards, count in counts.items() if cards > 1),
            votes=len(self._votes),
            votes_lost=lost_votes(self._votes, self.bot.database),
            failures=self._failures,
        )
