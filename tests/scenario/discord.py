"""The scenario on Discord, on simcord with the real discord.py."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import discord
from simcord import ChannelHandle, Env, MemberActor, ResponseMessage, UserHandle

from bot import texts
from bot.domain import emoji
from bot.platforms.discord import card_ids
from bot.platforms.discord.events import Client
from bot.platforms.discord.genre_menu import TAKE_BACK
from bot.platforms.discord.shards import Shards
from bot.platforms.discord.song_choices import BUTTON_TEMPLATE
from bot.runtime import composition
from bot.texts.collections import PICK_A_SONG
from tests.platforms.discord.chat import BUTTON, SELECT, AnyMessage, components_of, text_of
from tests.scenario.drivers import DisplayedCard, EditingDriver, Offer, Reply
from tests.support.bot_process import offline_settings
from tests.support.simulated_cdn import simulated_cdn

SETTLE_SECONDS: Final = 60.0
"""Real time for events to be processed; the process that listens takes seconds to start."""


class DiscordDriver:
    """A member of a server."""

    def __init__(self, env: Env, member: MemberActor, channel: ChannelHandle) -> None:
        self._env = env
        self._member = member
        self._channel = channel
        self._private: dict[int, ResponseMessage] = {}

    async def paste(self, text: str) -> Sequence[Reply]:
        await self.say(text)
        replies = [message for message in self._channel.history() if message.id > self._sent.id]
        return [await self._complete(reply) for reply in replies]

    async def say(self, text: str) -> None:
        self._sent = await self._member.send(self._channel, text)

    async def edit(self, text: str) -> Sequence[DisplayedCard]:
        await self._env.advance_time(1)  # Discord tells edits apart by their times
        await self._member.edit(self._sent, text)
        return await self.history()

    async def throw_away(self, card: DisplayedCard) -> None:
        await self._member.set_reaction(self._message(card.id), emoji.DELETE, reacted=True)

    async def press(self, card: DisplayedCard, genre: str) -> str | None:
        message = self._message(card.id)
        pressed = next(one for one in _custom_ids(message) if _votes_for(one, genre))
        self._receipt = (await self._member.click(message, custom_id=pressed)).followups[0]
        return (await self._displayed(self._message(card.id))).counted

    async def take_back(self, card: DisplayedCard) -> str | None:
        await self._member.click(self._receipt, label=texts.TAKE_VOTE_BACK)
        return (await self._displayed(self._message(card.id))).counted

    async def details(self, card: DisplayedCard) -> str:
        result = await self._member.click(self._message(card.id), label=texts.DETAILS)
        return text_of(result.response)

    async def save(self, card: DisplayedCard) -> bytes:
        result = await self._member.click(self._message(card.id), label=texts.SAVE_CARD)
        assert result.response is not None
        return await _chart(result.response)

    async def drop_file(self, name: str, content: bytes) -> Sequence[Reply]:
        usual, self._env.settle_timeout = self._env.settle_timeout, SETTLE_SECONDS
        try:
            sent = await self._member.send(self._channel, attachments=[(name, content)])
        finally:
            self._env.settle_timeout = usual  # other waits take all of it
        replies = [message for message in self._channel.history() if message.id > sent.id]
        return [await self._complete(reply) for reply in replies]

    async def ask(self, text: str) -> Reply:
        result = await self._member.slash(self._channel, "genre", song=text)
        shown = result.response or result.followups[0]
        self._private[shown.id] = shown
        return await self._complete(shown)

    async def pick(self, reply: Offer, label: str) -> DisplayedCard:
        message = self._private.get(int(reply.id)) or self._message(int(reply.id))
        menus = [one for one in components_of(message, SELECT) if one["placeholder"] == PICK_A_SONG]
        if menus:
            values = [one["value"] for one in menus[0]["options"] if label in one["label"]]
            result = await self._member.select(message, values)
        else:
            labels = [one["label"] for one in components_of(message, BUTTON)]
            chosen = next(one for one in labels if label in one)
            result = await self._member.click(message, label=chosen)
        assert result.response is not None
        return await self._displayed(result.response)

    async def progress_lines(self) -> Sequence[str]:
        messages = self._channel.history()
        return [one.content for one in messages if one.content.startswith("Reading")]

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
        cards = [one for one in messages if one.attachments and one.author.bot]
        return [await self._displayed(card) for card in cards]

    async def stats(self) -> str:
        return text_of((await self._member.slash(self._channel, "genre-stats")).response)

    def _message(self, message_id: int) -> discord.Message:
        return next(m for m in self._channel.history() if m.id == message_id)

    async def _complete(self, message: AnyMessage) -> Reply:
        menus = [one for one in components_of(message, SELECT) if one["placeholder"] == PICK_A_SONG]
        buttons = [
            one
            for one in components_of(message, BUTTON)
            if re.fullmatch(BUTTON_TEMPLATE, one.get("custom_id", ""))
        ]
        labels = [one["label"] for one in (menus[0]["options"] if menus else buttons)]
        if not labels:
            return await self._displayed(message) if message.attachments else text_of(message)
        chart = await _chart(message) if message.attachments else None
        return Offer(message.id, text_of(message), labels, chart)

    async def _displayed(self, message: AnyMessage) -> DisplayedCard:
        text = text_of(message)
        tally = re.search(r"1 says ([^.\s]+)\.", text)
        return DisplayedCard(message.id, text, await _chart(message), tally[1] if tally else None)


def _custom_ids(message: AnyMessage) -> Sequence[str]:
    return [one["custom_id"] for one in components_of(message, BUTTON) if "custom_id" in one]


def _votes_for(custom_id: str, genre: str) -> bool:
    vote = re.fullmatch(card_ids.VOTE, custom_id)
    return vote is not None and vote["genre"] == genre


async def _chart(message: AnyMessage) -> bytes:
    return await message.attachments[0].read()


class DiscordServer:
    """A server that exists before and after the bot runs; its member is always the same."""

    def __init__(self) -> None:
        self._env: Env | None = None

    @asynccontextmanager
    async def with_bot(self, folder: Path, **settings: Any) -> AsyncIterator[EditingDriver]:
        """Start the bot on `folder`."""
        async with composition.open_services(offline_settings(folder, **settings)) as opened:
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
            with simulated_cdn():
                await self._env.start()
                try:
                    yield DiscordDriver(self._env, *self._member_and_channel(self._env))
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
