"""Clients of discord.py for the tests of the stub."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands

from tests.stubs.discord.server import DiscordStub
from tests.support.changes import Changes

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


def intents() -> discord.Intents:
    intents = discord.Intents.default()
    intents.message_content = True
    return intents


class EchoBot(discord.AutoShardedClient):
    """Records events; unless `silent`, replies to every message with an image."""

    def __init__(self, *, silent: bool = False, **options: Any) -> None:
        options.setdefault("shard_count", 1)
        options.setdefault("intents", intents())
        super().__init__(guild_ready_timeout=0.01, **options)
        self.tree = app_commands.CommandTree(self)
        self.received: list[tuple[str, str]] = []
        self._silent = silent
        self._changes = Changes()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify without the 5 s delay between shards."""

    async def wait_for_event(self, kind: str, detail: str) -> None:
        """Wait until an event was received."""
        event = (kind, detail)
        await self._changes.until(lambda: event in self.received, lambda: self.received, max_wait=5)

    def record(self, kind: str, detail: str) -> None:
        self.received.append((kind, detail))
        self._changes.notify()

    async def on_message(self, message: discord.Message) -> None:
        if message.author == self.user:
            return
        self.record("message", message.content)
        if self._silent:
            return
        image = discord.File(io.BytesIO(PNG), "radar.png", description="A radar chart")
        await message.reply(f"echo {message.content}", file=image, mention_author=False)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        if event.message.author != self.user:
            self.record("edit", event.message.content)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        self.record("delete", str(event.message_id))

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        self.record("delete", " ".join(str(message_id) for message_id in sorted(event.message_ids)))

    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        self.record("clear", str(event.message_id))

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        if self.user and event.user_id != self.user.id:
            self.record("add", str(event.emoji))

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        self.record("remove", str(event.emoji))


@asynccontextmanager
async def running(
    stub: DiscordStub, client: discord.Client, *, sessions: int = 1
) -> AsyncIterator[None]:
    """Run a client until the end of the block, which begins when it has `sessions` sessions."""
    expected = len(stub.gateway.ready_sessions) + sessions
    async with client:
        task = asyncio.create_task(client.start(stub.state.token))
        try:
            await stub.until(lambda: task.done() or len(stub.gateway.ready_sessions) >= expected)
            if task.done():
                task.result()
            yield
        finally:
            await client.close()
            await task
