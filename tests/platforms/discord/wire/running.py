"""Runs the platform against the stub, and reads what people see there."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from bot.domain.cards import Answer, Theme
from bot.platforms.discord.platform import DiscordPlatform
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
"""Reactions under a card: "right" and the three best genres."""


@dataclass
class RunningBot:
    """A platform that runs: the lines it told its operator, and the task that ends with it."""

    task: asyncio.Task[None]
    lines: list[str] = field(default_factory=list)


class Wire:
    """A Discord with the channel `music`, ada and bob in it; `app` is behind the bot.

    `options` go to discord.py besides our own.
    """

    def __init__(self, stub: DiscordStub, app: FakeApp) -> None:
        self.stub = stub
        self.app = app
        self.options: dict[str, Any] = {"guild_ready_timeout": 0.01}
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
        handlers: Services | None = None,
        shards: Shards | None = None,
        *,
        sessions: int = 1,
    ) -> AsyncIterator[RunningBot]:
        """Run the bot until the end of the block, which begins when it is connected."""
        expected = len(self.stub.gateway.ready_sessions) + sessions
        running = self.start(handlers, shards)
        try:
            await self.stub.until(
                lambda: running.task.done() or len(self.stub.gateway.ready_sessions) >= expected
            )
            if running.task.done():
                running.task.result()
            yield running
        finally:
            await stop(running)

    def start(self, handlers: Services | None = None, shards: Shards | None = None) -> RunningBot:
        """Start the bot, and do not wait for it."""
        platform = DiscordPlatform(
            self.stub.state.token,
            shards,
            first_delay=0.01,
            refresh_delay=0,
            retry_delays=(0.01, 0.02),
        )
        lines: list[str] = []

        async def ready(line: str) -> None:
            lines.append(line)
            self.stub._changes.notify()

        run = platform.run(handlers or self.app.services, ready)
        return RunningBot(asyncio.create_task(run), lines)

    async def card(self, text: str, channel: Channel | None = None) -> Json:
        """Let ada paste `text`; return the one message that answers it, once it has reactions."""
        channel = channel or self.music
        before = len(self.stub.messages(channel))
        offered = len(self.stub.calls_to(*REACT))
        self.actions.post(channel, self.ada, text)
        (card,) = (await self.stub.wait_for_messages(channel, before + 1))[before:]
        await self.stub.wait_for_calls(*REACT, offered + OFFERED_REACTIONS)
        return card

    async def drain(self) -> None:
        """Wait until all that was sent to the bot so far has been answered."""
        before = len(self.texts(self.music))
        self.actions.post(self.music, self.bob, f"{self.mention} hello")
        await self.stub.until(lambda: len(self.texts(self.music)) > before)

    async def with_timeout(self, happening: Awaitable[T]) -> T:
        """Wait for what a test waits for outside the stub, no longer than the stub would."""
        return await asyncio.wait_for(happening, self.stub.timeout)

    def texts(self, channel: Channel) -> Sequence[str]:
        """Return the words of the bot's messages in a channel."""
        return [text_of(message) for message in self.stub.messages(channel)]

    def current(self, message: Json) -> Json:
        """Return a message as it stands."""
        return self.stub.state.message_json(self.stub.state.messages[message["id"]])

    async def wait_for_text(self, message: Json, text: str) -> None:
        """Wait until a message says `text`."""
        await self.stub.until(lambda: text in text_of(self.current(message)))

    def redeliver(self, event: str, event_id: str) -> None:
        """Send an event a second time to every session that holds a connection."""
        sessions = self.stub.gateway.sessions.values()
        known = [one for session in sessions for one in session.events if one["t"] == event]
        data = next(one["d"] for one in known if one["d"]["id"] == event_id)
        for session in self.stub.gateway.ready_sessions:
            session.push(event, data)

    @contextmanager
    def slow_chart(self) -> Iterator[tuple[asyncio.Event, asyncio.Event]]:
        """Lend two events: the drawing of a chart has started, and may go on."""
        started, proceed = asyncio.Event(), asyncio.Event()
        draw = self.app.renderer.chart

        async def chart(answer: Answer, theme: Theme) -> bytes:
            started.set()
            await proceed.wait()
            return await draw(answer, theme)

        self.app.renderer.chart = chart  # type: ignore[method-assign] # until the block ends
        try:
            yield started, proceed
        finally:
            self.app.renderer.chart = draw  # type: ignore[method-assign] # as it was


async def stop(running: RunningBot) -> None:
    """Stop a bot as a signal does, unless it has ended."""
    if running.task.done():
        return
    running.task.cancel()
    with suppress(asyncio.CancelledError):
        await running.task


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what our own code warned of, or worse."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("bot") and record.levelno >= logging.WARNING
    ]


def text_of(message: Json) -> str:
    """Return all that a message says."""
    parts = walk(message["components"])
    shown = [part["content"] for part in parts if part["type"] == TEXT_DISPLAY]
    return "\n".join([message["content"], *shown])


def reactions_of(message: Json) -> list[str]:
    """Return the reactions under a message, in their order."""
    return [reaction["emoji"]["name"] for reaction in message.get("reactions", [])]
