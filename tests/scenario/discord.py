"""The scenario on Discord, on simcord with the real discord.py."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import discord
from simcord import ChannelHandle, Env, MemberActor, UserHandle

from bot.domain import emoji
from bot.platforms.discord.events import Client
from bot.platforms.discord.genre_menu import TAKE_BACK
from bot.platforms.discord.shards import Shards
from bot.runtime import composition
from tests.platforms.discord.chat import text_of
from tests.scenario.drivers import DisplayedCard, Driver
from tests.support.bot_process import offline_settings


class DiscordDriver:
    """A member of a server."""

    def __init__(self, member: MemberActor, channel: ChannelHandle) -> None:
        self._member = member
        self._channel = channel

    async def paste(self, text: str) -> Sequence[DisplayedCard | str]:
        sent = await self._member.send(self._channel, text)
        replies = [message for message in self._channel.history() if message.id > sent.id]
        return [
            await self._displayed(reply) if reply.attachments else text_of(reply)
            for reply in replies
        ]

    async def vote(
        self, card: DisplayedCard, kind: str, genre: str, *, added: bool = True
    ) -> str | None:
        message = self._message(card.id)
        if kind == "choice":
            await self._member.select(message, [genre if added else TAKE_BACK])
        else:
            reaction = emoji.RIGHT if kind == "right" else emoji.GENRES[genre]
            await self._member.set_reaction(message, reaction, reacted=added)
        return (await self._displayed(self._message(card.id))).counted

    async def history(self) -> Sequence[DisplayedCard]:
        messages = self._channel.history()
        return [await self._displayed(message) for message in messages if message.attachments]

    async def stats(self) -> str:
        return text_of((await self._member.slash(self._channel, "genre-stats")).response)

    def _message(self, message_id: int) -> discord.Message:
        return next(m for m in self._channel.history() if m.id == message_id)

    async def _displayed(self, message: discord.Message) -> DisplayedCard:
        text = text_of(message)
        tally = re.search(r"You say: (\S+) \(1\)", text)
        chart = await message.attachments[0].read()
        return DisplayedCard(message.id, text, chart, tally[1] if tally else None)


class DiscordServer:
    """A server that exists before and after the bot runs; its member is always the same."""

    def __init__(self) -> None:
        self._env: Env | None = None

    @asynccontextmanager
    async def with_bot(self, folder: Path) -> AsyncIterator[Driver]:
        """Start the bot on `folder`."""
        async with composition.open_services(offline_settings(folder)) as opened:
            # As simulated time would never come to rest.
            opened.services.inbox.poll_interval = 86400
            client = Client(
                opened.services,
                shards=Shards(range(1), 1),
                refresh_delay=0,
                retry_delays=(),
                save_interval=86400,
            )
            if self._env is None:
                self._env = Env(client)
            else:
                self._env.bot = client
            await self._env.start()
            try:
                yield DiscordDriver(*self._member_and_channel(self._env))
            finally:
                await self._env.shutdown()
                self._env.raise_errors()

    def _member_and_channel(self, env: Env) -> tuple[MemberActor, ChannelHandle]:
        if not env.backend.guilds:
            guild = env.create_guild()
            guild.create_text_channel("music")
            guild.add_member(env.create_user("ann"))
        ann = next(user for user in env.backend.users.values() if user.name == "ann")
        return MemberActor(env, env.guild, UserHandle(env, ann)), env.guild.channels["music"]
