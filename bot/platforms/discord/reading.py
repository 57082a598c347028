"""Reads received messages: whether a person wrote one, its text, whether it mentions the bot."""

from typing import Final

import discord

USER_MESSAGES: Final = (discord.MessageType.default, discord.MessageType.reply)


def is_from_person(source: discord.Message) -> bool:
    """Return whether a person wrote a message, and not a bot, a webhook or Discord."""
    return not (source.author.bot or source.webhook_id or source.type not in USER_MESSAGES)


def is_from_webhook(source: discord.Message) -> bool:
    """Return whether a webhook posted a message, other than the response to a command."""
    is_response = source.interaction_metadata is not None
    return bool(source.webhook_id) and not is_response and source.type in USER_MESSAGES


def intents(*, content: bool) -> discord.Intents:
    """Return the events to subscribe to; `content` includes the content of messages."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.guild_reactions = True
    wanted.dm_reactions = True
    wanted.message_content = content
    return wanted


def parts_of(
    source: discord.Message, *, with_reference: bool
) -> list[discord.Message | discord.MessageSnapshot]:
    """Return a message, the messages that it forwards and, if wanted, the one that it answers."""
    parts: list[discord.Message | discord.MessageSnapshot] = [source, *source.message_snapshots]
    reference = source.reference
    if with_reference and reference and isinstance(reference.resolved, discord.Message):
        parts.append(reference.resolved)
    return parts


def may_reply(source: discord.Message) -> bool:
    """Return whether the bot may send messages there; refused requests count against it."""
    if source.guild is None or source.guild.me is None:
        return True
    allowed = source.channel.permissions_for(source.guild.me)
    if isinstance(source.channel, discord.Thread):
        return allowed.send_messages_in_threads
    return allowed.send_messages


def mentions(source: discord.Message, user: discord.ClientUser | None) -> bool:
    """Return whether the text mentions the bot; a reply to the bot alone does not.

    The bot's own role counts, too, as Discord offers it under the same name.
    """
    role = source.guild.self_role if source.guild else None
    by_role = role is not None and role.id in source.raw_role_mentions
    return by_role or (user is not None and user.id in source.raw_mentions)
