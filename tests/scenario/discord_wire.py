"""The scenario on Discord, with the whole platform against the stub."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from bot.domain import emoji, links
from bot.platforms.discord import card_ids
from bot.platforms.discord.genre_menu import TAKE_BACK
from bot.platforms.discord.platform import DiscordPlatform
from bot.platforms.discord.progress import Timing
from bot.platforms.discord.song_choices import BUTTON_TEMPLATE, MENU_TEMPLATE
from bot.runtime import composition
from bot.services.services import Services
from bot.texts import sound
from tests.platforms.discord.wire.running import text_of
from tests.scenario.drivers import DisplayedCard, EditingDriver, Offer, Reply
from tests.stubs.discord.attachments import file_ids
from tests.stubs.discord.interactions import Interaction
from tests.stubs.discord.objects import File, Flag, Json
from tests.stubs.discord.redirect import redirected
from tests.stubs.discord.server import DiscordStub
from tests.stubs.discord.spec import walk
from tests.support.bot_process import offline_settings


class WireServer:
    """A server of the stub that outlives the bot, with one member and one channel."""

    def __init__(self) -> None:
        self.stub = DiscordStub(None, timeout=30)
        self.person = self.stub.actions.user("ann")
        guild = self.stub.actions.guild("Guild", self.person)
        self.channel = self.stub.actions.channel(guild, "music")

    @asynccontextmanager
    async def with_bot(self, folder: Path, **settings: Any) -> AsyncIterator[EditingDriver]:
        """Start the bot on `folder`."""
        async with (
            composition.open_services(offline_settings(folder, **settings)) as opened,
            self.stub.running(),
        ):
            self.stub.down = False
            with redirected(self.stub):
                async with self._running(opened.services):
                    yield WireDriver(self)
        assert self.stub.violations == []

    @asynccontextmanager
    async def _running(self, services: Services) -> AsyncIterator[None]:
        platform = DiscordPlatform(
            self.stub.state.token, refresh_delay=0, progress_timing=Timing(0, 0.01, 0.01)
        )
        task = asyncio.create_task(platform.run(services, _ignore_line))
        try:
            await self.stub.wait_for_sessions()
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


class WireDriver:
    """A member of the server."""

    def __init__(self, server: WireServer) -> None:
        self._stub = server.stub
        self._actions = server.stub.actions
        self._person = server.person
        self._channel = server.channel

    async def paste(self, text: str) -> Sequence[Reply]:
        before = len(self._stub.messages(self._channel))
        await self.say(text)
        expected = before + len(links.find(text).links)
        await self._stub.wait_for_messages(self._channel, expected)
        await self._stub.until(lambda: not self._progress())
        return [self._complete(reply) for reply in self._stub.messages(self._channel)[before:]]

    async def say(self, text: str) -> None:
        self._posted = self._actions.post(self._channel, self._person, text)

    async def edit(self, text: str) -> Sequence[DisplayedCard]:
        before, count = self._cards(), len(links.find(text).links)
        self._actions.edit(self._posted, text)
        await self._stub.until(lambda: len(self._cards()) == count and self._cards() != before)
        return await self.history()

    async def throw_away(self, card: DisplayedCard) -> None:
        self._actions.react(str(card.id), self._person, emoji.DELETE)
        await self._stub.until(lambda: str(card.id) not in self._cards())

    async def press(self, card: DisplayedCard, genre: str) -> str | None:
        message = self._stub.state.messages[str(card.id)]
        before = message["edited_timestamp"]
        pressed = self._press(message, lambda name: _votes_for(name, genre))
        (self._receipt,) = await self._stub.wait_for_responses(pressed)
        await self._stub.until(lambda: message["edited_timestamp"] != before)
        return self._displayed(message).counted

    async def take_back(self, card: DisplayedCard) -> str | None:
        message = self._stub.state.messages[str(card.id)]
        before = message["edited_timestamp"]
        self._press(self._receipt, lambda name: bool(re.fullmatch(card_ids.TAKE_BACK, name)))
        await self._stub.until(lambda: message["edited_timestamp"] != before)
        return self._displayed(message).counted

    async def details(self, card: DisplayedCard) -> str:
        message = self._stub.state.messages[str(card.id)]
        pressed = self._press(message, lambda name: bool(re.fullmatch(card_ids.DETAILS, name)))
        (response,) = await self._stub.wait_for_responses(pressed)
        return text_of(response)

    async def save(self, card: DisplayedCard) -> bytes:
        message = self._stub.state.messages[str(card.id)]
        pressed = self._press(message, lambda name: bool(re.fullmatch(card_ids.SAVE, name)))
        (picture,) = self._stub.file_contents(
            await self._stub.until(
                lambda: next((m for m in self._stub.responses(pressed) if file_ids(m)), None)
            )
        )
        return picture

    async def drop_file(self, name: str, content: bytes) -> Sequence[Reply]:
        before = len(self._stub.messages(self._channel))
        self._actions.post(self._channel, self._person, "", files=[File(name, content)])
        await self._stub.wait_for_messages(self._channel, before + 1)
        await self._stub.until(lambda: not self._progress())
        return [self._complete(reply) for reply in self._stub.messages(self._channel)[before:]]

    async def ask(self, text: str) -> Reply:
        command = self._actions.command("genre", self._person, self._channel, song=text)
        return self._complete(await self._response(command))

    async def pick(self, reply: Offer, label: str) -> DisplayedCard:
        message = self._stub.state.messages[str(reply.id)]
        part, value = next(one for one in _songs(message) if label in one[2])[:2]
        if value:
            picked = self._actions.select(message["id"], part, [value], self._person)
        else:
            picked = self._actions.press(message["id"], part, self._person)
        return self._displayed(await self._response(picked))

    async def progress_lines(self) -> Sequence[str]:
        return self._progress()

    async def vote(
        self, card: DisplayedCard, kind: str, genre: str, *, added: bool = True
    ) -> str | None:
        message = self._stub.state.messages[str(card.id)]
        before = message["edited_timestamp"]
        if kind == "choice":
            (menu,) = [part for part in walk(message["components"]) if part["type"] == 3]
            chosen = [genre if added else TAKE_BACK]
            self._actions.select(message["id"], menu["custom_id"], chosen, self._person)
        else:
            reaction = emoji.RIGHT if kind == "right" else emoji.GENRES[genre]
            self._actions.react(message["id"], self._person, reaction, added=added)
        await self._stub.until(lambda: message["edited_timestamp"] != before)
        return self._displayed(message).counted

    async def history(self) -> Sequence[DisplayedCard]:
        messages = self._stub.messages(self._channel)
        return [self._displayed(message) for message in messages if file_ids(message)]

    async def stats(self) -> str:
        interaction = self._actions.command("genre-stats", self._person, self._channel)
        (response,) = await self._stub.wait_for_responses(interaction)
        return text_of(response)

    def _press(self, message: Json, is_it: Callable[[str], bool]) -> Interaction:
        """Press the button whose custom id fits."""
        names = (str(part.get("custom_id", "")) for part in walk(message["components"]))
        return self._actions.press(message["id"], next(filter(is_it, names)), self._person)

    def _cards(self) -> Sequence[str]:
        return [one["id"] for one in self._stub.messages(self._channel) if file_ids(one)]

    def _progress(self) -> Sequence[str]:
        lines = [text_of(message).strip() for message in self._stub.messages(self._channel)]
        return [line for line in lines if line.startswith("Reading") or sound.is_waiting(line)]

    async def _response(self, interaction: Interaction) -> Json:
        """Return the response: one with a chart, or a sentence that only the person sees."""

        def complete() -> Json | None:
            found = self._stub.responses(interaction)
            return next((m for m in found if file_ids(m) or m["flags"] & Flag.EPHEMERAL), None)

        return await self._stub.until(complete)

    def _complete(self, reply: Json) -> Reply:
        labels = [label for _, _, label in _songs(reply)]
        if not labels:
            return self._displayed(reply) if file_ids(reply) else text_of(reply)
        charts = self._stub.file_contents(reply)
        return Offer(int(reply["id"]), text_of(reply), labels, charts[0] if charts else None)

    def _displayed(self, message: Json) -> DisplayedCard:
        tally = re.search(r"1 says ([^.\s]+)\.", text_of(message))
        (chart,) = self._stub.file_contents(message)
        return DisplayedCard(
            int(message["id"]), text_of(message), chart, tally[1] if tally else None
        )


def _votes_for(custom_id: str, genre: str) -> bool:
    vote = re.fullmatch(card_ids.VOTE, custom_id)
    return vote is not None and vote["genre"] == genre


def _songs(message: Json) -> Iterator[tuple[str, str | None, str]]:
    """Yield the songs that a message offers: id of the component, value in a menu, label."""
    for part in walk(message["components"]):
        name = part.get("custom_id", "")
        if re.fullmatch(MENU_TEMPLATE, name):
            yield from ((name, one["value"], one["label"]) for one in part["options"])
        elif re.fullmatch(BUTTON_TEMPLATE, name):
            yield name, None, part["label"]


async def _ignore_line(_: str) -> None:
    pass
