"""Converts Discord's ids to places and messages."""

from typing import Final, Protocol

import discord

from bot.domain.places import Message, Place

PLATFORM: Final = "discord"


class Located(Protocol):
    """An event with a location."""

    @property
    def channel_id(self) -> int | None:
        """Id of the channel or thread."""

    @property
    def guild_id(self) -> int | None:
        """Id of the server; None in direct messages and private channels."""


def place(event: Located) -> Place:
    """Return where an event happened. A channel outside servers is its own workspace."""
    return _place(event.guild_id, event.channel_id)


def server(guild_id: int) -> Place:
    """Return the place that stands for a whole server."""
    return Place(PLATFORM, str(guild_id), "")


def message(source: discord.Message, text: str) -> Message:
    """Return a Discord message as a `Message` with the given text."""
    guild_id = source.guild.id if source.guild else None
    return Message(
        _place(guild_id, source.channel.id),
        str(source.id),
        str(source.author.id),
        text,
        parent(source.channel),
    )


def parent(channel: object) -> str | None:
    """Return the id of a thread's parent channel; None for other channels."""
    return str(channel.parent_id) if isinstance(channel, discord.Thread) else None


def message_url(place: Place, message_id: str) -> str:
    """Return the address of a message."""
    guild = place.workspace if place.workspace.isdecimal() else "@me"
    return f"https://discord.com/channels/{guild}/{place.channel}/{message_id}"


def _place(guild_id: int | None, channel_id: int | None) -> Place:
    workspace = str(guild_id) if guild_id else f"private-{channel_id}"
    return Place(PLATFORM, workspace, str(channel_id))
