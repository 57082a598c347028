"""How the scenario drives a platform: as a person in its chat would, on the real core."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import discord
from aiohttp.test_utils import TestClient, TestServer
from simcord import ChannelHandle, Env, MemberActor, UserHandle

from bot import texts
from bot.domain import emoji
from bot.domain.statistics import WorkspaceStats
from bot.platforms.discord.events import Client
from bot.platforms.discord.genre_menu import BACK
from bot.platforms.discord.shards import Shards
from bot.platforms.web import delivery, events
from bot.runtime import composition
from bot.runtime.settings import Settings
from bot.services.handlers import Room
from tests.platforms.discord.chat import words


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

    async def stats(self) -> str:
        """Return what the bot says of all that was asked and said."""


class LocalDriver:
    """A person at the local chat's page, by the requests that the page makes."""

    def __init__(self, client: "TestClient[Any, Any]", room: Room) -> None:
        self._client = client
        self._room = room
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

    async def stats(self) -> str:
        found = await self._room.stats(delivery.PLACE)  # the page has no command for it
        return texts.stats(found) if isinstance(found, WorkspaceStats) else found.text

    async def _seen(self, card: dict[str, Any]) -> Seen:
        async with self._client.get(card["chart"]["dark"]) as response:
            chart = await response.read()
        words = " ".join([card["track"]["title"], card["verdict"], card["why"]])
        return Seen(card["id"], words, chart, card["ballot"]["counted"])


class DiscordDriver:
    """A member of a server on simcord, with the real discord.py on the other side."""

    def __init__(self, member: MemberActor, channel: ChannelHandle) -> None:
        self._member = member
        self._channel = channel

    async def paste(self, text: str) -> Sequence[Seen | str]:
        asked = await self._member.send(self._channel, text)
        replies = [m for m in self._channel.history() if m.id > asked.id]
        return [await self._seen(reply) if reply.attachments else words(reply) for reply in replies]

    async def vote(self, card: Seen, kind: str, genre: str, *, added: bool = True) -> str | None:
        message = self._message(card.id)
        if kind == "choice":
            await self._member.select(message, [genre if added else BACK])
        else:
            sign = emoji.RIGHT if kind == "right" else emoji.GENRES[genre]
            await self._member.set_reaction(message, sign, reacted=added)
        return (await self._seen(self._message(card.id))).counted

    async def look(self) -> Sequence[Seen]:
        return [await self._seen(m) for m in self._channel.history() if m.attachments]

    async def stats(self) -> str:
        return words((await self._member.slash(self._channel, "genre-stats")).response)

    def _message(self, message_id: int) -> discord.Message:
        return next(m for m in self._channel.history() if m.id == message_id)

    async def _seen(self, message: discord.Message) -> Seen:
        said = words(message)
        heard = re.search(r"You say: (\S+) \(1\)", said)
        chart = await message.attachments[0].read()
        return Seen(message.id, said, chart, heard[1] if heard else None)


class DiscordServer:
    """A server that outlives the bot."""

    def __init__(self) -> None:
        self._env: Env | None = None

    @asynccontextmanager
    async def with_bot(self, folder: Path) -> AsyncIterator[Driver]:
        """Start the bot on `folder`; its one member is always the same."""
        async with composition.open_core(offline(folder)) as core:
            client = Client(core, shards=Shards(range(1), 1), refresh_after=0, pauses=())
            if self._env is None:
                self._env = Env(client)
            else:
                self._env.bot = client
            await self._env.start()
            try:
                yield DiscordDriver(*self._scene(self._env))
            finally:
                await self._env.shutdown()
                self._env.raise_errors()

    def _scene(self, env: Env) -> tuple[MemberActor, ChannelHandle]:
        if not env.backend.guilds:
            guild = env.create_guild()
            guild.create_text_channel("music")
            guild.add_member(env.create_user("ann"))
        ann = next(user for user in env.backend.users.values() if user.name == "ann")
        return MemberActor(env, env.guild, UserHandle(env, ann)), env.guild.channels["music"]


def offline(folder: Path) -> Settings:
    """Return settings with which nothing outside is asked."""
    nobody = "http://127.0.0.1:1"
    return Settings(data_dir=folder, reccobeats_url=nobody, oembed_url=nobody)


@asynccontextmanager
async def local(folder: Path, cookies: aiohttp.CookieJar) -> AsyncIterator[Driver]:
    """Start the bot with its local chat on `folder`, as the person who holds `cookies`."""
    async with composition.open_core(offline(folder)) as core:
        web_app = events.build(core, "127.0.0.1")
        async with TestClient(TestServer(web_app), cookie_jar=cookies) as client:
            yield LocalDriver(client, core.room)
