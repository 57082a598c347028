"""Discord's ids and ours."""

from typing import Final, Protocol

import discord

from bot.domain.places import Message, Place

PLATFORM: Final = "discord"


class Located(Protocol):
    """An event that says where it happened."""

    @property
    def channel_id(self) -> int | None:
        """The channel, or the thread."""

    @property
    def guild_id(self) -> int | None:
        """The server; None in direct messages and private channels."""


def place(event: Located) -> Place:
    """Return where an event happened. A conversation outside servers is a workspace of its own."""
    return _place(event.guild_id, event.channel_id)


def message(written: discord.Message, text: str) -> Message:
    """Return a message with `text` in place of what was written."""
    guild_id = written.guild.id if written.guild else None
    return Message(
        _place(guild_id, written.channel.id),
        str(written.id),
        str(written.author.id),
        text,
        parent(written.channel),
    )


def command(interaction: discord.Interaction, text: str) -> Message:
    """Return a command as a message: its id is the interaction's."""
    return Message(
        place(interaction),
        str(interaction.id),
        str(interaction.user.id),
        text,
        parent(interaction.channel),
    )


def parent(channel: object) -> str | None:
    """Return the channel that a thread belongs to."""
    return str(channel.parent_id) if isinstance(channel, discord.Thread) else None


def link(where: Place, message_id: str) -> str:
    """Return the address of a message."""
    guild = where.workspace if where.workspace.isdecimal() else "@me"
    return f"https://discord.com/channels/{guild}/{where.channel}/{message_id}"


def _place(guild_id: int | None, channel_id: int | None) -> Place:
    workspace = str(guild_id) if guild_id else f"private-{channel_id}"
    return Place(PLATFORM, workspace, str(channel_id))
