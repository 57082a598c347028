"""The message for a server that the bot has just joined, and the help."""

from collections.abc import Iterable

import discord
from discord import ui

from bot.domain import emoji
from bot.domain.places import Place
from bot.platforms.discord import ids
from bot.platforms.discord.failures import succeeds
from bot.platforms.discord.song_choices import SongButton
from bot.services.deduplication import Deduplicator
from bot.texts import manners as words


class Welcome:
    """Introduces the bot once in each server that it joins, and again when it joins again."""

    def __init__(self, deduplicator: Deduplicator) -> None:
        self._deduplicator = deduplicator

    async def on_join(self, guild: discord.Guild) -> None:
        """Post the message where the bot may; do nothing if it may nowhere."""
        channel = channel_for(guild)
        joined_at = guild.me.joined_at
        if channel is None or joined_at is None:
            return
        place = Place(ids.PLATFORM, str(guild.id), "")
        event = f"welcome/{joined_at.timestamp():.3f}"
        if await self._deduplicator.first_time(place, event):
            await succeeds(channel.send(view=welcome_card()), f"server {guild.id}: welcome")


def channel_for(guild: discord.Guild) -> discord.TextChannel | None:
    """Return the channel for system messages, else the first one, in which the bot may write."""
    channels = [*filter(None, [guild.system_channel]), *guild.text_channels]
    return next((channel for channel in channels if _may_write(channel)), None)


def welcome_card() -> ui.LayoutView:
    """Return the layout of the message for a server."""
    return _card(words.WELCOME, words.EXAMPLES[:1])


def help_card() -> ui.LayoutView:
    """Return the layout of the help, with songs to press and the reactions that are votes."""
    reactions = " ".join(
        [f"{emoji.RIGHT} {words.RIGHT}", *(f"{sign} {name}" for name, sign in emoji.GENRES.items())]
    )
    return _card(words.HELP, words.EXAMPLES, f"-# {words.REACTIONS} {reactions}")


def _card(text: str, examples: Iterable[words.Example], small: str = "") -> ui.LayoutView:
    box: ui.Container[ui.LayoutView] = ui.Container()
    box.add_item(ui.TextDisplay(text))
    box.add_item(ui.ActionRow(*(SongButton(one.ref, one.label) for one in examples)))
    if small:
        box.add_item(ui.TextDisplay(small))
    return ui.LayoutView(timeout=None).add_item(box)


def _may_write(channel: discord.TextChannel) -> bool:
    allowed = channel.permissions_for(channel.guild.me)
    return allowed.view_channel and allowed.send_messages
