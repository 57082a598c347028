"""Clients of discord.py, for the tests of the stub itself."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands

from tests.stubs.discord.changes import Changes
from tests.stubs.discord.server import DiscordStub

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


def intents() -> discord.Intents:
    wanted = discord.Intents.default()
    wanted.message_content = True
    return wanted


class EchoBot(discord.AutoShardedClient):
    """Writes down what it hears; unless `silent`, answers every message with a picture."""

    def __init__(self, *, silent: bool = False, **options: Any) -> None:
        options.setdefault("shard_count", 1)
        options.setdefault("intents", intents())
        super().__init__(guild_ready_timeout=0.01, **options)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[tuple[str, str]] = []
        self._silent = silent
        self._changes = Changes()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once, where the library would wait for 5 s between shards."""

    async def has_heard(self, kind: str, what: str) -> None:
        """Wait until this was heard."""
        event = (kind, what)
        await self._changes.until(lambda: event in self.heard, lambda: self.heard, within=5)

    def _note(self, kind: str, what: str) -> None:
        self.heard.append((kind, what))
        self._changes.tell()

    async def on_message(self, message: discord.Message) -> None:
        if message.author == self.user:
            return
        self._note("message", message.content)
        if self._silent:
            return
        picture = discord.File(io.BytesIO(PNG), "radar.png", description="A radar chart")
        await message.reply(f"heard {message.content}", file=picture, mention_author=False)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        if event.message.author != self.user:
            self._note("edit", event.message.content)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        self._note("delete", str(event.message_id))

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        self._note("delete", " ".join(str(message_id) for message_id in sorted(event.message_ids)))

    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        self._note("clear", str(event.message_id))

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        if self.user and event.user_id != self.user.id:
            self._note("add", str(event.emoji))

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        self._note("remove", str(event.emoji))


@asynccontextmanager
async def running(
    stub: DiscordStub, client: discord.Client, *, sessions: int = 1
) -> AsyncIterator[None]:
    """Run a client until the end of the block, which begins when it has so many sessions."""
    expected = len(stub.gateway.connected) + sessions
    async with client:
        task = asyncio.create_task(client.start(stub.state.token))
        try:
            await stub.until(lambda: task.done() or len(stub.gateway.connected) >= expected)
            if task.done():
                task.result()
            yield
        finally:
            await client.close()
            await task
