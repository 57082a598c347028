"""Runs the Discord platform against the stub."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from bot.domain.cards import Answer, Theme
from bot.platforms.discord.events import STOP_SECONDS
from bot.platforms.discord.platform import DiscordPlatform
from bot.platforms.discord.progress import TIMING
from bot.platforms.discord.shards import Shards
from bot.services.services import Services
from tests.stubs.discord.objects import Channel, Json
from tests.stubs.discord.rest import REACTION
from tests.stubs.discord.server import DiscordStub
from tests.stubs.discord.spec import TEXT_DISPLAY, walk
from tests.support.factories import HEROES
from tests.support.fake_app import FakeApp

T = TypeVar("T")

OTHER_LINK = f"https://open.spotify.com/track/{HEROES}"
REACT = ("PUT", REACTION + "/@me")
OFFERED_REACTIONS = 4
"""Reactions offered under a card: "right" and the three best genres."""


@dataclass
class RunningBot:
    """A running platform: its task, and the lines it reported to the operator."""

    task: asyncio.Task[None]
    lines: list[str] = field(default_factory=list)


class Wire:
    """A server with the channel `music` and the members ada and bob; `app` has the bot's services.

    `options` are additional options of discord.py; `progress_timing` and `stop_seconds` are options
    of the platform.
    """

    def __init__(self, stub: DiscordStub, app: FakeApp) -> None:
        self.stub = stub
        self.app = app
        self.options: dict[str, Any] = {"guild_ready_timeout": 0.01}
        self.progress_timing = TIMING
        self.stop_seconds = STOP_SECONDS
        self.actions = stub.actions
        self.ada = self.actions.user("ada")
        self.bob = self.actions.user("bob")
        self.guild = self.actions.guild("Guild", self.ada)
        self.music = self.actions.channel(self.guild, "music")

    @property
    def mention(self) -> str:
        return f"<@{self.stub.state.bot_user.id}>"

    @asynccontextmanager
    async def bot(
        self,
        services: Services | None = None,
        shards: Shards | None = None,
        *,
        sessions: int = 1,
    ) -> AsyncIterator[RunningBot]:
        """Run the bot until the end of the block, which begins when `sessions` are connected."""
        expected = len(self.stub.gateway.ready_sessions) + sessions
        running = self.start(services, shards)
        try:
            await self.stub.until(
                lambda: running.task.done() or len(self.stub.gateway.ready_sessions) >= expected
            )
            if running.task.done():
                running.task.result()
            yield running
        finally:
            await stop(running)

    def start(self, services: Services | None = None, shards: Shards | None = None) -> RunningBot:
        """Start the bot without waiting until it is connected."""
        platform = DiscordPlatform(
            self.stub.state.token,
            shards,
            first_delay=0.01,
            refresh_delay=0,
            retry_delays=(0.01, 0.02),
            stop_seconds=self.stop_seconds,
            progress_timing=self.progress_timing,
        )
        lines: list[str] = []

        async def notify_ready(line: str) -> None:
            lines.append(line)
            self.stub.changes.notify()

        run = platform.run(services or self.app.services, notify_ready)
        return RunningBot(asyncio.create_task(run), lines)

    async def card(self, text: str, channel: Channel | None = None) -> Json:
        """Let ada paste `text`; return the one reply once it has reactions."""
        channel = channel or self.music
        before = len(self.stub.messages(channel))
        offered = len(self.stub.calls_to(*REACT))
        self.actions.post(channel, self.ada, text)
        (card,) = (await self.stub.wait_for_messages(channel, before + 1))[before:]
        await self.stub.wait_for_calls(*REACT, offered + OFFERED_REACTIONS)
        return card

    async def drain(self) -> None:
        """Mention the bot and wait for its reply, which follows all earlier events."""
        before = len(self.texts(self.music))
        self.actions.post(self.music, self.bob, f"{self.mention} hello")
        await self.stub.until(lambda: len(self.texts(self.music)) > before)

    async def with_timeout(self, awaitable: Awaitable[T]) -> T:
        """Await something with the timeout of the stub."""
        return await asyncio.wait_for(awaitable, self.stub.timeout)

    def texts(self, channel: Channel) -> Sequence[str]:
        """Return the texts of the bot's messages in a channel."""
        return [text_of(message) for message in self.stub.messages(channel)]

    def current(self, message: Json) -> Json:
        """Return the current state of a message."""
        return self.stub.state.message_json(self.stub.state.messages[message["id"]])

    async def wait_for_text(self, message: Json, text: str) -> None:
        """Wait until a message contains `text`."""
        await self.stub.until(lambda: text in text_of(self.current(message)))

    async def wait_for_votes(self, message: Json, genre: str, count: int = 1) -> None:
        """Wait until a card displays that so many people voted for a genre."""
        said = re.compile(rf"\b{count} (?:says? )?{re.escape(genre)}\b")
        await self.stub.until(lambda: said.search(text_of(self.current(message))))

    def redeliver(self, event: str, event_id: str) -> None:
        """Send an event again to every session with a connection."""
        sessions = self.stub.gateway.sessions.values()
        events = [one for session in sessions for one in session.events if one["t"] == event]
        data = next(one["d"] for one in events if one["d"]["id"] == event_id)
        for session in self.stub.gateway.ready_sessions:
            session.push(event, data)

    @contextmanager
    def slow_chart(self) -> Iterator[tuple[asyncio.Event, asyncio.Event]]:
        """Yield two events: the rendering of a chart has started, and may proceed."""
        started, proceed = asyncio.Event(), asyncio.Event()
        render = self.app.renderer.chart

        async def chart(answer: Answer, theme: Theme) -> bytes:
            started.set()
            await proceed.wait()
            return await render(answer, theme)

        self.app.renderer.chart = chart  # type: ignore[method-assign] # until the end of the block
        try:
            yield started, proceed
        finally:
            self.app.renderer.chart = render  # type: ignore[method-assign] # the original method


async def stop(running: RunningBot) -> None:
    """Cancel a bot as a signal does, unless it has ended."""
    if running.task.done():
        return
    running.task.cancel()
    with suppress(asyncio.CancelledError):
        await running.task


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the bot's log messages of level WARNING and above."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("bot") and record.levelno >= logging.WARNING
    ]


def text_of(message: Json) -> str:
    """Return the text of a message, including its components."""
    components = walk(message["components"])
    texts = [one["content"] for one in components if one["type"] == TEXT_DISPLAY]
    return "\n".join([message["content"], *texts])


def reactions_of(message: Json) -> list[str]:
    """Return the reactions under a message, in order."""
    return [reaction["emoji"]["name"] for reaction in message.get("reactions", [])]
